import type { CloudLogEntry, CloudWay } from '@patchbay/protocol/api/cloud-log.ts'
import { expect, test } from 'vitest'
import { hopsOf, isWhole } from './way.ts'

const said = (text: string) => ({ sentences: [{ code: 'words', values: { text } }], words: text })
const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`
const entry = (more: Partial<CloudLogEntry> = {}): CloudLogEntry => ({
  id: 1,
  direction: 'in',
  what: 'message',
  isPublic: false,
  state: 'delivered',
  reason: null,
  attempts: 1,
  happenedAt: at(0),
  arrivedAt: at(1),
  endedAt: at(2),
  nextAt: null,
  ...more,
})
const way = (more: Partial<CloudWay> = {}): CloudWay => ({
  entry: entry(),
  steps: null,
  untold: null,
  answer: null,
  ...more,
})
const reached = (one: CloudWay | undefined) =>
  hopsOf(one)
    .filter((hop) => hop.at)
    .map(({ id }) => id)
const ahead = (one: CloudWay | undefined) =>
  hopsOf(one)
    .filter((hop) => !hop.at)
    .map(({ id }) => id)

test('before a message came the whole way is ahead', () => {
  expect(reached(undefined)).toEqual([])
  expect(ahead(undefined)).toEqual(['arrived', 'taken', 'opened', 'queued', 'answer'])
})

test('a message that waits for the contact centre has not been taken, and says why', () => {
  const one = way({ entry: entry({ state: 'waiting', endedAt: null, reason: said('Away.') }) })
  expect(reached(one)).toEqual(['happened', 'arrived'])
  expect(hopsOf(one).find(({ id }) => id === 'taken')).toMatchObject({ reason: said('Away.'), at: null })
  expect(isWhole(one)).toBe(false)
})

test('one that is refused goes no further', () => {
  const one = way({ entry: entry({ state: 'failed', reason: said('No.') }) })
  expect(hopsOf(one).at(-1)).toMatchObject({ id: 'taken', isFailed: true, reason: said('No.') })
  expect(isWhole(one)).toBe(true)
})

test('a queue is waited for until something routed the message', () => {
  const step = (name: 'opened' | 'queued' | 'answered') => ({
    step: name,
    at: at(3),
    queue: null,
    count: null,
  })
  expect(ahead(way({ steps: [step('opened')] }))).toEqual(['queued', 'answer'])
  const answered = way({
    steps: [step('opened'), step('queued'), step('answered')],
    answer: entry({ direction: 'out', what: 'answer' }),
  })
  expect(reached(answered)).toEqual(['happened', 'arrived', 'taken', 'opened', 'queued', 'answer', 'sent'])
  expect(isWhole(answered)).toBe(true)
})

test('a contact centre that does not tell is named, and the answer is waited for all the same', () => {
  expect(ahead(way({ untold: said('It answered 404.') }))).toEqual(['untold', 'answer'])
})
