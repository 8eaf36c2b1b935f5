import { expect, test } from 'vitest'
import { envFile, expiryOf, suggested } from './scopes.ts'

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
