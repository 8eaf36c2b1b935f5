import { transaction } from '@patchbay/kit/database.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { beforeEach, expect, test } from 'vitest'
import { migrationsDir } from '../boot.ts'
import type { DB } from '../database.gen.ts'
import { claim, freeEnds, type Lane, next, type Outcome, put, settle } from './lanes.ts'

const { database } = await testDatabase<DB>(migrationsDir)
const { query: db, pool } = database
const LEASE_MS = 60_000
let integrationId = 0

beforeEach(async () => {
  await pool.query('delete from app_user')
  await pool.query(`insert into app_user (email, password_hash) values ('a@example.com', 'none')`)
  const { rows } = await pool.query(
    `insert into integration (user_id, page_id, page_name, facebook_user_id, receive_url, account_id)
     select id, '1', 'Bakery', '1', 'https://desk.example', 7 from app_user returning id`,
  )
  integrationId = rows[0].id
})

const give = (key: string, conversation = 'm:1', at = 0) =>
  transaction(db, (trx) =>
    put(trx, [
      {
        integrationId,
        direction: 'in',
        conversation,
        key,
        content: { key },
        happenedAt: new Date(1_700_000_000_000 + at),
      },
    ]),
  )
const take = async (): Promise<Lane> => {
  const [lane] = await claim(db, 1, LEASE_MS)
  if (!lane) throw new Error('nothing was due')
  return lane
}
const again = (more: Partial<Extract<Outcome, { state: 'pending' }>> = {}): Outcome => ({
  state: 'pending',
  reason: 'Away.',
  delayMs: 0,
  isEndAtFault: true,
  ...more,
})

test('what happened first goes first, also when it comes last, and what is the same comes once', async () => {
  expect([await give('b', 'm:1', 2), await give('a', 'm:1', 1), await give('b', 'm:1', 3)]).toEqual([1, 1, 0])
  const lane = await take()
  const keys: string[] = []
  for (let parcel = await next(db, lane, LEASE_MS); parcel; parcel = await next(db, lane, LEASE_MS)) {
    keys.push(parcel.key)
    expect(await settle(db, lane, parcel, { state: 'done' })).toBe(true)
  }
  expect(keys).toEqual(['a', 'b'])
  expect(await claim(db, 10, LEASE_MS)).toEqual([])
})

test('a lane has one worker, and one that was paused beyond his lease changes nothing', async () => {
  await give('a')
  const paused = await take()
  const parcel = await next(db, paused, LEASE_MS)
  if (!parcel) throw new Error('nothing was there')
  expect(await claim(db, 10, LEASE_MS)).toEqual([])
  await pool.query('update lane set next_at = now()')
  const other = await take()
  expect(await settle(db, paused, parcel, { state: 'dead', reason: 'late' })).toBe(false)
  expect(await next(db, paused, LEASE_MS)).toBeUndefined()
  expect((await next(db, other, LEASE_MS))?.key).toBe('a')
})

test('after three failures in a row one lane alone tries, and a success makes all of them due', async () => {
  for (const n of [1, 2, 3, 4, 5]) await give(`k${n}`, `m:${n}`)
  for (let n = 0; n < 3; n++) {
    const lane = await take()
    const parcel = await next(db, lane, LEASE_MS)
    if (parcel) await settle(db, lane, parcel, again({ delayMs: 3_600_000 }))
  }
  expect(await claim(db, 10, LEASE_MS)).toEqual([])
  await pool.query('update lane_end set held_until = now()')
  const probes = await claim(db, 10, LEASE_MS)
  expect(probes).toHaveLength(1)
  const [probe] = probes
  const parcel = probe && (await next(db, probe, LEASE_MS))
  if (!probe || !parcel) throw new Error('nobody tried')
  expect(await settle(db, probe, parcel, { state: 'done' })).toBe(true)
  expect(await next(db, probe, LEASE_MS)).toBeUndefined()
  expect(await claim(db, 10, LEASE_MS)).toHaveLength(4)
})

test('an end that is held takes nothing, whatever is due', async () => {
  await give('a', 'm:1')
  await give('b', 'm:2')
  const lane = await take()
  const parcel = await next(db, lane, LEASE_MS)
  if (!parcel) throw new Error('nothing was there')
  await settle(db, lane, parcel, again({ delayMs: 0, holdMs: 3_600_000, isEndAtFault: false }))
  expect(await claim(db, 10, LEASE_MS)).toEqual([])
  await pool.query('update lane_end set held_until = now()')
  expect(await claim(db, 10, LEASE_MS)).toHaveLength(2)
})

for (const isFreed of [true, false])
  test(`an attempt that was under way ${isFreed ? 'when its end was freed neither holds it nor makes its lane wait' : 'holds an end that nobody freed'}`, async () => {
    await give('a', 'm:1')
    await give('b', 'm:2')
    const lane = await take()
    const parcel = await next(db, lane, LEASE_MS)
    if (!parcel) throw new Error('nothing was there')
    if (isFreed) await freeEnds(db, integrationId)
    expect(await settle(db, lane, parcel, again({ delayMs: 3_600_000, holdMs: 3_600_000 }))).toBe(true)
    const due = await claim(db, 10, LEASE_MS)
    expect(due).toHaveLength(isFreed ? 2 : 0)
    const { rows } = await pool.query(`select failures, complaint from lane_end where direction = 'in'`)
    expect(rows).toEqual([isFreed ? { failures: 0, complaint: null } : { failures: 1, complaint: 'Away.' }])
    if (!isFreed) return
    // What begins afterwards counts.
    const [first] = due
    const tried = first && (await next(db, first, LEASE_MS))
    if (!first || !tried) throw new Error('nothing was there')
    await settle(db, first, tried, again({ delayMs: 3_600_000, holdMs: 3_600_000 }))
    expect(await claim(db, 10, LEASE_MS)).toEqual([])
  })

test('of two workers at once each gets lanes of his own', async () => {
  for (let n = 0; n < 20; n++) await give(`k${n}`, `m:${n}`)
  const [one, two] = await Promise.all([claim(db, 10, LEASE_MS), claim(db, 10, LEASE_MS)])
  const ids = [...one, ...two].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
