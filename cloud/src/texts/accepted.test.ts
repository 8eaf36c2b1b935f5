import { expect, test } from 'vitest'
import { acceptedLanguage } from './accepted.ts'

test.each([
  ['it-IT,it;q=0.9,en-US;q=0.8', 'it'],
  ['en;q=0.4, it;q=0.5', 'it'],
  ['IT', 'it'],
  ['en-GB,it;q=0.9', 'en'],
  ['de-DE,de;q=0.9', 'en'],
  ['de,it;q=0.3', 'it'],
  ['it;q=0', 'en'],
  ['it;q=x', 'en'],
  ['*', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('of %j a page is read in %s', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language)
})
