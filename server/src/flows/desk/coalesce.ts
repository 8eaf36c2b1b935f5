/** Work that is asked for far more often than it is worth doing: one run at a time, one run for all who asked before it began. */

export interface Coalesced {
  /** Resolves when a run that began after this call has succeeded, or when there will be none any more. */
  wake(): Promise<void>
  /** Resolves when the run under way has ended. */
  close(): Promise<void>
}

const RETRY_MS = 1000
const LONGEST_REST_MS = 100

/**
 * At least `gapMs` lie between two beginnings, and after a run as long a rest as it took, so that a flood makes runs larger and not more.
 * The first after a pause begins at once. A failed run is repeated.
 */
export function coalesce(
  work: () => Promise<void>,
  gapMs: number,
  onError: (error: unknown) => void,
): Coalesced {
  let waiting: PromiseWithResolvers<void> | undefined
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let earliest = 0
  let closed = false

  const run = async (): Promise<void> => {
    const asked = waiting
    waiting = undefined
    const begunAt = performance.now()
    try {
      await work()
      const endedAt = performance.now()
      earliest = Math.max(begunAt + gapMs, endedAt + Math.min(endedAt - begunAt, LONGEST_REST_MS))
      asked?.resolve()
    } catch (error) {
      onError(error)
      earliest = performance.now() + RETRY_MS
      if (asked) {
        waiting ??= Promise.withResolvers()
        waiting.promise.then(asked.resolve)
      }
    }
  }

  const schedule = (): void => {
    if (running || timer || closed || !waiting) return
    timer = setTimeout(
      () => {
        timer = undefined
        running = run().finally(() => {
          running = undefined
          schedule()
        })
      },
      Math.max(0, earliest - performance.now()),
    )
  }

  return {
    wake() {
      if (closed) return Promise.resolve()
      waiting ??= Promise.withResolvers()
      schedule()
      return waiting.promise
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
      waiting?.resolve()
    },
  }
}
