import { expect, test } from 'vitest'
import { shortcutTable } from './shortcut-table.ts'

test('no two shortcuts have the same keys', () => {
  const keys = Object.values(shortcutTable).map((shortcut) => shortcut.keys)
  expect(keys.filter((one, at) => keys.indexOf(one) !== at)).toEqual([])
})

test('no shortcut hides the start of a sequence', () => {
  const keys: string[] = Object.values(shortcutTable).map((shortcut) => shortcut.keys)
  expect(keys.filter((one) => keys.some((other) => other.startsWith(`${one} `)))).toEqual([])
})
