import type { LogRow } from '@patchbay/protocol/api/log.ts'
import { expect, test } from 'vitest'
import { logRow } from './rows-testing.ts'
import { pageSize, waiting, withHead } from './tail.ts'

const page = (ids: readonly string[], cursor: string | null = 'more', change: Partial<LogRow> = {}) => ({
  rows: ids.map((id) => logRow({ id, ...change })),
  cursor,
})
type Page = ReturnType<typeof page>
const shown = (...pages: Page[]) => ({ pages, pageParams: pages.map(() => '') })
const ids = ({ pages }: { pages: Page[] }) => pages.map(({ rows }) => rows.map(({ id }) => id).join(''))

test('new rows come in at the top and push nothing out', () => {
  const before = shown(page(['c', 'b', 'a']), page(['z']))
  expect(ids(withHead(before, page(['e', 'd', 'c']), false))).toEqual(['edcba', 'z'])
})

test('while somebody points at the rows, new ones wait and known ones change in place', () => {
  const before = shown(page(['c', 'b']))
  const head = page(['d', 'c'], 'more', { state: 'delivered' })
  const after = withHead(before, head, true)
  expect(ids(after)).toEqual(['cb'])
  expect(after.pages[0]?.rows[0]?.state).toBe('delivered')
  expect(waiting(before, head)).toBe(1)
})

test('a row that no longer belongs leaves, the rows below it stay', () => {
  const before = shown(page(['d', 'c', 'b', 'a']))
  expect(ids(withHead(before, page(['e', 'd', 'b']), false))).toEqual(['edba'])
})

test('when more has come than one page holds, the log goes on from the newest page', () => {
  const before = shown(page(['b', 'a']), page(['z']))
  const many = Array.from({ length: pageSize }, (_, at) => `new${at}`)
  expect(ids(withHead(before, page(many), false))).toEqual([many.join('')])
  expect(ids(withHead(before, page(['y', 'x']), false))).toEqual(['yxba', 'z'])
})

test('a newest page with an end is the whole log', () => {
  const before = shown(page(['b', 'a'], null))
  expect(ids(withHead(before, page(['c', 'b'], null), false))).toEqual(['cb'])
})

test('the first row of an empty log comes in', () => {
  expect(ids(withHead(shown(page([], null)), page(['a'], null), false))).toEqual(['a'])
})

test('no row stands twice when one moves up from an older page', () => {
  const before = shown(page(['d', 'c']), page(['b', 'a']))
  expect(ids(withHead(before, page(['b', 'd', 'c']), false))).toEqual(['bdc', 'a'])
})
