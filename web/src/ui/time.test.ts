import { expect, test } from 'vitest'
import {
  calendarDay,
  duration,
  exactInstant,
  logStamp,
  longAge,
  remaining,
  shortAge,
  span,
  timeOfDay,
} from './time.ts'

const now = Date.parse('2026-10-12T10:04:00Z')
const ago = (minutes: number) => now - minutes * 60_000
const zone = 'Europe/Rome'

test.each([
  [0, 'now'],
  [0.9, 'now'],
  [1, '1m'],
  [59.9, '59m'],
  [60, '1h'],
  [60 * 24 - 0.1, '23h'],
  [60 * 24, '11 Oct'],
])('%d minutes ago is short as %s', (minutes, words) => {
  expect(shortAge(ago(minutes), now, 'en', 'now', zone)).toBe(words)
})

test('a clock that is a little ahead still says now', () => {
  expect(shortAge(now + 20_000, now, 'en', 'now', zone)).toBe('now')
})

test('another year is written out', () => {
  expect(calendarDay(Date.parse('2024-10-12T08:00:00Z'), now, 'en', zone)).toBe('12 Oct 2024')
  expect(calendarDay(Date.parse('2024-10-12T08:00:00Z'), now, 'it', zone)).toBe('12 ott 2024')
})

test('long words are relative below a day and exact above', () => {
  expect(longAge(ago(5), now, 'en', zone)).toBe('5 minutes ago')
  expect(longAge(ago(180), now, 'it', zone)).toBe('3 ore fa')
  expect(longAge(Date.parse('2026-10-03T07:30:00Z'), now, 'en', zone)).toBe('3 Oct, 09:30')
})

test('the exact instant names weekday, seconds and zone', () => {
  expect(exactInstant(now, 'en', zone)).toMatch(/^Monday.*12 October 2026.*12:04:00.*CEST|GMT\+2$/)
})

test('the day is that of the viewer, not of the server', () => {
  const lateEvening = Date.parse('2026-10-10T22:30:00Z')
  expect(calendarDay(lateEvening, now, 'en', 'Europe/Rome')).toBe('11 Oct')
  expect(calendarDay(lateEvening, now, 'en', 'America/New_York')).toBe('10 Oct')
  expect(timeOfDay(lateEvening, 'en', 'America/New_York')).toBe('18:30')
})

test.each([
  [-5, '0:00'],
  [42_000, '0:42'],
  [725_000, '12:05'],
  [5_050_000, '1:24:10'],
  [360_000_000, '100:00:00'],
])('%d ms run as %s', (ms, words) => {
  expect(span(ms)).toBe(words)
})

test('a row of a log tells the second today and the day before that', () => {
  expect(logStamp(ago(0) + 7_000, now, 'en', zone)).toBe('12:04:07')
  expect(logStamp(ago(60 * 24), now, 'en', zone)).toBe('11 Oct, 12:04')
})

test.each([
  [3.26, '3.3 ms'],
  [38, '38 ms'],
  [999.4, '999 ms'],
  [1240, '1.24 sec'],
  [30_000, '30 sec'],
])('%d milliseconds are read as %s', (ms, words) => {
  expect(duration(ms, 'en')).toBe(words)
})

test('what is left is told in its largest unit, rounded down', () => {
  const [minute, hour] = [60_000, 3_600_000]
  const left = [-1, 59_000, 12 * minute, 90 * minute, 47 * hour, 49 * hour, 7 * 24 * hour]
  expect(left.map((ms) => remaining(ms, 'en'))).toEqual([
    '0 min',
    '0 min',
    '12 min',
    '1 hr',
    '47 hr',
    '2 days',
    '7 days',
  ])
})
