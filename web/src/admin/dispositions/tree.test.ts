import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { expect, test } from 'vitest'
import { ownIds, placeAt, toTree } from './tree.ts'

function row(
  id: number,
  parentId: number | null,
  position: number,
  accountId: number | null = null,
): Disposition {
  const level = parentId === null ? 1 : 2
  const scope = { listId: null, accountId, queueId: null }
  return {
    id,
    name: `d${id}`,
    path: `d${id}`,
    parentId,
    level,
    position,
    ...scope,
    version: 1,
    createdAt: '',
  }
}
const [a, b, c, below] = [row(1, null, 0), row(2, null, 1), row(3, null, 2), row(4, 1, 0)]

test('children stand below their parents, in their order', () => {
  expect(toTree([a, below, b]).map((one) => [one.row.id, one.below.map((child) => child.row.id)])).toEqual([
    [1, [4]],
    [2, []],
  ])
  expect(ownIds([a, below, b], 1)).toEqual([1, 4])
})

test('a line dropped before or after another of its place counts without itself', () => {
  const scope = { listId: null, accountId: null, queueId: null }
  expect(placeAt(a, c, 'before')).toEqual({ parentId: null, position: 1, ...scope })
  expect(placeAt(a, c, 'after')).toEqual({ parentId: null, position: 2, ...scope })
  expect(placeAt(c, a, 'before')).toEqual({ parentId: null, position: 0, ...scope })
})

test('a line dropped elsewhere takes that place, and among first levels its scope', () => {
  expect(placeAt(b, a, 'on')).toEqual({ parentId: 1 })
  expect(placeAt(b, below, 'after')).toEqual({ parentId: 1, position: 1 })
  expect(placeAt(b, row(5, null, 0, 7), 'before')).toEqual({
    parentId: null,
    position: 0,
    listId: null,
    accountId: 7,
    queueId: null,
  })
})
