import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { openPush, type Push, publish } from './push.ts'
import type { Rung } from './ring.ts'

const { database, url } = await testDatabase<object>(
  fileURLToPath(new URL('../../migrations', import.meta.url)),
)
const opened: Push[] = []
const warn = vi.fn()

async function open(): Promise<{ push: Push; heard: Rung[] }> {
  const push = await openPush({ url, log: { warn } })
  opened.push(push)
  const heard: Rung[] = []
  push.onRing((rung) => heard.push(rung))
  return { push, heard }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((push) => push.close()))
})

test('a ring reaches local listeners in the same turn of the event loop, merged', async () => {
  const { push, heard } = await open()
  push.ring({ interactions: [1, 2] })
  push.ring({ interactions: [2, 3], route: true, changed: 'queues' })
  await new Promise(setImmediate)
  expect(heard).toHaveLength(1)
  expect([...(heard[0]?.interactions ?? [])]).toEqual([1, 2, 3])
  expect(heard[0]).toMatchObject({ route: true, deliver: false, changed: new Set(['queues']), look: false })
})

test('a ring reaches every other node once, and its own node only locally', async () => {
  const [one, two, three] = [await open(), await open(), await open()]
  one.push.ring({ users: [7], deliver: true, echo: { accountId: 1, echoId: 2 } })
  await vi.waitFor(() => expect([two.heard.length, three.heard.length]).toEqual([1, 1]))
  await sleep(50)
  expect([one.heard.length, two.heard.length, three.heard.length]).toEqual([1, 1, 1])
  expect(two.heard[0]).toEqual(one.heard[0])
})

test('a thousand rings of one moment cost few notifications and name every interaction', async () => {
  const [one, two] = [await open(), await open()]
  for (let id = 1; id <= 1000; id++) one.push.ring({ interactions: [id] })
  await vi.waitFor(() => expect(union(two.heard).size).toBe(1000))
  expect(two.heard.length).toBeLessThan(5)
})

test('more ids than a notification holds become a request to look', async () => {
  const [one, two] = [await open(), await open()]
  one.push.ring({ interactions: Array.from({ length: 5000 }, (_, n) => 1_000_000_000 + n), route: true })
  await vi.waitFor(() => expect(two.heard).toHaveLength(1))
  expect(two.heard[0]).toMatchObject({ look: true, route: true, interactions: new Set() })
})

test('after its connection was cut a node listens again and looks for what it missed', async () => {
  const [one, two] = [await open(), await open()]
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'patchbay doorbell' and datname = current_database()",
  )
  await vi.waitFor(() => expect([one, two].every(({ heard }) => heard.some(({ look }) => look))).toBe(true))
  one.push.ring({ interactions: [5] })
  await vi.waitFor(() => expect(union(two.heard)).toContain(5))
})

test('a listener that throws keeps no other from hearing', async () => {
  const { push } = await open()
  const heard: Rung[] = []
  push.onRing(() => {
    throw new Error('broken')
  })
  push.onRing((rung) => heard.push(rung))
  push.ring({ route: true })
  await new Promise(setImmediate)
  expect(heard).toHaveLength(1)
  expect(warn).toHaveBeenCalled()
})

test('published events of concurrent writers have gap-free numbers, and a rolled back one leaves no gap', async () => {
  const { rows } = await database.pool.query(
    'insert into interaction (account_id, contact_id) values (1, 1) returning id',
  )
  const interactionId = rows[0].id as number
  const failing = database.query.transaction().execute(async (tx) => {
    await publish(tx, { interactionId, type: 'tagged' })
    throw new Error('rolled back')
  })
  const failed = expect(failing).rejects.toThrow('rolled back')
  const seqs = await Promise.all(
    Array.from({ length: 20 }, () =>
      publish(database.query, { interactionId, type: 'note', data: { note: 'x' } }),
    ),
  )
  await failed
  expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
})

function union(heard: Rung[]): Set<number> {
  return new Set(heard.flatMap(({ interactions }) => [...interactions]))
}
