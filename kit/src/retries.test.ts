import fc from 'fast-check'
import { expect, test } from 'vitest'
import { giveUp, isGivenUp, readRetryAfterMs, retryDelayMs } from './retries.ts'

test('the first retries come after about 1, 5, 15 and 30 seconds', () => {
  const delays = [1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, undefined, 0.5))
  expect(delays).toEqual([1000, 5000, 15_000, 30_000])
})

test('jitter moves a delay by less than a fifth to either side', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, random) => {
        const middle = retryDelayMs(attempts, undefined, 0.5)
        const delay = retryDelayMs(attempts, undefined, random)
        expect(Math.abs(delay - middle)).toBeLessThanOrEqual(middle * 0.2)
      },
    ),
  )
})

test('at least 30 attempts are made and at least 72 hours pass before a delivery is given up, whatever the jitter', () => {
  for (const random of [0, 0.5, 1]) {
    let attempts = 1
    let ageMs = 0
    while (!isGivenUp(attempts, ageMs)) {
      ageMs += retryDelayMs(attempts, undefined, random)
      attempts++
    }
    expect(attempts).toBeGreaterThanOrEqual(giveUp.attempts)
    expect(attempts).toBeLessThan(60)
    expect(ageMs).toBeGreaterThanOrEqual(giveUp.ageMs)
    expect(ageMs).toBeLessThan(giveUp.ageMs + 5 * 3_600_000)
  }
})

test('a receiver that asks for more time gets at least that, and at most about four hours', () => {
  for (const random of [0, 0.5, 1]) {
    expect(retryDelayMs(1, 120_000, random)).toBeGreaterThanOrEqual(120_000)
    expect(retryDelayMs(1, 1e12, random)).toBeLessThan(5 * 3_600_000)
  }
})

test('a receiver that asks for less time than planned does not shorten the wait', () => {
  expect(retryDelayMs(4, 0, 0.5)).toBe(30_000)
})

test('Retry-After is read as seconds or as a date of HTTP, and as nothing else', () => {
  const now = Date.parse('2026-01-31T12:00:00Z')
  expect(readRetryAfterMs('120', now)).toBe(120_000)
  expect(readRetryAfterMs('Sat, 31 Jan 2026 12:00:30 GMT', now)).toBe(30_000)
  expect(readRetryAfterMs('Sat, 31 Jan 2026 11:00:00 GMT', now)).toBe(0)
  for (const value of [undefined, '', 'soon', '-5', '1.5', '5 minutes', 'May 2026', '99999999999999999999'])
    expect(readRetryAfterMs(value, now)).toBeUndefined()
})
