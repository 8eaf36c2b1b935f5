import { expect, test } from 'vitest'
import { neighbourOf, remember } from './neighbour.ts'
import { row } from './rows-testing.ts'

const [a, b, c] = [row(1), row(2), row(3)]

test('after the open interaction has left the list the one that followed it is next', () => {
  remember([a, b, c], 2)
  remember([a, c], 2)
  expect(neighbourOf(2)).toBe(3)
})

test('after the last one comes the one before', () => {
  remember([a, b, c], 3)
  expect(neighbourOf(3)).toBe(2)
})

test('when nothing is left there is no next', () => {
  remember([a], 1)
  remember([], 1)
  expect(neighbourOf(1)).toBeUndefined()
})
