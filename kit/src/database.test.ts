// Types come out of the database as they should, and transactions are repeated when PostgreSQL asks for it.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { isOutage, openDatabase, sqlState, transaction } from './database.ts'
import { testDatabase } from './testing.ts'

interface DB {
  counter: { id: number; n: number }
}

const { database, url } = await testDatabase<DB>()
const { pool, query } = database
await pool.query('create table counter (id int primary key, n int not null)')
await pool.query('insert into counter values (1, 0), (2, 0)')

test('values arrive as numbers, Dates and strings', async () => {
  const { rows } =
    await pool.query(`select 9007199254740991::int8 as big, '{1,null,3}'::int8[] as bigs, '2026-01-31'::date as day,
    '{2026-01-31}'::date[] as days, '2026-01-31 12:00Z'::timestamptz as instant, 'infinity'::timestamptz as forever,
    '-infinity'::timestamptz as never, '{"a":[1]}'::jsonb as json, 1.10::numeric as price`)
  expect(rows[0]).toEqual({
    big: 9007199254740991,
    bigs: [1, null, 3],
    day: '2026-01-31',
    days: ['2026-01-31'],
    instant: new Date('2026-01-31T12:00Z'),
    forever: new Date(8.64e15),
    never: new Date(-8.64e15),
    json: { a: [1] },
    price: '1.10',
  })
})

test('a number that JavaScript cannot hold exactly is an error, not another number', async () => {
  await expect(pool.query('select 9007199254740993::int8')).rejects.toThrow(/9007199254740993/)
})

test('a transaction that fails is undone', async () => {
  const failing = transaction(query, async (trx) => {
    await trx.updateTable('counter').set({ n: 99 }).execute()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await query.selectFrom('counter').select('n').where('n', '=', 99).execute()).toEqual([])
})

const addOne = (attempts: number) =>
  transaction(
    query,
    async (trx) => {
      const { n } = await trx.selectFrom('counter').select('n').where('id', '=', 1).executeTakeFirstOrThrow()
      await sql`select pg_sleep(0.02)`.execute(trx)
      await trx
        .updateTable('counter')
        .set({ n: n + 1 })
        .where('id', '=', 1)
        .execute()
    },
    { isolation: 'serializable', attempts },
  )

test('concurrent serializable transactions all succeed because they are repeated', async () => {
  await Promise.all(Array.from({ length: 4 }, () => addOne(30)))
  expect(await query.selectFrom('counter').select('n').where('id', '=', 1).executeTakeFirst()).toEqual({
    n: 4,
  })
})

test('negative control: without repetition some of them fail', async () => {
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => addOne(1)))
  const states = results.flatMap((result) => (result.status === 'rejected' ? [sqlState(result.reason)] : []))
  expect(states).toContain('40001')
})

test('a deadlock is repeated', async () => {
  let runs = 0
  const lockBoth = (first: number, second: number) =>
    transaction(query, async (trx) => {
      runs++
      await trx.updateTable('counter').set({ n: 0 }).where('id', '=', first).execute()
      await sql`select pg_sleep(0.1)`.execute(trx)
      await trx.updateTable('counter').set({ n: 0 }).where('id', '=', second).execute()
    })
  await Promise.all([lockBoth(1, 2), lockBoth(2, 1)])
  expect(runs).toBeGreaterThan(2)
})

test('an unreachable database is one sentence without the password', async () => {
  await expect(openDatabase({ url: 'postgresql://user:hunter2@127.0.0.1:1/x' })).rejects.toThrow(
    'Cannot reach the database at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1.',
  )
  await expect(openDatabase({ url: 'postgresql://user:hunter2@127.0.0.1:1/x' })).rejects.not.toThrow(
    /hunter2/,
  )
})

test('a database that would lose acknowledged commits, or compile every call, is overruled on every connection', async () => {
  const name = new URL(url).pathname.slice(1)
  await pool.query(`alter database ${name} set synchronous_commit = off`)
  await pool.query(`alter database ${name} set jit = on`)
  const other = await openDatabase({ url, max: 3 })
  const shown = await Promise.all(
    Array.from({ length: 3 }, () =>
      other.pool.query(
        "select pg_sleep(0.05), current_setting('synchronous_commit') as sync, current_setting('jit') as jit",
      ),
    ),
  )
  await other.close()
  expect(shown.map(({ rows }) => [rows[0].sync, rows[0].jit])).toEqual(Array(3).fill(['on', 'off']))
})

test('a broken idle connection is replaced and told', async () => {
  const told: Error[] = []
  const other = await openDatabase({
    url,
    max: 1,
    applicationName: 'broken',
    onIdleError: (error) => told.push(error),
  })
  await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'broken'")
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await other.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await other.close()
})

test('a connection that is cut, also between two statements of a transaction, is an outage and ends nothing else', async () => {
  const cut = sql`select pg_terminate_backend(${sql.ref('pid')}) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database() and application_name = 'to be cut'`
  const other = await openDatabase<DB>({ url, max: 2, applicationName: 'to be cut' })
  const atRest = transaction(other.query, async (trx) => {
    await sql`select 1`.execute(trx)
    await cut.execute(query)
    await new Promise((resume) => setTimeout(resume, 50))
    await sql`select 1`.execute(trx)
  })
  await expect(atRest.catch(isOutage)).resolves.toBe(true)
  const asking = other.pool.query('select pg_sleep(10)')
  const failed = expect(asking.catch(isOutage)).resolves.toBe(true)
  await vi.waitFor(async () => expect((await cut.execute(query)).rows).toHaveLength(1))
  await failed
  expect((await other.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await other.close()
})

test('what a statement asked for wrongly is no outage', async () => {
  expect(await pool.query('select nothing').catch(isOutage)).toBe(false)
  expect(await pool.query('select $1::int', [{ toPostgres: () => JSON.parse('{') }]).catch(isOutage)).toBe(
    false,
  )
})

describe('what a query was given', () => {
  const BYTES = 64 * 1024
  const TIMES = 200

  /** The most that there was at a time, in values of so many queries, while only the young are collected. */
  async function mostKept(client: pg.ClientBase): Promise<number> {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void
    collect({ type: 'major' })
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for (let time = 0; time < TIMES; time++) {
      await client.query('select length($1::bytea)', [Buffer.alloc(BYTES)])
      collect({ type: 'minor' })
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    return most / BYTES
  }

  test('is let go as soon as it is answered, without a full collection', async () => {
    const client = await pool.connect()
    const most = await mostKept(client).finally(() => client.release())
    expect(most).toBeLessThan(TIMES / 10)
  })

  test('negative control: the driver itself, asked for a promise, keeps it', async () => {
    const client = new pg.Client(url)
    await client.connect()
    const most = await mostKept(client).finally(() => client.end())
    expect(most).toBeGreaterThan(TIMES / 5)
  })
})
