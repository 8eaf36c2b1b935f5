import type { Action } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { differences, merged } from '../../common/merge.ts'
import { fromFlat, toFlat } from './merge-steps.ts'

const step = (id: string, text: string): Action => ({ id, type: 'noop', text })
const base = [step('a', '1'), step('b', '1'), step('c', '1')]

function meet(mine: Action[], theirs: Action[], taken: string[] = []) {
  const flat = (steps: Action[], ...others: Action[][]) => toFlat(steps, others)
  const [one, two, three] = [flat(base, mine, theirs), flat(mine, base, theirs), flat(theirs, base, mine)]
  return {
    clashes: differences(one, two, three).flatMap(({ name, isClash }) => (isClash ? [name] : [])),
    steps: fromFlat(merged(one, two, three, new Set(taken))),
  }
}

test('two who changed different steps both keep what they did', () => {
  const mine = [step('a', 'mine'), step('b', '1'), step('c', '1')]
  const theirs = [step('a', '1'), step('b', '1'), step('c', 'theirs'), step('d', 'theirs')]
  const { clashes, steps } = meet(mine, theirs)
  expect(clashes).toEqual([])
  expect(steps).toEqual([step('a', 'mine'), step('b', '1'), step('c', 'theirs'), step('d', 'theirs')])
})

test('a step that one took away is gone, and one that the other added beside a new order stays', () => {
  const mine = [step('c', '1'), step('a', '1')]
  const theirs = [step('a', '1'), step('b', '1'), step('c', '1'), step('d', 'new')]
  const { clashes, steps } = meet(mine, theirs)
  expect(clashes).toEqual(['order'])
  expect(steps.map(({ id }) => id)).toEqual(['c', 'a', 'd'])
  expect(meet(mine, theirs, ['order']).steps.map(({ id }) => id)).toEqual(['a', 'c', 'd'])
})

test('a step that both changed is a clash, and the chosen one stands', () => {
  const mine = [step('a', 'mine'), step('b', '1'), step('c', '1')]
  const theirs = [step('a', 'theirs'), step('b', '1'), step('c', '1')]
  expect(meet(mine, theirs).clashes).toEqual(['-a'])
  expect(meet(mine, theirs).steps[0]).toEqual(step('a', 'mine'))
  expect(meet(mine, theirs, ['-a']).steps[0]).toEqual(step('a', 'theirs'))
})
