import { expect, test } from 'vitest'
import { safeNext } from './next.ts'
import { passwordFault } from './password.ts'

test.each([
  'https://evil.example',
  '//evil.example/x',
  '/\\evil.example',
  'javascript:alert(1)',
  '',
  'inbox',
  '/signin?next=/signin',
  undefined,
])('after signing in nobody is sent to %s', (next) => {
  expect(safeNext(next)).toBe('/')
})

test('after signing in one lands where one wanted to go', () => {
  expect(safeNext('/inbox/mine/12?sort=due#last')).toBe('/inbox/mine/12?sort=due#last')
})

test.each([
  ['short', 'elevenchars', 'short'],
  ['the e-mail itself', 'Ada@Nord.Example', 'same'],
  ['one letter held down', 'aaaaaaaaaaaaaa', 'repeated'],
  ['a sentence', 'my cat sits on the router', null],
])('a password that is %s', (_, password, fault) => {
  expect(passwordFault(password, 'ada@nord.example')).toBe(fault)
})
