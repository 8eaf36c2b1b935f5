/** What a chore promises, on a real database, with several nodes and with connections that break. */

import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { addChore, type ChoreOptions, type Chores, prepareChores, sweepFailed } from './chores.ts'
import { transaction } from './database.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { startChores } from './run-chores.ts'
import { testDatabase } from './testing.ts'

const { database, open } = await testDatabase<Record<never, never>>()
await Promise.all([prepareChores(database.pool), prepareChores((await open()).pool)])

const lines: string[] = []
const log = createLog({ program: 'test', level: 'debug', write: (line) => void lines.push(line) })
const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((node) => node.stop()))
  await sql`delete from graphile_worker._private_jobs`.execute(database.query)
})

async function startNode(chores: Chores) {
  const { pool } = await open(4)
  const node = startChores({ pool, log, metrics: createMetrics() }, chores)
  started.push(node)
  return node
}

const add = (name: string, payload: object = {}, options?: ChoreOptions) =>
  transaction(database.query, (tx) => addChore(tx, name, payload, options))

/** What `run` was given, as it comes. */
function recorder() {
  const seen: unknown[] = []
  return { seen, chore: { run: async (payload: unknown) => void seen.push(payload) } }
}
const soon = { timeout: 20_000, interval: 10 }

async function hurry(): Promise<void> {
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(database.query)
}

test('a chore runs after the commit of its cause, and never after a rollback', async () => {
  const { seen, chore } = recorder()
  await startNode({ note: chore })
  const failed = transaction(database.query, async (tx) => {
    await addChore(tx, 'note', { of: 'a rollback' })
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await add('note', { of: 'a commit' })
  await vi.waitFor(() => expect(seen).toEqual([{ of: 'a commit' }]), soon)
})

test('two nodes run a chore once', async () => {
  const [one, other] = [recorder(), recorder()]
  await startNode({ note: one.chore })
  await startNode({ note: other.chore })
  for (let number = 0; number < 20; number++) await add('note', { number })
  await vi.waitFor(() => expect(one.seen.length + other.seen.length).toBe(20), soon)
  const numbers = [...one.seen, ...other.seen].map((payload) => (payload as { number: number }).number)
  expect(new Set(numbers).size).toBe(20)
})

test('a chore that failed is tried again, says so, and its payload stands in no log', async () => {
  lines.length = 0
  let attempts = 0
  await startNode({
    shaky: {
      run: async () => {
        if (++attempts < 2) throw new Error('not today')
      },
    },
  })
  await add('shaky', { body: 'dear Giulia' })
  await vi.waitFor(() => expect(lines.join('')).toContain('a chore failed and will be tried again'), soon)
  await vi.waitFor(async () => {
    await hurry()
    expect(attempts).toBe(2)
  }, soon)
  expect(lines.join('')).toContain('not today')
  expect(lines.join('')).not.toContain('Giulia')
})

test('the last failure is an error, and what is left of it is swept out after a week', async () => {
  lines.length = 0
  await startNode({ hopeless: { run: () => Promise.reject(new Error('never')) } })
  await add('hopeless', {}, { attempts: 1 })
  await vi.waitFor(() => expect(lines.join('')).toMatch(/"level":"error".*failed for the last time/), soon)
  const left = async () =>
    (await sql`select from graphile_worker.jobs where last_error is not null`.execute(database.query)).rows
      .length
  await vi.waitFor(async () => expect(await left()).toBe(1), soon)
  await sweepFailed(database.pool)
  expect(await left()).toBe(1)
  await sql`update graphile_worker._private_jobs set updated_at = now() - interval '8 days'`.execute(
    database.query,
  )
  await sweepFailed(database.pool)
  expect(await left()).toBe(0)
})

test('a chore under the key of one that waits replaces it', async () => {
  const { seen, chore } = recorder()
  const notBefore = new Date(Date.now() + 3600_000)
  await add('note', { version: 1 }, { key: 'the one', notBefore })
  await add('note', { version: 2 }, { key: 'the one' })
  await startNode({ note: chore })
  await vi.waitFor(() => expect(seen).toEqual([{ version: 2 }]), soon)
})

test('told to stop, it lets what runs finish and starts nothing new', async () => {
  const { seen, chore } = recorder()
  const begun = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  let ended = false
  const node = await startNode({
    note: chore,
    slow: {
      run: async () => {
        begun.resolve()
        await mayEnd.promise
        ended = true
      },
    },
  })
  await add('slow')
  await begun.promise
  const stopped = node.stop()
  await add('note')
  mayEnd.resolve()
  await stopped
  expect(ended).toBe(true)
  expect(seen).toEqual([])
  started.length = 0
})

test('after its connections broke it goes on by itself', async () => {
  const { seen, chore } = recorder()
  await startNode({ note: chore })
  await add('note', { before: true })
  await vi.waitFor(() => expect(seen).toHaveLength(1), soon)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(database.query)
  await add('note', { after: true })
  await vi.waitFor(() => expect(seen).toEqual([{ before: true }, { after: true }]), soon)
})

test('what comes round by itself is planned once for all nodes', async () => {
  const chore = { ...recorder().chore, every: '5 4 * * *' }
  await startNode({ round: chore })
  await startNode({ round: chore })
  const planned = () =>
    sql<{
      identifier: string
    }>`select identifier from graphile_worker._private_known_crontabs order by 1`.execute(database.query)
  await vi.waitFor(
    async () =>
      expect((await planned()).rows.map(({ identifier }) => identifier)).toEqual([
        'round',
        'sweep-failed-chores',
      ]),
    soon,
  )
})
