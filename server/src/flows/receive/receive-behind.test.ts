/** The next batch stands ready at the database behind the one under way; where that one stalls, nobody waits for it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '@patchbay/kit/database.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { batchLimits, openBatches } from './receive-batch.ts'
import { batchTesting, codes, row, slowly } from './receive-batch-testing.ts'

const server = await startTestServer()
const { db } = server.ctx
const { bodies, whileBlocked, endBlocked, watch } = batchTesting(server)

describe('the batch after the one under way', () => {
  test('is sent over the same connection when that one is mostly over, where as many wait as usually go together', async () => {
    const { ctx, seen } = watch()
    const batches = openBatches(ctx, slowly)
    const store = (names: string[]) => names.map((name) => batches.store(row(name, name)))
    const stored = await whileBlocked(async () => {
      const first = store(['l1', 'l2'])
      await expect.poll(() => seen).toEqual({ sent: 1, connections: 1 })
      const next = store(['l3'])
      await sleep(700)
      // One is fewer than usual.
      expect(seen).toEqual({ sent: 1, connections: 1 })
      next.push(...store(['l4']))
      expect(seen).toEqual({ sent: 2, connections: 1 })
      const third = store(['l5', 'l6'])
      await sleep(50)
      expect(seen).toEqual({ sent: 2, connections: 1 })
      return [...first, ...next, ...third]
    })
    expect(codes(await Promise.allSettled(stored))).toEqual(stored.map(() => 'stored'))
    expect(await bodies('l')).toEqual(['l1', 'l2', 'l3', 'l4', 'l5', 'l6'])
    expect(seen.connections).toBe(1)
    await batches.close()
  })

  test('leaves over another connection while that one stalls', async () => {
    const { ctx, seen } = watch()
    const batches = openBatches(ctx, { ...slowly, gatherMs: 10, patienceMs: 20 })
    const stored = await whileBlocked(async () => {
      const first = ['m1', 'm2'].map((name) => batches.store(row(name, name)))
      await sleep(100)
      const next = ['m3', 'm4'].map((name) => batches.store(row(name, name)))
      await expect.poll(() => seen).toEqual({ sent: 2, connections: 2 })
      return [...first, ...next]
    })
    expect(codes(await Promise.allSettled(stored))).toEqual(stored.map(() => 'stored'))
    await batches.close()
  })

  test('leaves as soon as those before it came back, while an earlier one stalls', async () => {
    const { ctx, seen } = watch()
    const batches = openBatches(ctx, { ...batchLimits, rows: 2, gatherMs: 1, patienceMs: 60_000 })
    const stored = [batches.store(row('p0', 'p0'))]
    await stored[0]
    await transaction(db, async (tx) => {
      await sql`select from interaction where last_message_preview = 'p0' for update`.execute(tx)
      stored.push(batches.store(row('p0', 'p1')))
      await sleep(100)
      const beside = ['p2', 'p3', 'p4'].map((name) => batches.store(row(name, name)))
      await Promise.all(beside)
      expect(await bodies('p')).toEqual(['p0', 'p2', 'p3', 'p4'])
      expect(seen).toEqual({ sent: 4, connections: 2 })
    })
    await Promise.all(stored)
    await batches.close()
  })

  test('shares what becomes of the connection, and those that follow take another', async () => {
    const { ctx, seen } = watch()
    const batches = openBatches(ctx, slowly)
    const results = await whileBlocked(async () => {
      const stored = ['o1', 'o2'].map((name) => batches.store(row(name, name)))
      await expect.poll(() => seen.sent).toBe(1)
      await sleep(700)
      stored.push(...['o3', 'o4'].map((name) => batches.store(row(name, name))))
      expect(seen).toEqual({ sent: 2, connections: 1 })
      // They may be told before their connection's end is seen here.
      const told = Promise.allSettled(stored)
      await endBlocked()
      return told
    })
    expect(codes(results)).toEqual(results.map(() => 'OC-114'))
    await Promise.all(['o5', 'o6'].map((name) => batches.store(row(name, name))))
    expect(await bodies('o')).toEqual(['o5', 'o6'])
    expect(seen.connections).toBe(2)
    await batches.close()
  })
})
