/** When a delivery is tried again, and when it is given up. */

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const FIRST_DELAYS_MS = [1, 5, 15, 30].map((seconds) => seconds * SECOND_MS)
const LAST_FIXED_MS = 30 * SECOND_MS
const GROWTH = 1.6
const LONGEST_MS = 4 * HOUR_MS
/** A little less than a fifth to either side, so that what failed together does not come back together. */
const JITTER = 0.18

export const giveUp = { attempts: 30, ageMs: 72 * HOUR_MS } as const

/**
 * `attempts` made so far, at least one: about 1, 5, 15, 30 s, then 1.6 times the one before, at most 4 h. A receiver that asks for
 * more time (`retryAfterMs`) gets it, up to the same 4 h, and never less than it asked for. `random` is from 0 to 1.
 */
export function retryDelayMs(
  attempts: number,
  retryAfterMs: number | undefined,
  random: number = Math.random(),
): number {
  const planned =
    FIRST_DELAYS_MS[attempts - 1] ??
    Math.min(LAST_FIXED_MS * GROWTH ** (attempts - FIRST_DELAYS_MS.length), LONGEST_MS)
  const jittered = planned * (1 + JITTER * (2 * random - 1))
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_MS) * (1 + JITTER * random)
  return Math.round(Math.max(jittered, asked))
}

/** Both must be reached: an answer that waited long behind another still gets all its attempts. */
export function isGivenUp(attempts: number, ageMs: number): boolean {
  return attempts >= giveUp.attempts && ageMs >= giveUp.ageMs
}

/** Of a Retry-After header, seconds or a date; undefined when it is neither. */
export function readRetryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND_MS
  // Only dates as HTTP writes them: Date.parse makes a year of nearly anything.
  const date = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
