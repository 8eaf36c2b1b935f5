import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGrouping } from './grouping.ts'

function recorder(
  options: { size?: number; underWay?: number; fails?: (items: readonly number[]) => boolean } = {},
) {
  const groups: number[][] = []
  let most = 0
  let underWay = 0
  const grouping = createGrouping<number, string>({
    size: options.size ?? 10,
    underWay: options.underWay ?? 1,
    async together(items) {
      most = Math.max(most, ++underWay)
      groups.push([...items])
      await sleep(5)
      underWay--
      if (options.fails?.(items)) throw new Error('poison')
      return items.map((item) => (item === 13 ? undefined : `group ${item}`))
    },
    async alone(item) {
      groups.push([item])
      await sleep(1)
      if (item === 7) throw new Error('seven')
      return `alone ${item}`
    },
    onFailure: () => {},
  })
  return { groups, grouping, most: () => most }
}

const all = (grouping: { write(n: number): Promise<string> }, items: number[]) =>
  Promise.all(items.map((item) => grouping.write(item).catch((error: Error) => error.message)))

test('what comes in the same turn is written together, in its order, and each gets its own answer', async () => {
  const { grouping, groups } = recorder()
  expect(await all(grouping, [1, 2, 3])).toEqual(['group 1', 'group 2', 'group 3'])
  expect(groups).toEqual([[1, 2, 3]])
})

test('what comes alone is written alone at once', async () => {
  const { grouping, groups } = recorder()
  expect(await grouping.write(1)).toBe('alone 1')
  expect(groups).toEqual([[1]])
})

test('what comes while a group is under way gathers, and no group is larger than allowed', async () => {
  const { grouping, groups, most } = recorder({ size: 2 })
  await all(grouping, [1, 2, 3, 4, 5])
  expect(groups).toEqual([[1, 2], [3, 4], [5]])
  expect(most()).toBe(1)
})

test('as many groups as allowed are under way at once', async () => {
  const { grouping, most } = recorder({ size: 2, underWay: 2 })
  await all(grouping, [1, 2, 3, 4, 5, 6, 8, 9])
  expect(most()).toBe(2)
})

test('of a group that fails each item is written alone, so that one that cannot be written fails alone', async () => {
  const { grouping } = recorder({ fails: (items) => items.includes(7) })
  expect(await all(grouping, [6, 7, 8])).toEqual(['alone 6', 'seven', 'alone 8'])
})

test('an item that a group could not take is written alone', async () => {
  const { grouping } = recorder()
  expect(await all(grouping, [12, 13])).toEqual(['group 12', 'alone 13'])
})
