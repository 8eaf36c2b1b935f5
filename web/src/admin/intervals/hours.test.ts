import type { TimeRange } from '@patchbay/protocol/api/intervals.ts'
import { expect, test } from 'vitest'
import { dayNames, faultOfHolidays, faultOfRanges, rangeInWords, readMonthDays, usualRange } from './hours.ts'

const names = dayNames('en', 'short')
const range = (change: Partial<TimeRange>): TimeRange => ({ ...usualRange, ...change })

test.each([
  ['days in a row are a span', [1, 2, 3, 4, 5], 'Mon–Fri 09:00–17:59'],
  ['two days are named', [6, 7], 'Sat, Sun 09:00–17:59'],
  ['spans and single days stand side by side', [1, 2, 3, 6], 'Mon–Wed, Sat 09:00–17:59'],
  ['every day needs no word', [1, 2, 3, 4, 5, 6, 7], '09:00–17:59'],
  ['no day named is every day', [], '09:00–17:59'],
])('%s', (_, weekDays, words) => {
  expect(rangeInWords(range({ weekDays }), names)).toBe(words)
})

test('the week begins with Monday in every language', () => {
  expect(dayNames('it', 'long')[0]).toBe('lunedì')
  expect(dayNames('en', 'long').at(-1)).toBe('Sunday')
})

test('days of the month are read from whatever stands between them', () => {
  expect(readMonthDays('31, 1;15 15 / 0 32')).toEqual([1, 15, 31])
  expect(readMonthDays('')).toEqual([])
})

test('hours that no clock shows, and dates that no calendar has, are faults', () => {
  expect(faultOfRanges([])).toBeDefined()
  expect(faultOfRanges([range({ to: '24:00' })])).toBeDefined()
  expect(faultOfRanges([range({ from: '22:00', to: '05:59' })])).toBeUndefined()
  expect(faultOfHolidays([{ date: '2026-13-01', name: '' }])).toBeDefined()
  expect(faultOfHolidays([{ date: '12-25', name: '' }])).toBeUndefined()
})
