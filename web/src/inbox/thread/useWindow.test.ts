/** The window of a channel: open, then only for people, then over. */
import { expect, test } from 'vitest'
import { at } from '../rows-testing.ts'
import { windowAt } from './useWindow.ts'

const stateAt = (second: number, until: string | null, humanAgentUntil: string | null = null) =>
  windowAt({ until, humanAgentUntil }, Date.parse(at(second))).state

test('a channel that sets no end takes answers always', () => {
  expect(stateAt(0, null)).toBe('free')
  expect(stateAt(0, null, at(-5))).toBe('free')
})

test('after its end only people are heard where the channel says so, and then nobody', () => {
  expect([9, 10, 19, 20].map((second) => stateAt(second, at(10), at(20)))).toEqual([
    'open',
    'human',
    'human',
    'over',
  ])
  expect([9, 10].map((second) => stateAt(second, at(10)))).toEqual(['open', 'over'])
})

test('an end for people that lies before the other changes nothing', () => {
  expect(stateAt(15, at(10), at(5))).toBe('over')
  expect(stateAt(8, at(10), at(5))).toBe('open')
})
