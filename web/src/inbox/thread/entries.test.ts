import { expect, test } from 'vitest'
import type { OutboxItem } from '../../live/outbox.ts'
import { at, said } from '../rows-testing.ts'
import { dayWords, entriesOf, firstUnread } from './entries.ts'

const looks = { firstUnreadSeq: null, dayOf: () => 'one day' }
const kinds = (...given: Parameters<typeof entriesOf>) => entriesOf(...given).map(({ kind }) => kind)
const pending: OutboxItem = {
  clientId: 'a',
  interactionId: 1,
  body: 'on its way',
  files: [],
  secret: false,
  at: at(9),
  seenSeq: 1,
  state: 'sending',
}

test('messages of one side within three minutes share the line below the last', () => {
  const ends = entriesOf([said(1), said(2), said(200), said(201, { direction: 'out' })], [], looks).flatMap(
    (entry) => (entry.kind === 'message' ? entry.endsGroup : []),
  )
  expect(ends).toEqual([false, true, true, true])
})

test('a failed answer never shares its line', () => {
  const failed = { direction: 'out', status: 'failed' } as const
  const ends = entriesOf([said(1, failed), said(2, failed)], [], looks).flatMap((entry) =>
    entry.kind === 'message' ? entry.endsGroup : [],
  )
  expect(ends).toEqual([true, true])
})

test('an answer that did not go as it was written never shares its line with one that did', () => {
  const [plain, how] = [null, 'As a private message.'].map(
    (statusReason) => ({ direction: 'out', status: 'sent', statusReason }) as const,
  )
  const ends = entriesOf([said(1, plain), said(2, how), said(3, how), said(4, plain)], [], looks).flatMap(
    (entry) => (entry.kind === 'message' ? entry.endsGroup : []),
  )
  expect(ends).toEqual([true, false, true, true])
})

test('each day begins with its date', () => {
  const items = [said(1), said(2), said(90_000)]
  expect(kinds(items, [], { ...looks, dayOf: (instant) => instant.slice(0, 10) })).toEqual([
    'day',
    'message',
    'message',
    'day',
    'message',
  ])
})

test('events in a row are one entry, and what is only for the desk is not shown', () => {
  const event = (seq: number, type: 'queued' | 'assigned' | 'read') => ({
    seq,
    at: at(seq),
    type,
    user: null,
  })
  expect(kinds([event(1, 'queued'), event(2, 'read'), event(3, 'assigned'), said(4)], [], looks)).toEqual([
    'day',
    'events',
    'message',
  ])
})

test('the mark stands before the first unread message, and nowhere when all is new', () => {
  const items = [said(1), said(2)]
  expect(kinds(items, [], { ...looks, firstUnreadSeq: 2 })).toEqual(['day', 'message', 'unread', 'message'])
  expect(kinds(items, [], { ...looks, firstUnreadSeq: 1 })).toEqual(['day', 'message', 'message'])
})

test('an answer on its way stands at the end until the thread shows it, never twice', () => {
  expect(kinds([said(1)], [pending], looks)).toEqual(['day', 'message', 'pending'])
  expect(kinds([said(1), said(2, { clientId: 'a', direction: 'out' })], [pending], looks)).toEqual([
    'day',
    'message',
    'message',
  ])
})

test('unread messages are the newest of the customer', () => {
  const items = [said(1), said(2, { direction: 'out' }), said(3), said(4)]
  expect(firstUnread(items, 2)).toBe(3)
  expect(firstUnread(items, 9)).toBe(1)
  expect(firstUnread(items, 0)).toBeNull()
})

test('today and yesterday have words, other days their date', () => {
  const now = new Date(2026, 10, 20, 12).getTime()
  const on = (...date: [number, number, number, number]) => dayWords(new Date(...date).getTime(), now, 'en')
  expect(on(2026, 10, 20, 0)).toBe('Today')
  expect(on(2026, 10, 19, 23)).toBe('Yesterday')
  expect(on(2026, 10, 12, 9)).toBe('Thursday 12 November')
  expect(on(2025, 0, 5, 9)).toBe('Sunday, 5 January 2025')
})
