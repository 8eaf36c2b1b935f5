import { expect, test } from 'vitest'
import { inBytes, inUnits, splitText } from './split-text.ts'

const units = (size: number) => ({ size, measure: inUnits })

const rows: [name: string, text: string, size: number, pieces: string[]][] = [
  ['short', 'Hello', 10, ['Hello']],
  ['nothing', '  ', 10, []],
  ['exactly the limit', '0123456789', 10, ['0123456789']],
  ['words', 'one two three four', 10, ['one two', 'three four']],
  ['a word that ends at the limit', 'one twofour five', 11, ['one twofour', 'five']],
  ['sentences', 'It is done. And it is well', 15, ['It is done.', 'And it is well']],
  ['paragraphs', 'One line.\n\nAnother one', 14, ['One line.', 'Another one']],
  ['no border at all', 'abcdefghijkl', 5, ['abcde', 'fghij', 'kl']],
]
for (const [name, text, size, pieces] of rows)
  test(`a text is cut where a reader would: ${name}`, () => {
    expect(splitText(text, units(size))).toEqual(pieces)
  })

test('no character is cut in two, be it of many parts', () => {
  const family = '👩‍👩‍👧‍👦'
  const pieces = splitText(family.repeat(9), units(25))
  expect(pieces.join('')).toBe(family.repeat(9))
  for (const piece of pieces) expect(piece.replaceAll(family, '')).toBe('')
  for (const piece of splitText(`${'e\u0301'.repeat(50)}`, units(7))) expect(piece).toMatch(/^(e\u0301)+$/)
})

test('a character larger than the limit is divided rather than tried for ever', () => {
  const pieces = splitText('👩‍👩‍👧‍👦', units(4))
  expect(pieces.join('')).toBe('👩‍👩‍👧‍👦')
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true)
})

test('a limit may be of bytes', () => {
  const pieces = splitText('ä'.repeat(1200), { size: 1000, measure: inBytes })
  expect(pieces.map(inBytes)).toEqual([1000, 1000, 400])
})

test('of a long text every word arrives, in order, and every piece fits', () => {
  const words = Array.from({ length: 8000 }, (_, n) => `w${n}`)
  const pieces = splitText(words.join(' '), units(1900))
  expect(pieces.join(' ').split(' ')).toEqual(words)
  expect(Math.max(...pieces.map(inUnits))).toBeLessThanOrEqual(1900)
})
