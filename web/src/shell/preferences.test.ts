import { expect, test } from 'vitest'
import { localeFor, readPreferences } from './preferences.ts'

const standard = { theme: 'system', density: 'comfortable', locale: null, singleKeys: true, keys: {} }

test.each([null, 'x', 3, [], {}, { theme: 'pink', density: 1, locale: 'de', keys: { reply: 4 } }])(
  'unusable storage (%j) gives the standard',
  (stored) => {
    expect(readPreferences(stored)).toMatchObject(standard)
  },
)

test('what was chosen comes back', () => {
  const chosen = { theme: 'dark', density: 'compact', locale: 'it', singleKeys: false, keys: { reply: 'p' } }
  expect(readPreferences(JSON.parse(JSON.stringify(chosen)))).toMatchObject(chosen)
})

test('the first language of the browser that we speak is taken, else English', () => {
  expect(localeFor(['de-DE', 'it-CH', 'en'])).toBe('it')
  expect(localeFor(['en-GB', 'it'])).toBe('en')
  expect(localeFor(['ar', 'ja'])).toBe('en')
  expect(localeFor([])).toBe('en')
})
