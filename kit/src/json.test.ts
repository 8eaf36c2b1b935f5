// JSON from strangers: what is taken, what is refused, and that nothing else differs from JSON.parse.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, UnreadableJson } from './json.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const object = (keys: number): string =>
  `{${Array.from({ length: keys }, (_, i) => `"k${i}":${i}`).join(',')}}`

test('whatever JSON.parse takes within the limits is read the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value, null, 1)
      // The one key that is dropped has its own test.
      fc.pre(!text.includes('__proto__'))
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('whatever text comes, the answer is a value or UnreadableJson', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ',',
    '1e400000',
    '-',
    '.',
    'true',
    'null',
    '\\u0000',
    '\ud800',
    'é',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      try {
        parseJson(parts.join(''), { exactNumber: (source) => source })
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableJson)
      }
    }),
  )
})

test.each([
  ['32 levels', nested(32)],
  ['256 keys', object(256)],
  ['many objects of many keys', `[${object(200)},${object(200)}]`],
  ['a text of 64 KiB', JSON.stringify('x'.repeat(65_536))],
  ['an escaped text of 64 KiB', `"${'\\u0078'.repeat(65_536)}"`],
  ['brackets in a text', JSON.stringify({ body: nested(500) })],
  ['quotes and backslashes in a text', JSON.stringify({ body: '\\"'.repeat(500), next: '\\' })],
  ['a byte order mark', '\ufeff{"a":1}'],
])('%s is taken', (_what, text) => {
  expect(() => parseJson(text)).not.toThrow()
})

test.each([
  ['33 levels', nested(33), 'The body is nested deeper than 32 levels.'],
  ['20 000 levels', nested(20_000), 'The body is nested deeper than 32 levels.'],
  ['257 keys', object(257), 'An object in the body has more than 256 keys.'],
  ['a longer text', JSON.stringify('x'.repeat(65_537)), 'A text in the body is longer than 64 KiB.'],
  ['a longer text in bytes', JSON.stringify('é'.repeat(32_769)), 'A text in the body is longer than 64 KiB.'],
  ['a longer key', `{${JSON.stringify('x'.repeat(65_537))}:1}`, 'A text in the body is longer than 64 KiB.'],
  ['nothing', ' ', 'The body is empty.'],
  ['half an object', '{"a":', 'The body is not valid JSON: '],
])('%s is refused', (_what, text, message) => {
  expect(() => parseJson(text)).toThrow(message)
})

test('keys that reach for the prototype are dropped, however they are written', () => {
  const text =
    '{"a":{"__proto__":{"admin":true},"b":1},"\\u005f_pr\\u006fto__":{"admin":true},"c":[{"__proto__":1}]}'
  const value = parseJson(text) as { a: object }
  expect(value).toEqual({ a: { b: 1 }, c: [{}] })
  expect(Object.assign({}, value.a)).not.toHaveProperty('admin')
})

test('numbers keep their digits when asked to', () => {
  const exactNumber = (source: string): string => source
  expect(
    parseJson('{"from":393331234567890123456,"ok":42,"f":1.50,"e":1e3,"t":1700000000000}', { exactNumber }),
  ).toEqual({
    from: '393331234567890123456',
    ok: 42,
    f: '1.50',
    e: '1e3',
    t: 1_700_000_000_000,
  })
  expect(parseJson('9007199254740993', { exactNumber })).toBe('9007199254740993')
  expect(parseJson('{"true":true,"text":"1e5"}', { exactNumber })).toEqual({ true: true, text: '1e5' })
})
