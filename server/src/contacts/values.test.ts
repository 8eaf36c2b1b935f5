import { expect, test } from 'vitest'
import { type FieldType, readCustomValue } from './values.ts'

const read = (type: FieldType, value: string | number | boolean | null) =>
  readCustomValue({ type, options: ['red', 'green'] }, value)

test.each([
  ['text', ' a ', 'a'],
  ['text', 12, '12'],
  ['select', 'red', 'red'],
  ['number', '12.50', 12.5],
  ['number', -3, -3],
  ['number', '1e3', 1000],
  ['switch', true, true],
  ['switch', 'false', false],
  ['datetime', '2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['datetime', '2026-03-01T09:30', '2026-03-01T09:30:00.000Z'],
  ['datetime', '2026-03-01 09:30:15+0200', '2026-03-01T07:30:15.000Z'],
  ['url', 'https://example.com/a b', 'https://example.com/a b'],
] as const)('a %s field takes %j as %j', (type, given, value) => {
  expect(read(type, given)).toEqual({ ok: true, value })
})

test.each([
  ['text', 'x'.repeat(4001)],
  ['select', 'blue'],
  ['select', 'constructor'],
  ['number', '1,5'],
  ['number', '0x10'],
  ['number', '1e999'],
  ['number', 'Infinity'],
  ['switch', 'yes'],
  ['switch', 1],
  ['datetime', '2026-02-30'],
  ['datetime', '2026-13-01'],
  ['datetime', '2026-03-01T25:00'],
  ['datetime', 'tomorrow'],
  ['datetime', 1_700_000_000],
  ['url', 'javascript:alert(1)'],
  ['url', 'example.com'],
] as const)('a %s field refuses %j and says what it takes', (type, given) => {
  expect(read(type, given)).toMatchObject({ ok: false, wants: expect.any(String) })
})

test('null and blank text empty every field', () => {
  for (const type of ['text', 'select', 'number', 'switch', 'datetime', 'url'] as const)
    for (const given of [null, '', '  ']) expect(read(type, given)).toEqual({ ok: true, value: null })
})
