// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { preferences, setPreferences } from './preferences.ts'

const script = readFileSync(join(import.meta.dirname, '../../public/theme.js'), 'utf8')
const html = document.documentElement
// What the page does before its first paint.
const paint = new Function(script)

beforeEach(() => {
  setPreferences({ theme: 'system', density: 'comfortable', locale: null })
  html.lang = 'en'
})

test('what was chosen is on the page before the first paint', () => {
  setPreferences({ theme: 'dark', density: 'compact', locale: 'it' })
  delete html.dataset.theme
  delete html.dataset.density
  paint()
  expect({ ...html.dataset, lang: html.lang }).toEqual({ theme: 'dark', density: 'compact', lang: 'it' })
})

test('until chosen the page follows the system', () => {
  paint()
  expect({ ...html.dataset }).toEqual({})
})

test('unreadable storage does no harm', () => {
  localStorage.setItem('patchbay.preferences', '{')
  paint()
  expect({ ...html.dataset }).toEqual({})
})

test('a choice takes effect at once', () => {
  setPreferences({ theme: 'light' })
  expect(html.dataset.theme).toBe('light')
  setPreferences({ theme: 'system' })
  expect(html.dataset.theme).toBeUndefined()
  expect(preferences().theme).toBe('system')
})
