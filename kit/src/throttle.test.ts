/** Guessing is slowed down from whichever side it comes: one user, one address, everybody. */

import { expect, test } from 'vitest'
import { Refusal } from './refusal.ts'
import { createThrottle, forResets, forSignIns, type Throttle } from './throttle.ts'

/** How many of `count` attempts were let through. */
async function attempts(
  throttle: Throttle,
  count: number,
  who: (n: number) => { email: string; address: string },
): Promise<number> {
  let passed = 0
  for (let n = 0; n < count; n++) {
    const { email, address } = who(n)
    try {
      await throttle.attempt(email, address)
      passed += 1
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'AU-102') throw error
      expect(Number(error.headers['retry-after'])).toBeGreaterThan(0)
    }
  }
  return passed
}

const from = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

test('one user may be tried ten times, from however many addresses and however he is written', async () => {
  const names = ['a@example.com', 'A@Example.com', ' a@example.com ']
  const who = (n: number) => ({ email: names[n % 3] ?? '', address: from(n) })
  expect(await attempts(createThrottle(forSignIns), 40, who)).toBe(10)
})

test('one address may try sixty times, whomever', async () => {
  const throttle = createThrottle(forSignIns)
  const who = (n: number) => ({ email: `${n}@example.com`, address: '192.0.2.1' })
  expect(await attempts(throttle, 100, who)).toBe(60)
  expect(await attempts(throttle, 1, () => ({ email: 'x@example.com', address: '192.0.2.2' }))).toBe(1)
})

test('the addresses that one customer of a provider has count as one', async () => {
  const who = (n: number) => ({ email: `${n}@example.com`, address: `2001:db8:0:1::${(n + 1).toString(16)}` })
  expect(await attempts(createThrottle(forSignIns), 100, who)).toBe(60)
})

test('all together may try 1200 times a minute', async () => {
  const who = (n: number) => ({ email: `${n}@example.com`, address: from(n) })
  expect(await attempts(createThrottle(forSignIns), 1300, who)).toBe(1200)
})

test('a right password takes its attempt back', async () => {
  const throttle = createThrottle(forSignIns)
  for (let n = 0; n < 100; n++) {
    await throttle.attempt('a@example.com', '192.0.2.1')
    await throttle.forgive('a@example.com', '192.0.2.1')
  }
  expect(await attempts(throttle, 20, () => ({ email: 'a@example.com', address: '192.0.2.1' }))).toBe(10)
})

test('mails with a link are rarer still', async () => {
  const one = () => ({ email: 'a@example.com', address: '192.0.2.1' })
  expect(await attempts(createThrottle(forResets), 20, one)).toBe(3)
  const all = (n: number) => ({ email: `${n}@example.com`, address: '192.0.2.1' })
  expect(await attempts(createThrottle(forResets), 40, all)).toBe(20)
})
