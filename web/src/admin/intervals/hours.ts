/** The hours of an interval in words, and the checks that a form makes of them. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Holiday, Interval, TimeRange } from '@patchbay/protocol/api/intervals.ts'

export interface HoursValues {
  name: string
  timeZone: string
  when: 'always' | 'hours'
  ranges: TimeRange[]
  holidays: Holiday[]
}

export function readHours({ name, timeZone, always, ranges, holidays }: Interval): HoursValues {
  return { name, timeZone, when: always ? 'always' : 'hours', ranges, holidays }
}

/** The working week, as most begin with it. */
export const usualRange: TimeRange = {
  from: '09:00',
  to: '17:59',
  weekDays: [1, 2, 3, 4, 5],
  monthDays: [],
  months: [],
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/
const datePattern = /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** What is wrong with the first faulty one. */
export function faultOfRanges(ranges: readonly TimeRange[]): MessageDescriptor | undefined {
  if (ranges.length === 0) return msg`Add hours, or choose “Always”.`
  return ranges.some(({ from, to }) => !timePattern.test(from) || !timePattern.test(to))
    ? msg`Write times as hours and minutes, such as 09:00.`
    : undefined
}

export function faultOfHolidays(holidays: readonly Holiday[]): MessageDescriptor | undefined {
  return holidays.some(({ date }) => !datePattern.test(date))
    ? msg`Write dates as 2026-12-24, or as 12-25 for every year.`
    : undefined
}

/** `1, 15, 31`; what is no day is left out. */
export function readMonthDays(text: string): number[] {
  const days = text
    .split(/\D+/)
    .filter((part) => part !== '')
    .map(Number)
  return [...new Set(days)].filter((day) => day >= 1 && day <= 31).sort((a, b) => a - b)
}

/** Monday is 1. */
export function dayNames(locale: string, style: 'short' | 'long'): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' })
  // The first of January 2024 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format.format(Date.UTC(2024, 0, day)))
}

/** January is 1. */
export function monthNames(locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2024, month, 1)))
}

/** `Mon–Fri 09:00–17:59` */
export function rangeInWords({ from, to, weekDays }: TimeRange, names: readonly string[]): string {
  return `${daysInWords(weekDays, names)} ${from}–${to}`.trim()
}

function daysInWords(days: readonly number[], names: readonly string[]): string {
  if (days.length === 0 || days.length === 7) return ''
  const sorted = [...days].sort((a, b) => a - b)
  const runs: number[][] = []
  for (const day of sorted) {
    const run = runs.at(-1)
    if (run?.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  return runs
    .map((run) => {
      const [first, last] = [names[(run[0] ?? 1) - 1], names[(run.at(-1) ?? 1) - 1]]
      return run.length > 2 ? `${first}–${last}` : run.map((day) => names[day - 1]).join(', ')
    })
    .join(', ')
}
