/** The rate and the cap of an account. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { expect, test } from 'vitest'
import { createLimiter } from './receive-limits.ts'

const account = { id: 1, ratePerSecond: 10, rateBurst: 5 }

function taken(limiter: ReturnType<typeof createLimiter>, times: number, of = account): number {
  let count = 0
  for (let i = 0; i < times; i++) {
    try {
      limiter.enter(of)()
      count++
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
    }
  }
  return count
}

test('takes the burst at once, then the rate, and never saves up more than the burst', () => {
  let now = 0
  const limiter = createLimiter(() => now)
  expect(taken(limiter, 20)).toBe(5)
  now = 300
  expect(taken(limiter, 20)).toBe(3)
  now = 60_000
  expect(taken(limiter, 20)).toBe(5)
})

test('says after how many seconds the next message is taken', () => {
  let now = 0
  const limiter = createLimiter(() => now)
  const slow = { id: 1, ratePerSecond: 0.5, rateBurst: 1 }
  limiter.enter(slow)
  expect(() => limiter.enter(slow)).toThrow(expect.objectContaining({ headers: { 'retry-after': '2' } }))
  now = 2000
  limiter.enter(slow)
})

test('counts each account by itself', () => {
  const limiter = createLimiter(() => 0)
  expect(taken(limiter, 9)).toBe(5)
  expect(taken(limiter, 9, { ...account, id: 2 })).toBe(5)
})

test('takes at least 256 at the same time, refuses what is far beyond, and takes more as these end', () => {
  const limiter = createLimiter(() => 0)
  const wide = { id: 1, ratePerSecond: 1_000_000, rateBurst: 1_000_000 }
  const leaves: (() => void)[] = []
  expect(() => {
    for (;;) leaves.push(limiter.enter(wide))
  }).toThrow(expect.objectContaining({ code: 'OC-109' }))
  expect(leaves.length).toBeGreaterThanOrEqual(256)
  leaves.pop()?.()
  limiter.enter(wide)
})
