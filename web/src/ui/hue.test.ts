import { expect, test } from 'vitest'
import { hueOf, hues, initialsOf } from './hue.ts'

test.each([
  ['Giulia Ferri', 'GF'],
  ['Ada', 'A'],
  ['  maría josé  de la Cruz ', 'MC'],
  ['+39 347 555 0142', '42'],
  ['李 小龙', '李小'],
  ['🙂 Bo', 'B'],
  ['', '?'],
])('the letters of “%s” are %s', (name, letters) => {
  expect(initialsOf(name)).toBe(letters)
})

test('a name keeps its hue, and many names use all of them about equally', () => {
  expect(hueOf('Giulia Ferri')).toBe(hueOf('Giulia Ferri'))
  const counts = new Map<number, number>()
  for (let at = 0; at < 4000; at++) {
    const hue = hueOf(`Person ${at}`)
    counts.set(hue, (counts.get(hue) ?? 0) + 1)
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([...hues])
  expect(Math.min(...counts.values())).toBeGreaterThan(350)
})
