/** What is kept when nodes die between a message and what its triggers do, on a real database with several nodes. */

import { prepareChores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { sql } from 'kysely'
import { beforeEach, expect, test, vi } from 'vitest'
import { migrationsDir } from '../../boot.ts'
import type { DB } from '../../database.gen.ts'
import { dropRequests, dueRequests } from '../../triggers/requests.ts'
import { runTriggers, type Triggering } from './trigger.ts'

const { database, open } = await testDatabase<DB>(migrationsDir)
const { query: db, pool } = database
await prepareChores(pool)
const log = createLog({ program: 'test', level: 'silent' })

async function node(): Promise<Triggering> {
  const { query } = await open(4)
  return { db: query, push: { ring: () => {} }, log }
}
const [one, other] = [await node(), await node()]

const { id: tagId } = await db
  .insertInto('tag')
  .values({ name: 'Seen' })
  .returning('id')
  .executeTakeFirstOrThrow()
const account = await db
  .insertInto('account')
  .values({
    name: 'Crash',
    list_id: 1,
    token_digest: Buffer.from('crash'),
    token_sealed: Buffer.alloc(0),
    secret_sealed: Buffer.alloc(0),
  })
  .returning('id')
  .executeTakeFirstOrThrow()
await db
  .insertInto('message_trigger')
  .values({
    name: 'Everything',
    position: 1,
    direction: 'in',
    actions: JSON.stringify([
      { type: 'tag', tagIds: [tagId] },
      { type: 'web-request', method: 'POST', url: 'http://127.0.0.1:9/' },
    ]),
  })
  .execute()

const customers = 5
const messages = 30

beforeEach(async () => {
  for (const table of ['event', 'message', 'interaction', 'trigger_request', 'interaction_tag'])
    await sql`delete from ${sql.table(table)}`.execute(db)
  await sql`delete from graphile_worker._private_jobs`.execute(db)
  await sql`insert into interaction (id, account_id, contact_id) overriding system value
    select n, ${account.id}, n from generate_series(1, ${customers}) n`.execute(db)
  await sql`insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
    select 1 + n % ${customers}, ${account.id}, 1 + n % ${customers}, n, 'in', n::text, 'received'
    from generate_series(1, ${messages}) n`.execute(db)
})

/** By message: how often the trigger fired. Each firing plans one call. */
async function outcome() {
  const { rows } = await sql<{ times: number }>`
    select (select count(*)::int from event e where e.message_id = m.id and e.type = 'triggered') as times
    from message m order by m.id`.execute(db)
  const jobs = await sql<{
    count: number
  }>`select count(*)::int as count from graphile_worker._private_jobs`.execute(db)
  return { times: rows.map(({ times }) => times), calls: jobs.rows[0]?.count }
}
const once = { times: Array.from({ length: messages }, () => 1), calls: messages }

async function untilNothingWaits(nodes: readonly Triggering[]): Promise<void> {
  const waits = async () => (await db.selectFrom('trigger_request').select('message_id').execute()).length > 0
  while (await waits()) await Promise.all(nodes.map(runTriggers))
}

/** The node gets as far as its commit and dies there: where it would look at what is left, it is no more. */
async function dieBeforeCommit(node: Triggering): Promise<void> {
  const die = (): never => {
    throw new Error('dead')
  }
  const { rows } = await sql<{ id: number }>`select message_id as id from trigger_request limit 1`.execute(db)
  const holder = await pool.connect()
  await holder.query('begin')
  await holder.query('select from trigger_request where message_id = $1 for update', [rows[0]?.id])
  const dying = expect(runTriggers({ ...node, log: { warn: die, error: die } })).rejects.toThrow('dead')
  const blocked = `select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%trigger_request%'`
  await vi.waitFor(async () => expect((await pool.query(blocked)).rows).toHaveLength(1), { timeout: 20_000 })
  await pool.query(`select pg_terminate_backend(pid) from (${blocked}) waiting`)
  await dying
  await holder.query('rollback')
  holder.release()
}

test('two nodes at once fire every trigger once for every message, in the order of the messages', async () => {
  await untilNothingWaits([one, other])
  expect(await outcome()).toEqual(once)
  const { rows } = await sql<{ is_ordered: boolean }>`
    select bool_and(message_id >= before) as is_ordered from (
      select message_id, lag(message_id) over (partition by interaction_id order by seq) as before
      from event where type = 'triggered') fired`.execute(db)
  expect(rows[0]?.is_ordered).toBe(true)
})

test('a node that dies before its commit leaves nothing done and everything to do', async () => {
  await dieBeforeCommit(one)
  expect(await outcome()).toEqual({ times: once.times.map(() => 0), calls: 0 })
  await untilNothingWaits([other])
  expect(await outcome()).toEqual(once)
})

test('control: taking the notes away first loses what the crash interrupts, and taking them away last does it twice', async () => {
  await transaction(one.db, async (tx) => {
    const due = await dueRequests(tx, 10)
    await dropRequests(
      tx,
      due.map(({ messageId }) => messageId),
    )
  })
  await untilNothingWaits([other])
  const lost = await outcome()
  expect(lost.times.filter((times) => times === 0)).toHaveLength(10)

  await sql`insert into trigger_request (message_id, interaction_id) select id, interaction_id from message
    order by id desc limit 10`.execute(db)
  await untilNothingWaits([other])
  expect((await outcome()).times.filter((times) => times === 2)).toHaveLength(10)
})

test('a message for which triggers fail waits, and the others go on', async () => {
  await sql`create function fail_one() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`.execute(
    db,
  )
  const poison = await db.selectFrom('message').select('id').where('body', '=', '3').executeTakeFirstOrThrow()
  await sql`create trigger poison before insert on event for each row
    when (new.message_id = ${sql.lit(poison.id)}) execute function fail_one()`.execute(db)
  for (let round = 0; round < 3; round++) await runTriggers(one)
  expect((await outcome()).times.filter((times) => times === 1)).toHaveLength(messages - 1)
  const waiting = await db.selectFrom('trigger_request').select(['message_id', 'attempts']).execute()
  expect(waiting).toEqual([{ message_id: poison.id, attempts: 1 }])
  await sql`drop trigger poison on event`.execute(db)
  await sql`update trigger_request set not_before = now()`.execute(db)
  await runTriggers(one)
  expect(await outcome()).toEqual(once)
})
