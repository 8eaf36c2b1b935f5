/** The clock of the box: runs with the real one, ahead of it by as much as somebody advanced it. */

export interface Clock {
  now(): number
  /** Calls once when the time has come. */
  at(time: number, work: () => Promise<void> | void): void
  /** Goes forward; what becomes due on the way happens in its order, each at its own time, and is awaited. */
  advance(ms: number): Promise<void>
  aheadMs(): number
  stop(): void
}

interface Due {
  time: number
  work: () => Promise<void> | void
}

// setTimeout takes no longer wait than this.
const LONGEST_WAIT_MS = 2 ** 31 - 1

export function createClock(aheadMs = 0): Clock {
  let ahead = aheadMs
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let isAdvancing = false
  const waiting: Due[] = []

  const now = (): number => Date.now() + ahead

  function takeDue(until: number): Due | undefined {
    const first = waiting[0]
    return first && first.time <= until ? waiting.shift() : undefined
  }

  function arm(): void {
    clearTimeout(timer)
    const first = waiting[0]
    if (!first || isStopped || isAdvancing) return
    timer = setTimeout(
      () => {
        for (let due = takeDue(now()); due; due = takeDue(now())) void due.work()
        arm()
      },
      Math.min(Math.max(first.time - now(), 0), LONGEST_WAIT_MS),
    )
    timer.unref()
  }

  return {
    now,
    aheadMs: () => ahead,
    at(time, work) {
      const place = waiting.findIndex((other) => other.time > time)
      waiting.splice(place < 0 ? waiting.length : place, 0, { time, work })
      arm()
    },
    async advance(ms) {
      const target = now() + ms
      isAdvancing = true
      clearTimeout(timer)
      try {
        for (let due = takeDue(target); due; due = takeDue(target)) {
          ahead += Math.max(due.time - now(), 0)
          await due.work()
        }
        ahead += Math.max(target - now(), 0)
      } finally {
        isAdvancing = false
        arm()
      }
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
