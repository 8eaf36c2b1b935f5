/** Instants and spans on the screen: relative below 24 hours, exact on hover. */
import { useLingui } from '@lingui/react/macro'
import { useNow } from './clock.ts'
import { calendarDay, exactInstant, logStamp, longAge, shortAge, span, timeOfDay } from './time.ts'

export interface TimeProps {
  /** ISO 8601, or milliseconds since 1970. */
  value: string | number
  /** `short` 3m · `long` 3 minutes ago · `clock` 10:04 · `day` 12 Oct · `stamp` 10:04:07. */
  style?: 'short' | 'long' | 'clock' | 'day' | 'stamp'
  className?: string
}

export function Time({ value, style = 'short', className }: TimeProps) {
  const { i18n, t } = useLingui()
  const now = useNow(10_000)
  const at = typeof value === 'number' ? value : Date.parse(value)
  if (Number.isNaN(at)) return null
  const { locale } = i18n
  const words = {
    short: () => shortAge(at, now, locale, t`now`),
    long: () => longAge(at, now, locale),
    clock: () => timeOfDay(at, locale),
    day: () => calendarDay(at, now, locale),
    stamp: () => logStamp(at, now, locale),
  }
  return (
    <time dateTime={new Date(at).toISOString()} title={exactInstant(at, locale)} className={className}>
      {words[style]()}
    </time>
  )
}

/** Time that runs since an instant: 1:24:10. */
export function Elapsed({ since, className = '' }: { since: string; className?: string }) {
  const now = useNow(1000)
  return <span className={`tabular ${className}`}>{span(now - Date.parse(since))}</span>
}

/** Time that is left until an instant: 0:42; at the end it stands at zero. */
export function Remaining({ until, className = '' }: { until: string; className?: string }) {
  const now = useNow(1000)
  return <span className={`tabular ${className}`}>{span(Math.max(0, Date.parse(until) - now))}</span>
}
