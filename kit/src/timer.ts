/** One timer for the earliest of many instants. */

export interface Timer {
  /** Rings after at most so many milliseconds. */
  within(ms: number): void
  clear(): void
}

/** Whoever hears it looks for all that is due and sets it again, so later instants need not be kept. */
export function createTimer(ring: () => void): Timer {
  let timer: NodeJS.Timeout | undefined
  let at = Number.POSITIVE_INFINITY
  return {
    within(ms) {
      const due = performance.now() + ms
      if (due >= at) return
      clearTimeout(timer)
      at = due
      // A little late rather than a little early, when nothing would be due yet.
      timer = setTimeout(
        () => {
          at = Number.POSITIVE_INFINITY
          ring()
        },
        Math.min(Math.ceil(ms) + 1, LONGEST_MS),
      )
    },
    clear: () => clearTimeout(timer),
  }
}

const LONGEST_MS = 60_000
