import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareConnections } from './origins.ts'

function takeAll(origins: ReturnType<typeof shareConnections>, origin: string): number {
  let taken = 0
  while (origins.take(origin)) taken++
  return taken
}

test('an origin begins with two connections and gets one more with every answer', () => {
  const origins = shareConnections(100, 10)
  expect(takeAll(origins, 'a')).toBe(2)
  for (let i = 0; i < 3; i++) origins.learn('a', true)
  expect(takeAll(origins, 'a')).toBe(3)
})

test('an origin that fails comes down to a single connection, and up again when it answers', () => {
  const origins = shareConnections(100, 10)
  for (let i = 0; i < 8; i++) origins.learn('a', true)
  for (let i = 0; i < 8; i++) origins.learn('a', false)
  expect(takeAll(origins, 'a')).toBe(1)
  origins.learn('a', true)
  expect(takeAll(origins, 'a')).toBe(1)
})

test('one origin never has more than its bound, however well it answers', () => {
  const origins = shareConnections(100, 10)
  for (let i = 0; i < 50; i++) origins.learn('a', true)
  expect(takeAll(origins, 'a')).toBe(10)
})

test('origins that could take everything leave a part for the next one', () => {
  const origins = shareConnections(30, 30)
  for (const origin of ['a', 'b', 'c']) for (let i = 0; i < 50; i++) origins.learn(origin, true)
  expect(takeAll(origins, 'a')).toBe(15)
  takeAll(origins, 'b')
  expect(takeAll(origins, 'c')).toBeGreaterThan(0)
})

test('the room told is what can be taken, and comes back with what is given back', () => {
  const origins = shareConnections(100, 10)
  expect(origins.room('a')).toBe(2)
  takeAll(origins, 'a')
  expect(origins.room('a')).toBe(0)
  origins.give('a')
  expect(origins.room('a')).toBe(1)
})

test('however it is used, the total and the bound of each origin hold, and everything given back is free again', () => {
  const step = fc.record({
    origin: fc.constantFrom('a', 'b', 'c', 'd'),
    act: fc.constantFrom('take', 'give', 'well', 'badly'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const origins = shareConnections(8, 5)
      const taken = new Map<string, number>()
      const count = (origin: string): number => taken.get(origin) ?? 0
      for (const { origin, act } of steps) {
        if (act === 'take' && origins.take(origin)) taken.set(origin, count(origin) + 1)
        else if (act === 'give' && count(origin) > 0) {
          origins.give(origin)
          taken.set(origin, count(origin) - 1)
        } else if (act === 'well' || act === 'badly') origins.learn(origin, act === 'well')
        const total = [...taken.values()].reduce((sum, n) => sum + n, 0)
        expect(origins.free()).toBe(8 - total)
        expect(total).toBeLessThanOrEqual(8)
        expect(Math.max(0, ...taken.values())).toBeLessThanOrEqual(5)
      }
    }),
  )
})
