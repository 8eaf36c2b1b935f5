import { expect, test } from 'vitest'
import { changedNames, changesOf, clashes, differences, merged } from './merge.ts'

const base = { name: 'Shop', limit: Number.NaN, minutes: 5, ids: [1, 2] }

test('an empty number and an equal list are no change', () => {
  expect(changedNames(base, { ...base, limit: Number.NaN, ids: [1, 2] })).toEqual([])
})

test('only what was changed is sent', () => {
  expect(changesOf(base, { ...base, name: 'Nord', ids: [2] })).toEqual({ name: 'Nord', ids: [2] })
})

test('merging keeps mine where I wrote and theirs elsewhere', () => {
  const mine = { ...base, name: 'Nord' }
  const theirs = { ...base, minutes: 10, name: 'South' }
  expect(merged(base, mine, theirs)).toEqual({ ...base, name: 'Nord', minutes: 10 })
  expect(clashes(base, mine, theirs)).toEqual(['name'])
})

test('two who wrote the same do not clash', () => {
  const same = { ...base, name: 'Nord' }
  expect(clashes(base, same, same)).toEqual([])
})

test('each field that both changed can go either way, the others go their own', () => {
  const mine = { ...base, name: 'Nord', minutes: 7 }
  const theirs = { ...base, name: 'South', minutes: 10, ids: [3] }
  expect(merged(base, mine, theirs, new Set(['minutes']))).toEqual({
    ...base,
    name: 'Nord',
    minutes: 10,
    ids: [3],
  })
  expect(differences(base, mine, theirs).map(({ name, isClash }) => [name, isClash])).toEqual([
    ['name', true],
    ['minutes', true],
    ['ids', false],
  ])
})
