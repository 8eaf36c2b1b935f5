/** A countdown: a ring that empties and a number; with reduced motion the number alone. */
import { useNow } from './clock.ts'

export interface RingProps {
  /** When it ends and how long it runs in all, in milliseconds since 1970 and milliseconds. */
  endsAt: number
  totalMs: number
  /** Read aloud once; the seconds are not. */
  label: string
}

const length = 2 * Math.PI * 15

export function Ring({ endsAt, totalMs, label }: RingProps) {
  const now = useNow(1000)
  const leftMs = Math.max(0, endsAt - now)
  const seconds = Math.ceil(leftMs / 1000)
  return (
    <span
      className="countdown"
      role="timer"
      aria-live="off"
      aria-label={label}
      data-tone={seconds <= 5 ? 'warn' : 'accent'}
    >
      <svg viewBox="0 0 34 34" aria-hidden>
        <circle cx="17" cy="17" r="15" />
        <circle
          className="countdown-left"
          cx="17"
          cy="17"
          r="15"
          strokeDasharray={length}
          strokeDashoffset={length * (1 - Math.min(1, leftMs / totalMs))}
        />
      </svg>
      <span>{seconds}</span>
    </span>
  )
}
