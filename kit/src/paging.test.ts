import { expect, test } from 'vitest'
import { COUNT_CEILING, encodeCursor, listAnswer, readPage } from './paging.ts'
import { Refusal } from './refusal.ts'

const page = (cursor?: string) => readPage({ limit: 2, cursor }, ['string', 'number'])
const rows = ['a', 'b', 'c'].map((name, id) => ({ name, id }))

test('the cursor of one page is where the next one starts', () => {
  const answer = listAnswer(
    page(),
    rows,
    3,
    ({ name }) => name,
    ({ name, id }) => [name, id],
  )
  expect(answer).toMatchObject({ count: 3, rows: ['a', 'b'] })
  expect(page(answer.cursor ?? '').after).toEqual(['b', 1])
})

test('the last page has no cursor', () => {
  const answer = listAnswer(
    page(),
    rows.slice(0, 2),
    2,
    ({ name }) => name,
    ({ id }) => [id],
  )
  expect(answer.cursor).toBeNull()
})

test('a count beyond the ceiling says that it is the least', () => {
  const answer = (count: number) =>
    listAnswer(
      page(),
      rows,
      count,
      ({ id }) => id,
      ({ id }) => [id],
    )
  expect(answer(COUNT_CEILING)).not.toHaveProperty('countIsAtLeast')
  expect(answer(COUNT_CEILING + 1)).toMatchObject({ count: COUNT_CEILING, countIsAtLeast: true })
})

test.each([
  'x',
  '',
  encodeCursor(['a']),
  encodeCursor([1, 'a']),
  encodeCursor(['a', 1.5]),
  encodeCursor(['a\0', 1]),
  encodeCursor(['\ud800', 1]),
  encodeCursor(['a', 1e300]),
])('a cursor that no list answered (%j) is refused', (cursor) => {
  expect(() => page(cursor)).toThrow(Refusal)
})
