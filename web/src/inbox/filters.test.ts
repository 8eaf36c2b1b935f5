import { expect, test } from 'vitest'
import { read } from './address.ts'
import { filterCount, placeIn } from './filters.ts'
import { at, row } from './rows-testing.ts'

test('the address says the view, the interaction and the filters', () => {
  expect(read('/inbox/team/42', '?queueId=3&unread=true&search=anna')).toEqual({
    view: 'team',
    id: 42,
    filters: { queueId: 3, unread: true, search: 'anna' },
  })
})

test.each([
  ['/inbox', ''],
  ['/inbox/nothing/abc', '?sort=best&queueId=-1&unread=maybe&search=%20'],
  ['/inbox/mine/0', '?accountId=1.5'],
])('what cannot be used in %s%s is left out', (path, search) => {
  expect(read(path, search)).toEqual({ view: 'mine', id: undefined, filters: {} })
})

test('the search of another page is not taken for a filter', () => {
  expect(read('/admin/accounts', '?search=shop').filters).toEqual({})
})

test('sort and search are not counted as filters', () => {
  expect(filterCount({ sort: 'oldest', search: 'a', queueId: 1, unread: true })).toBe(2)
})

test('all filters must fit', () => {
  const vip = { id: 5, name: 'VIP', color: 'accent' }
  const { belongs } = placeIn('mine', { accountId: 1, tagId: 5, unread: true }, 7)
  expect(belongs(row(1, { tags: [vip], unread: 1 }))).toBe(true)
  expect(belongs(row(1, { tags: [vip] }))).toBe(false)
  expect(belongs(row(1, { unread: 1 }))).toBe(false)
  expect(belongs(row(1, { tags: [vip], unread: 1, account: { id: 2, name: '' } }))).toBe(false)
})

test('a row beyond what was fetched is not shown before those between are known', () => {
  const { belongs } = placeIn('mine', {}, 7, { edge: row(10, { lastMessageAt: at(10) }) })
  expect(belongs(row(11, { lastMessageAt: at(11) }))).toBe(true)
  expect(belongs(row(9, { lastMessageAt: at(9) }))).toBe(false)
})
