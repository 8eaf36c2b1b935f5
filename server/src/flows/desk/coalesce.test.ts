import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

const never = (error: unknown): void => {
  throw error
}

test('all who ask before a run begins share it; who asks during it gets the next', async () => {
  let runs = 0
  const work = coalesce(
    async () => {
      runs += 1
      await sleep(20)
    },
    0,
    never,
  )
  const first = [work.wake(), work.wake(), work.wake()]
  await sleep(10)
  const second = work.wake()
  await Promise.all(first)
  expect(runs).toBe(1)
  await second
  expect(runs).toBe(2)
})

test('runs begin at least the gap apart', async () => {
  const begun: number[] = []
  const work = coalesce(async () => void begun.push(performance.now()), 30, never)
  await work.wake()
  await work.wake()
  await work.wake()
  // A timer may come a millisecond early by this clock, each of the two.
  expect((begun[2] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(56)
})

test('a failed run is told, repeated, and only then counts', async () => {
  const errors: unknown[] = []
  let runs = 0
  const work = coalesce(
    async () => {
      runs += 1
      if (runs === 1) throw new Error('the database is away')
    },
    0,
    (error) => errors.push(error),
  )
  await work.wake()
  expect([runs, errors.length]).toEqual([2, 1])
})

test('closing waits for the run under way and lets nobody wait for ever', async () => {
  let hasEnded = false
  const work = coalesce(
    async () => {
      await sleep(20)
      hasEnded = true
    },
    0,
    never,
  )
  const first = work.wake()
  await sleep(5)
  const second = work.wake()
  await work.close()
  expect(hasEnded).toBe(true)
  await Promise.all([first, second, work.wake()])
})
