import type { TimeRange } from '@patchbay/protocol/api/intervals.ts'
import { expect, test } from 'vitest'
import { type Hours, isOpen, isTimeZone, toText, wallTime } from './hours.ts'

const range = (from: string, to: string, days: Partial<TimeRange> = {}): TimeRange => ({
  from,
  to,
  weekDays: [],
  monthDays: [],
  months: [],
  ...days,
})
const rome = (ranges: TimeRange[], more: Partial<Hours> = {}): Hours => ({
  timeZone: 'Europe/Rome',
  always: false,
  ranges,
  holidays: [],
  ...more,
})
const office = rome([range('09:00', '17:59', { weekDays: [1, 2, 3, 4, 5] })])
const night = rome([range('22:00', '05:59', { weekDays: [5] })])

test.each<[string, Hours, string, boolean]>([
  ['the first minute counts', office, '2026-11-20T08:00:00Z', true],
  ['the second before it does not', office, '2026-11-20T07:59:59.999Z', false],
  ['the end minute is inclusive to its last millisecond', office, '2026-11-20T16:59:59.999Z', true],
  ['when the clock shows the next minute it is closed', office, '2026-11-20T17:00:00Z', false],
  [
    'days of the week are those of the zone, not of UTC',
    rome([range('00:00', '00:59', { weekDays: [6] })]),
    '2026-11-20T23:30:00Z',
    true,
  ],
  ['a week day that is not named is closed', office, '2026-11-21T10:00:00Z', false],
  [
    'days of the month and months hold together',
    rome([range('00:00', '23:59', { monthDays: [29], months: [2] })]),
    '2028-02-29T12:00:00Z',
    true,
  ],
  [
    'in another month the same day is closed',
    rome([range('00:00', '23:59', { monthDays: [29], months: [2] })]),
    '2028-03-29T12:00:00Z',
    false,
  ],
  ['a range past midnight is open in the evening of its day', night, '2026-11-20T21:00:00Z', true],
  ['it is open until the morning after', night, '2026-11-21T04:59:59Z', true],
  ['it is not open in the morning of its own day', night, '2026-11-20T04:00:00Z', false],
  ['it is not open in the evening after', night, '2026-11-21T21:00:00Z', false],
  [
    'any of several ranges is enough',
    rome([range('08:00', '12:59'), range('14:00', '17:59')]),
    '2026-11-21T13:30:00Z',
    true,
  ],
  [
    'between them it is closed',
    rome([range('08:00', '12:59'), range('14:00', '17:59')]),
    '2026-11-21T12:30:00Z',
    false,
  ],
  ['without ranges it is never open', rome([]), '2026-11-20T10:00:00Z', false],
  [
    'always is always',
    rome([], { always: true, holidays: [{ date: '11-20', name: '' }] }),
    '2026-11-20T03:00:00Z',
    true,
  ],
  [
    'a holiday of every year closes',
    rome(office.ranges.slice(), { holidays: [{ date: '12-25', name: 'Christmas' }] }),
    '2026-12-25T10:00:00Z',
    false,
  ],
  [
    'a holiday of one year closes that year',
    rome(office.ranges.slice(), { holidays: [{ date: '2026-11-20', name: '' }] }),
    '2026-11-20T10:00:00Z',
    false,
  ],
  [
    'and not the next',
    rome(office.ranges.slice(), { holidays: [{ date: '2025-11-20', name: '' }] }),
    '2026-11-20T10:00:00Z',
    true,
  ],
])('%s', (_, hours, at, expected) => {
  expect(isOpen(hours, new Date(at))).toBe(expected)
})

test('in spring the hour that the clock skips is never open, and those around it are', () => {
  const early = rome([range('02:00', '02:59')])
  const openMinutes = minutesOf('2026-03-29').filter((at) => isOpen(early, at))
  expect(openMinutes).toEqual([])
  expect(isOpen(rome([range('03:00', '03:59')]), new Date('2026-03-29T01:00:00Z'))).toBe(true)
  expect(isOpen(rome([range('01:00', '01:59')]), new Date('2026-03-29T00:59:59Z'))).toBe(true)
})

test('in autumn the hour that the clock repeats is open both times', () => {
  const openMinutes = minutesOf('2026-10-25').filter((at) => isOpen(rome([range('02:00', '02:59')]), at))
  expect(openMinutes).toHaveLength(120)
  expect(openMinutes[0]?.toISOString()).toBe('2026-10-25T00:00:00.000Z')
})

test('office hours begin at nine on the wall before and after both changes', () => {
  for (const [at, utc] of [
    ['2026-03-27', '08:00'],
    ['2026-03-30', '07:00'],
    ['2026-10-23', '07:00'],
    ['2026-10-26', '08:00'],
  ])
    expect(
      minutesOf(at ?? '')
        .find((minute) => isOpen(office, minute))
        ?.toISOString(),
    ).toBe(`${at}T${utc}:00.000Z`)
})

test('a clock shows the minute of its zone, half-hour zones and the date line included', () => {
  const at = new Date('2026-12-31T18:45:30Z')
  expect(toText(wallTime('Asia/Kolkata', at))).toBe('2027-01-01T00:15')
  expect(toText(wallTime('Pacific/Honolulu', at))).toBe('2026-12-31T08:45')
  expect(wallTime('Pacific/Kiritimati', at)).toMatchObject({ day: 1, weekDay: 5 })
})

test('only zones of the IANA database are zones', () => {
  expect(['Europe/Rome', 'UTC', 'America/New_York'].every(isTimeZone)).toBe(true)
  expect(['', 'Mars/Base', 'Europe/Roma'].some(isTimeZone)).toBe(false)
})

/** Every minute of a day of UTC. */
function minutesOf(day: string): Date[] {
  const start = Date.parse(`${day}T00:00:00Z`)
  return Array.from({ length: 24 * 60 }, (_, minute) => new Date(start + minute * 60_000))
}
