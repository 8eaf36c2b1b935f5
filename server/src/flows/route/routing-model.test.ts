/**
 * The plain model of routing against the engine on a real database, over random programs. Every run plays a few; with FAULTS=long
 * a hundred thousand steps. SEED plays again what a run that failed names.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play, programs } from './routing-model-play-testing.ts'
import { shorten } from './routing-model-shorten-testing.ts'
import { createModel, type Queue } from './routing-model-testing.ts'
import { testCentre } from './routing-testing.ts'

const centre = await testCentre({ hasOwnClock: true })
const isLong = process.env.FAULTS === 'long'
const LONG_STEPS = 100_000

test('over random programs the engine asks exactly whom the rules name', {
  timeout: isLong ? 10_800_000 : 180_000,
}, async () => {
  let steps = 0
  const length = isLong ? { minLength: 150, maxLength: 250 } : { minLength: 20, maxLength: 50 }
  const found = await fc.check(
    fc.asyncProperty(programs(length), async (program) => {
      await play(centre, program)
      steps += program.commands.length
    }),
    {
      // What is found is made short below, which takes seconds: its own way of doing that takes hours.
      endOnFailure: true,
      ...(process.env.SEED && { seed: Number(process.env.SEED) }),
      ...(isLong
        ? { numRuns: Math.ceil(LONG_STEPS / 180) }
        : { numRuns: 12, interruptAfterTimeLimit: 40_000 }),
    },
  )
  const [program] = found.counterexample ?? []
  if (program) {
    const { shortest, failure } = await shorten(centre, program)
    expect.fail(`With SEED=${found.seed}:\n${JSON.stringify(shortest)}\n${failure}`)
  }
  expect(steps).toBeGreaterThan(isLong ? LONG_STEPS : 0)
})

test.each<[string, (queue: Queue) => Partial<Queue>]>([
  ['has no patience', ({ patience }) => ({ patience: patience.slice(0, 1) })],
  ['gives all queues the same weight', () => ({ weight: 0 })],
])('control: a model that %s is found out', { timeout: 180_000 }, async (_, spoil) => {
  const found = await fc.check(
    fc.asyncProperty(programs({ minLength: 60, maxLength: 100 }), (program) =>
      play(centre, program, (world) =>
        createModel({ ...world, queues: world.queues.map((queue) => ({ ...queue, ...spoil(queue) })) }),
      ),
    ),
    { numRuns: 40, endOnFailure: true },
  )
  expect(found.failed).toBe(true)
})

test('control: a router that does not hear who has a slot again is found out', {
  timeout: 180_000,
}, async () => {
  const found = await fc.check(
    fc.asyncProperty(programs({ minLength: 60, maxLength: 100 }), (program) =>
      play(centre, program, createModel, { isDeafToFreed: true }),
    ),
    { numRuns: 40, endOnFailure: true },
  )
  expect(found.failed).toBe(true)
})
