// Hashing passwords costs the machine the same for everybody, and never more than two at a time.
import { beforeEach, expect, test, vi } from 'vitest'
import { hashPassword, verifyPassword } from './password.ts'

const work = vi.hoisted(() => ({ running: 0, most: 0, costs: [] as string[] }))

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  const argon2 = (...[algorithm, options, done]: Parameters<typeof crypto.argon2>): void => {
    work.most = Math.max(work.most, ++work.running)
    const { memory, passes, parallelism, tagLength } = options
    work.costs.push(JSON.stringify({ algorithm, memory, passes, parallelism, tagLength }))
    crypto.argon2(algorithm, options, (error, hash) => {
      work.running -= 1
      done(error, hash)
    })
  }
  return { ...crypto, argon2 }
})

beforeEach(() => Object.assign(work, { most: 0, costs: [] }))

test('of many hashes at once two are under way', async () => {
  const stored = await hashPassword('a right password')
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => verifyPassword(i % 2 ? 'a right password' : 'wrong', stored)),
  )
  expect(answers.filter(Boolean)).toHaveLength(6)
  expect(work.most).toBe(2)
})

test('after one that failed the next goes on', async () => {
  const broken = '$argon2id$v=19$m=1,t=0,p=9$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'
  await Promise.allSettled(Array.from({ length: 5 }, () => verifyPassword('x', broken)))
  expect(await verifyPassword('x', await hashPassword('x'))).toBe(true)
})

test('whether a user exists, has a password or has another, the work is the same', async () => {
  const stored = await hashPassword('a right password')
  const whose = {
    right: stored,
    wrong: stored,
    nobody: undefined,
    'without a password': null,
    damaged: '$2b$10$x',
  }
  const costs: [string, string[]][] = []
  for (const [who, hash] of Object.entries(whose)) {
    work.costs = []
    await verifyPassword(who === 'right' ? 'a right password' : 'another', hash)
    costs.push([who, work.costs])
  }
  const cost = '{"algorithm":"argon2id","memory":19456,"passes":2,"parallelism":1,"tagLength":32}'
  expect(costs).toEqual(Object.keys(whose).map((who) => [who, [cost]]))
})

test('a password counts as it was typed, to its last character, with whatever letters', async () => {
  const long = `${'ü'.repeat(128)} \u{1f600} end`
  const stored = await hashPassword(long)
  expect(await verifyPassword(long, stored)).toBe(true)
  expect(await verifyPassword(long.slice(0, -1), stored)).toBe(false)
  expect(await verifyPassword(long.toUpperCase(), stored)).toBe(false)
  expect(await verifyPassword(` ${long}`, stored)).toBe(false)
})
