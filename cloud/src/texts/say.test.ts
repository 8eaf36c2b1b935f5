import { english } from '@patchbay/protocol/cloud-sentences-en.ts'
import { italian } from '@patchbay/protocol/cloud-sentences-it.ts'
import { expect, test } from 'vitest'
import { join, say, sayDoor, toSaid, wordsOf } from './say.ts'

const placeholders = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].sort()

test('every sentence has the same values in every language, and is another one in each', () => {
  for (const [code, sentence] of Object.entries(english)) {
    const other = italian[code as keyof typeof english]
    expect([code, placeholders(other)]).toEqual([code, placeholders(sentence)])
    expect(other).not.toBe(sentence)
  }
})

test('a reason is read in the language of whoever reads it, sentence after sentence', () => {
  const reason = join(say('only-pictures', { channel: 'Facebook' }), say('private-late'))
  expect(wordsOf(reason, 'en')).toMatch(/^Facebook takes only pictures .+ 7 days/)
  expect(wordsOf(reason, 'it')).toMatch(/^Facebook accetta .+ 7 giorni/)
  expect(toSaid(reason).sentences.map(({ code }) => code)).toEqual(['only-pictures', 'private-late'])
})

test('what somebody else said stays as it is, also where it looks like a place for a value', () => {
  const said = say('centre-said', { host: 'desk.example', status: 422, text: 'No {host} for you.' })
  expect(wordsOf(said, 'it')).toBe('desk.example ha risposto 422: No {host} for you.')
  expect(wordsOf('Kept from before {code}.', 'it')).toBe('Kept from before {code}.')
})

test('why somebody could not be called is said for every way in which the door fails', () => {
  for (const code of [
    'bad-url',
    'blocked-address',
    'dns',
    'connect',
    'tls',
    'timeout',
    'reset',
    'protocol',
    'cancelled',
  ] as const)
    expect(wordsOf(sayDoor({ code }, 'desk.example'), 'it')).toContain('desk.example')
})
