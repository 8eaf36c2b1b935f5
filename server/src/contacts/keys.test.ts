import { contactFields } from '@patchbay/protocol/open-channel.ts'
import { expect, test } from 'vitest'
import { customFieldId, isContactField, keysOf, normalizeKey } from './keys.ts'

test.each([
  ['phone', ' +39 055 1 ', '+39 055 1'],
  ['email', 'Giulia@Example.COM ', 'giulia@example.com'],
  ['facebook', 'AbC', 'AbC'],
  ['lastName', 'Ame\u0301lie', 'Am\u00e9lie'],
  ['cf_7', 12.5, '12.5'],
  ['cf_7', false, 'false'],
  ['phone', ' \t\u00a0', null],
] as const)('%s %j is compared as %j', (field, value, key) => {
  expect(normalizeKey(field, value)).toBe(key)
})

test('values too long for an index are compared by their digest', () => {
  const [one, other] = [
    normalizeKey('description', 'x'.repeat(60_000)),
    normalizeKey('description', 'x'.repeat(60_001)),
  ]
  expect(one).toMatch(/^sha256:.{43}$/)
  expect(other).not.toBe(one)
  expect(normalizeKey('description', ` ${'x'.repeat(60_000)}`)).toBe(one)
})

test('only cf_ with an id is a custom field', () => {
  expect(customFieldId('cf_7')).toBe(7)
  for (const name of [
    'cf_',
    'cf_0',
    'cf_07',
    'cf_7x',
    'cf_-1',
    'CF_7',
    'cf_99999999999999999',
    'cf_9999999999999999',
  ])
    expect(customFieldId(name), name).toBeUndefined()
})

test('names of every object are no contact fields', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'id', 'firstname', ''])
    expect(isContactField(name), name).toBe(false)
  expect(contactFields.every(isContactField)).toBe(true)
})

test('a contact has a key for every value that it holds, and one for each tag', () => {
  const fields = { firstName: 'Giulia', phone: '055', mobile: ' ', email: 'A@b.c', fax: null }
  expect(keysOf({ fields, tags: ['vip', 'vip ', 'new'], custom: { 7: 3, 8: '' } })).toEqual([
    { field: 'firstName', value: 'Giulia' },
    { field: 'phone', value: '055' },
    { field: 'email', value: 'a@b.c' },
    { field: 'tags', value: 'vip' },
    { field: 'tags', value: 'new' },
    { field: 'cf_7', value: '3' },
  ])
})
