import { expect, test } from 'vitest'
import { endOf, envFile, expiryOf, isOffered, suggested } from './scopes.ts'

test('the suggested scopes do not let a service change settings', () => {
  expect(suggested).not.toContain('admin')
  expect(suggested).not.toContain('accounts:secret')
})

test('the file holds one setting per line and ends with a line', () => {
  expect(envFile('pbk_1', 'https://cc.nord.example')).toBe(
    'PATCHBAY_URL=https://cc.nord.example\nPATCHBAY_API_KEY=pbk_1\n',
  )
})

test('a key of no days never ends', () => {
  expect(expiryOf(0, 0)).toBeNull()
  expect(expiryOf(30, Date.parse('2026-11-20T00:00:00Z'))).toBe('2026-12-20T00:00:00.000Z')
})

test.each([
  [null, 'never'],
  ['2026-11-20T12:00:00.000Z', 'soon'],
  ['2026-11-27T10:00:00.000Z', 'soon'],
  ['2026-12-20T10:00:00.000Z', 'later'],
  ['2026-11-20T09:59:59.000Z', 'over'],
])('a key that ends at %s ends %s', (expiresAt, expected) => {
  expect(endOf({ expiresAt }, Date.parse('2026-11-20T10:00:00.000Z'))).toBe(expected)
})

test('a key is offered the scopes that open something to its user', () => {
  expect(isOffered('admin', ['openchannel', 'keys.own'])).toBe(false)
  expect(isOffered('admin', ['openchannel', 'queues.manage'])).toBe(true)
  expect(isOffered('accounts:secret', ['accounts.manage'])).toBe(false)
  expect(isOffered('accounts:secret', ['accounts.secrets'])).toBe(true)
  expect(isOffered('contacts', ['openchannel'])).toBe(false)
  expect(isOffered('notify', [])).toBe(true)
})
