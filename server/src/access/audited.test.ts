/**
 * Every endpoint that changes something: an audit row tells of it, with before and after, written in the change's transaction. Each is
 * called twice: first while nothing can be written down, when it must fail and change nothing, then for good.
 */
import { type Api, api } from '@patchbay/protocol/api.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownedTables } from '../house-tables.ts'
import { type CallOptions, startTestServer } from '../testing.ts'
import { type ChangingKey, exceptions, scenarios } from './audited-testing.ts'

// What is refused on purpose here is logged as an error.
const server = await startTestServer({}, () => {})
const { call, ctx } = server

beforeAll(async () => {
  await sql`create function refuse_audit() returns trigger language plpgsql as
    $$ begin raise exception 'nothing can be written down'; end $$`.execute(ctx.db)
  await sql`create trigger refuse before insert on audit_entry for each row execute function refuse_audit()`.execute(
    ctx.db,
  )
  await block(false)
  // By row and by transaction: engines go on at once with what was written, and leave their own mark on it.
  await sql`create table touched (transaction text, name text)`.execute(ctx.db)
  await sql`create function note_touch() returns trigger language plpgsql as
    $$ begin insert into touched values (pg_current_xact_id()::xid::text, tg_table_name); return null; end $$`.execute(
    ctx.db,
  )
  for (const table of ownedTables('server').filter((name) => name !== 'audit_entry'))
    await sql`create trigger note_touch after insert or update or delete on ${sql.table(table)}
      for each row execute function note_touch()`.execute(ctx.db)
})
afterAll(() => block(false))

async function block(isOn: boolean): Promise<void> {
  await sql`alter table audit_entry ${sql.raw(isOn ? 'enable' : 'disable')} trigger refuse`.execute(ctx.db)
}

interface Answer {
  status: number
  body: { code?: string; detail?: string }
}

interface Entry {
  id: number
  action: string
  before: object | null
  after: object | null
  transaction: string
}

async function entriesAfter(id: number): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select id, action, before, after, xmin::text as transaction from audit_entry where id > ${id} order by id`.execute(
    ctx.db,
  )
  return rows
}

/** Tables in which the transaction wrote, changed or deleted a row. */
async function writtenBy(transaction: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct name from touched where transaction = ${transaction}`.execute(ctx.db)
  return rows.map(({ name }) => name)
}

test('every endpoint that changes something is called here, or stands among the exceptions with its reason', () => {
  const changing = Object.keys(api).filter((key) => !key.startsWith('GET '))
  expect([...Object.keys(scenarios), ...Object.keys(exceptions)].sort()).toEqual(changing.sort())
})

const keys = Object.keys(scenarios) as ChangingKey[]

test.each(keys)('%s', async (key) => {
  const scenario = scenarios[key]
  if (!scenario) throw new Error('no scenario')
  const options = (await scenario.make(server)) as CallOptions<keyof Api>
  const { id } = await ctx.db
    .selectFrom('audit_entry')
    .select(({ fn }) => fn.max<number>('id').as('id'))
    .executeTakeFirstOrThrow()

  await block(true)
  const blocked: Answer = await call(key, options)
  await block(false)
  expect([blocked.status, blocked.body.code]).toEqual([500, 'GE-110'])

  // What the first call had changed in spite of all would be in its way: a name that is taken, an id that is gone.
  const done: Answer = await call(key, options)
  expect([done.status, done.body.detail]).toEqual([
    scenario.status ?? expect.toBeOneOf([200, 201, 204]),
    undefined,
  ])
  const entries = await entriesAfter(id ?? 0)
  expect(entries.length).toBeGreaterThan(0)
  const tells = scenario.tells ?? usualOf(key)
  for (const side of ['before', 'after'] as const)
    if (tells.includes(side))
      expect(
        entries.some((entry) => entry[side] !== null),
        side,
      ).toBe(true)
  if (scenario.writesElsewhere) return
  const written = await Promise.all(entries.map(({ transaction }) => writtenBy(transaction)))
  expect(written.flat()).not.toEqual([])
})

function usualOf(key: string): readonly ('before' | 'after')[] {
  if (key.startsWith('POST ')) return ['after']
  return key.startsWith('DELETE ') ? ['before'] : ['before', 'after']
}
