// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { changeDraft, drafts, putBack } from './drafts.ts'

const write = (id: number, text: string) => changeDraft(id, (draft) => ({ ...draft, text }))

beforeEach(() => {
  drafts.close()
  localStorage.clear()
})

test('a draft is kept by interaction and user', () => {
  drafts.open(1)
  write(10, 'for ten')
  write(11, 'for eleven')
  drafts.open(2)
  expect(drafts.get()).toEqual({})
  drafts.open(1)
  expect(drafts.get()[10]?.text).toBe('for ten')
  expect(drafts.get()[11]?.text).toBe('for eleven')
})

test('after signing out nothing of it is in memory', () => {
  drafts.open(1)
  write(10, 'mine')
  drafts.close()
  expect(drafts.get()).toEqual({})
  write(10, 'written by nobody')
  drafts.open(1)
  expect(drafts.get()[10]?.text).toBe('mine')
})

test('a draft that was emptied is gone', () => {
  drafts.open(1)
  write(10, 'x')
  write(10, '')
  expect(drafts.get()).toEqual({})
})

test('words that come back stand before what is being written', () => {
  drafts.open(1)
  write(10, 'newer')
  putBack(10, { text: 'older', files: [], mode: 'reply' })
  expect(drafts.get()[10]?.text).toBe('older\n\nnewer')
})

test('what another tab wrote survives what this one writes', () => {
  drafts.open(1)
  write(10, 'here')
  const there = {
    10: { text: 'here', mode: 'reply', files: [] },
    11: { text: 'there', mode: 'reply', files: [] },
  }
  localStorage.setItem('patchbay.drafts.1', JSON.stringify(there))
  write(10, 'here, longer')
  expect(drafts.get()[11]?.text).toBe('there')
})

test.each(['{', '[]', '3', '{"10":{"text":5}}'])('unusable storage (%s) is no draft', (text) => {
  localStorage.setItem('patchbay.drafts.1', text)
  drafts.open(1)
  expect(drafts.get()).toEqual({})
})
