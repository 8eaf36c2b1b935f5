import { expect, test } from 'vitest'
import { differing } from './useDraft.ts'

test('a field that was changed and changed back is no change', () => {
  expect(differing({ name: 'Sales', tags: ['a'] }, { name: 'Sales', tags: ['a'] })).toEqual({})
})

test('lists are compared by what they hold', () => {
  expect(differing({ tags: ['a', 'b'] }, { tags: ['b', 'a'] })).toEqual({ tags: ['b', 'a'] })
})

test('a field emptied to null is a change', () => {
  expect(differing<{ url: string | null }>({ url: 'https://a.example' }, { url: null })).toEqual({
    url: null,
  })
})
