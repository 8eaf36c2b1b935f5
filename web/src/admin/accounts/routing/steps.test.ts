import { expect, test } from 'vitest'
import { actionsOf, added, isSame, moved, stepsOf, unreachable } from './steps.ts'

const steps = stepsOf([
  { id: 'first', type: 'queue', queueId: 5, timeoutSeconds: 30 },
  { id: 'second', type: 'queue', queueId: 6, timeoutSeconds: null },
])

test('steps go to the server as they came', () => {
  expect(actionsOf(steps)).toEqual([
    { id: 'first', type: 'queue', queueId: 5, timeoutSeconds: 30 },
    { id: 'second', type: 'queue', queueId: 6, timeoutSeconds: null },
  ])
})

test('a step keeps its identity when it moves, and does not leave the list', () => {
  expect(moved(steps, 0, 1).map(({ key }) => key)).toEqual([1, 0])
  expect(moved(steps, 0, -1)).toEqual(steps)
  expect(moved(steps, 1, 1)).toEqual(steps)
})

test('the same queue may stand twice, each with its own identity', () => {
  const twice = added(added([], 5), 5)
  expect(new Set(twice.map(({ key }) => key)).size).toBe(2)
})

test('what stands after a step without timeout is never reached', () => {
  expect(unreachable(steps)).toBe(0)
  expect(unreachable(added(steps, 7))).toBe(1)
})

test('a step limited to an interval keeps it, and does not keep the next from being reached', () => {
  const limited = stepsOf([
    { id: 'a', type: 'queue', queueId: 5, intervalId: 3 },
    { id: 'b', type: 'queue', queueId: 6 },
  ])
  expect(actionsOf(limited)).toEqual([
    { id: 'a', type: 'queue', queueId: 5, timeoutSeconds: null, intervalId: 3 },
    { id: 'b', type: 'queue', queueId: 6, timeoutSeconds: null },
  ])
  expect(unreachable(limited)).toBe(0)
})

test('moving there and back is no change', () => {
  expect(isSame(moved(moved(steps, 0, 1), 0, 1), steps)).toBe(true)
  expect(isSame(moved(steps, 0, 1), steps)).toBe(false)
})
