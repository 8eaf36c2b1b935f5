/** Whether an interval is open at an instant, by what the clock on the wall of its time zone shows. */
import type { Holiday, TimeRange } from '@patchbay/protocol/api/intervals.ts'

export interface Hours {
  timeZone: string
  always: boolean
  ranges: readonly TimeRange[]
  holidays: readonly Holiday[]
}

/** A reading of the clock on the wall. */
export interface WallTime {
  year: number
  month: number
  day: number
  /** Monday is 1. */
  weekDay: number
  /** Since midnight. */
  minute: number
}

/** The clock decides and not the time since midnight: an hour that the zone skips is never open, one that it repeats is so twice. */
export function isOpen(hours: Hours, at: Date): boolean {
  if (hours.always) return true
  const now = wallTime(hours.timeZone, at)
  if (holidayAt(hours, now)) return false
  const yesterday = dayBefore(now)
  return hours.ranges.some((range) => {
    const [from, to] = [minuteOf(range.from), minuteOf(range.to)]
    if (from <= to) return isDayOf(range, now) && from <= now.minute && now.minute <= to
    // It began yesterday, or begins today and ends tomorrow: its days are those on which it begins.
    return (isDayOf(range, now) && from <= now.minute) || (isDayOf(range, yesterday) && now.minute <= to)
  })
}

export function holidayAt({ holidays }: Pick<Hours, 'holidays'>, now: WallTime): Holiday | undefined {
  const day = `${two(now.month)}-${two(now.day)}`
  return holidays.find(({ date }) => date === day || date === `${now.year}-${day}`)
}

export function wallTime(timeZone: string, at: Date): WallTime {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (
    ['year', 'month', 'day', 'hour', 'minute'] as const
  ).map((part) => Number(parts.get(part)))
  return { year, month, day, weekDay: weekDayOf(year, month, day), minute: hour * 60 + minute }
}

/** `2026-03-29T03:30` */
export function toText({ year, month, day, minute }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

export function isTimeZone(name: string): boolean {
  try {
    clockOf(name)
    return true
  } catch {
    return false
  }
}

function isDayOf({ weekDays, monthDays, months }: TimeRange, { weekDay, day, month }: WallTime): boolean {
  return holds(weekDays, weekDay) && holds(monthDays, day) && holds(months, month)
}

function holds(allowed: readonly number[], value: number): boolean {
  return allowed.length === 0 || allowed.includes(value)
}

function dayBefore({ year, month, day, minute }: WallTime): WallTime {
  const date = new Date(Date.UTC(year, month - 1, day - 1))
  const before = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  return { ...before, weekDay: weekDayOf(before.year, before.month, before.day), minute }
}

function weekDayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

// Making one costs a hundred times as much as using it.
const clocks = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a zone that is none. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  clocks.set(timeZone, clock)
  return clock
}
