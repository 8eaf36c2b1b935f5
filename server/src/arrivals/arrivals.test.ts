import { createLog } from '@patchbay/kit/log.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import type { DB } from '../database.gen.ts'
import { expireSome } from './arrivals.sql.ts'
import { type Arriving, openArrivals } from './arrivals.ts'

const migrationsDir = new URL('../../migrations/', import.meta.url).pathname
const { database } = await testDatabase<DB>(migrationsDir)
const { pool, query: db } = database
const lines: string[] = []
const log = createLog({ program: 'test', level: 'warn', write: (line) => lines.push(line) })

const arriving = (accountId: number): Arriving => ({
  account: { id: accountId, keepBodies: true },
  event: 'message',
  request: { raw: { url: '/notify', rawHeaders: [], headers: {} } } as unknown as FastifyRequest,
  startedMs: performance.now(),
  body: '{}',
  notes: 0,
})
const taken = { answer: '{}', interactionId: 1, messageId: 1, isDuplicate: false }
const sheets = async (accountId: number) =>
  (await pool.query<{ count: number }>('select count from arrival_sheet where account_id = $1', [accountId]))
    .rows

test('many requests of an account become few rows, and a stop writes what is still gathered', async () => {
  const arrivals = openArrivals({ pool, log, metrics: createMetrics() })
  for (let n = 0; n < 1_300; n++) arrivals.accepted(arriving(1), taken)
  arrivals.accepted(arriving(2), taken)
  expect(await sheets(1)).toEqual([])
  await arrivals.close()
  const written = await sheets(1)
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(1_300)
  expect(written).toHaveLength(3)
  expect(await sheets(2)).toEqual([{ count: 1 }])
})

test('a log that cannot be written is counted and said, and hurts nobody else', async () => {
  const metrics = createMetrics()
  const broken = new Proxy(pool, {
    get: (target, name) =>
      name === 'connect' ? () => Promise.reject(new Error('no room')) : Reflect.get(target, name),
  })
  const arrivals = openArrivals({ pool: broken, log, metrics })
  for (let n = 0; n < 7; n++) arrivals.accepted(arriving(3), taken)
  arrivals.refused(arriving(3), new Refusal('OC-103'))
  await arrivals.close()
  expect(await metrics.text()).toContain('patchbay_arrivals_lost_total 8')
  expect(await metrics.text()).toContain('patchbay_received_total{outcome="accepted",code=""} 7')
  expect(lines.join('')).toContain('no room')
  expect(await sheets(3)).toEqual([])
})

test('sheets of fourteen days ago are thrown away, and none that is younger', async () => {
  const arrivals = openArrivals({ pool, log, metrics: createMetrics() })
  for (const id of [11, 12]) arrivals.accepted(arriving(id), taken)
  await arrivals.close()
  const age = (id: number, days: number) =>
    pool.query(`update arrival_sheet set to_at = now() - $2 * interval '1 day' where account_id = $1`, [
      id,
      days,
    ])
  await age(11, 14.01)
  await age(12, 13.99)
  expect(await expireSome(db)).toBe(false)
  expect(await sheets(11)).toEqual([])
  expect(await sheets(12)).toHaveLength(1)
})
