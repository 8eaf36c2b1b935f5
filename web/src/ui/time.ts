/** Instants and spans as people read them, in the viewer's own zone and language. Pure: the caller says what time it is. */
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

// Making one costs a hundred times what using it does.
const kept = new Map<string, unknown>()

function keep<T>(key: string, make: () => T): T {
  let made = kept.get(key) as T | undefined
  if (made === undefined) {
    made = make()
    kept.set(key, made)
  }
  return made
}

const year = { year: 'numeric' } as const
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const clockWithSeconds = { ...clock, second: '2-digit' } as const
const dayAndMonth = { day: 'numeric', month: 'short' } as const
const wholeDay = { ...dayAndMonth, ...year } as const
const yearAndMonth = { ...year, month: 'short' } as const
const exact = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  ...year,
  ...clockWithSeconds,
  timeZoneName: 'short',
} as const
const formats = { year, clock, clockWithSeconds, dayAndMonth, wholeDay, yearAndMonth, exact }

function format(locale: string, name: keyof typeof formats, zone?: string) {
  return keep(
    `${name} ${locale} ${zone}`,
    () => new Intl.DateTimeFormat(locale, { ...formats[name], ...(zone ? { timeZone: zone } : {}) }),
  )
}

/** “now”, “3m”, “2h” below 24 hours, then “12 Oct”, then “12 Oct 2024”. `now` is the caller's word for it. */
export function shortAge(at: number, now: number, locale: string, nowWord: string, zone?: string): string {
  const age = now - at
  if (age < minute && age > -minute) return nowWord
  if (age > 0 && age < hour) return unit(Math.floor(age / minute), 'minute', locale)
  if (age > 0 && age < day) return unit(Math.floor(age / hour), 'hour', locale)
  return calendarDay(at, now, locale, zone)
}

/** “5 minutes ago” below 24 hours, then “12 Oct, 10:04”. */
export function longAge(at: number, now: number, locale: string, zone?: string): string {
  const age = now - at
  const relative = keep(`ago ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
  if (Math.abs(age) < minute) return relative.format(0, 'second')
  if (Math.abs(age) < hour) return relative.format(-Math.trunc(age / minute), 'minute')
  if (Math.abs(age) < day) return relative.format(-Math.trunc(age / hour), 'hour')
  return `${calendarDay(at, now, locale, zone)}, ${timeOfDay(at, locale, zone)}`
}

/** “10:04”. */
export function timeOfDay(at: number, locale: string, zone?: string): string {
  return format(locale, 'clock', zone).format(at)
}

/** “10:04:07” on the same day, else “12 Oct, 10:04”: for the rows of a log. */
export function logStamp(at: number, now: number, locale: string, zone?: string): string {
  const today = calendarDay(now, now, locale, zone)
  const day = calendarDay(at, now, locale, zone)
  if (day !== today) return `${day}, ${timeOfDay(at, locale, zone)}`
  return format(locale, 'clockWithSeconds', zone).format(at)
}

/** “12 Oct”, with the year when it is another one. */
export function calendarDay(at: number, now: number, locale: string, zone?: string): string {
  const years = format(locale, 'year', zone)
  const isThisYear = years.format(at) === years.format(now)
  return format(dayFirst(locale), isThisYear ? 'dayAndMonth' : 'wholeDay', zone).format(at)
}

/** “Oct 2026”. */
export function monthOf(at: number, locale: string): string {
  return format(locale, 'yearAndMonth').format(at)
}

/** “Monday 12 October 2026 at 10:04:07 CEST”, for the tooltip. */
export function exactInstant(at: number, locale: string, zone?: string): string {
  return format(dayFirst(locale), 'exact', zone).format(at)
}

/** “0:42”, “12:05”, “1:24:10”; never negative. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** “38 ms”, “1.24 sec”, “30 sec”. */
export function duration(ms: number, locale: string): string {
  const isShort = ms < 1000
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: isShort ? 'millisecond' : 'second',
    unitDisplay: 'short',
    maximumFractionDigits: isShort ? (ms < 10 ? 1 : 0) : ms < 10_000 ? 2 : 1,
  }).format(isShort ? ms : ms / 1000)
}

/** “2 days”, “3 h”, “12 min” of what is left, rounded down; below a minute “0 min”. */
export function remaining(ms: number, locale: string): string {
  const left = Math.max(0, ms)
  const [value, name] =
    left >= 2 * day
      ? ([left / day, 'day'] as const)
      : left >= hour
        ? ([left / hour, 'hour'] as const)
        : ([left / minute, 'minute'] as const)
  const options = { style: 'unit', unit: name, unitDisplay: 'short' } as const
  return new Intl.NumberFormat(locale, options).format(Math.floor(value))
}

function unit(value: number, name: 'minute' | 'hour', locale: string) {
  return keep(
    `${name} ${locale}`,
    () => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' }),
  ).format(value)
}

/** Plain English puts the month first; the desk writes the day first in every language. */
function dayFirst(locale: string) {
  return locale === 'en' ? 'en-GB' : locale
}
