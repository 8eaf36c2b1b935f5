// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { isSingleKey, isTyping, keysOf, match } from './shortcuts.ts'

const pressed = (key: string, change: Partial<Parameters<typeof keysOf>[0]> = {}) =>
  keysOf({ key, code: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...change })

test.each([
  [pressed('j'), 'j'],
  [pressed('?', { shiftKey: true }), '?'],
  [pressed('J', { shiftKey: true }), 'j'],
  [pressed('å', { altKey: true, code: 'KeyA' }), 'alt+a'],
  [pressed('ArrowDown', { altKey: true, code: 'ArrowDown' }), 'alt+arrowdown'],
  [pressed('Enter', { metaKey: true }), 'mod+enter'],
  [pressed('Enter', { ctrlKey: true, shiftKey: true }), 'mod+shift+enter'],
  [pressed('K', { ctrlKey: true }), 'mod+k'],
  [pressed(' '), 'space'],
])('a key event reads %s', (keys, wanted) => {
  expect(keys).toBe(wanted)
})

const bound = [
  ['next', 'j'],
  ['goInbox', 'g i'],
  ['panel', 'i'],
] as const

test('a sequence is found by its second key', () => {
  const first = match('', 'g', bound)
  expect(first).toEqual({ pending: 'g' })
  expect(match(first.pending, 'i', bound)).toEqual({ id: 'goInbox', pending: '' })
})

test('a second key that completes nothing counts by itself', () => {
  expect(match('g', 'j', bound)).toEqual({ id: 'next', pending: '' })
  expect(match('g', 'x', bound)).toEqual({ pending: '' })
  expect(match('g', 'g', bound)).toEqual({ pending: 'g' })
})

test('the shortcut bound last wins', () => {
  expect(match('', 'j', [...bound, ['other', 'j']]).id).toBe('other')
})

test('what speech input could press by mistake can be told', () => {
  expect(['j', '?', 'g i', 'enter'].map(isSingleKey)).toEqual([true, true, true, true])
  expect(['mod+k', 'alt+a', 'mod+shift+enter'].map(isSingleKey)).toEqual([false, false, false])
})

test('letters are text in fields and not on buttons or boxes to tick', () => {
  const element = (html: string) => {
    document.body.innerHTML = html
    return document.body.firstElementChild
  }
  expect(isTyping(element('<textarea></textarea>'))).toBe(true)
  expect(isTyping(element('<input>'))).toBe(true)
  expect(isTyping(element('<input type="checkbox">'))).toBe(false)
  expect(isTyping(element('<button></button>'))).toBe(false)
  expect(isTyping(null)).toBe(false)
})
