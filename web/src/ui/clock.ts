/** One ticking clock for all that shows time passing: one timer per pace, stopped while nobody looks. */
import { useSyncExternalStore } from 'react'

interface Pace {
  /** The same for as long as the pace lives: a new one with every render would stop and start the timer. */
  subscribe: (listener: () => void) => () => void
  now: () => number
}

const paces = new Map<number, Pace>()

function createPace(everyMs: number): Pace {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  let now = 0
  const tick = () => {
    now = Date.now()
    for (const listener of listeners) listener()
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      timer ??= setInterval(tick, everyMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    now() {
      // While it stands still it is read in steps: between a render and its commit the same instant must come out.
      if (timer === undefined) now = Math.max(now, Math.floor(Date.now() / everyMs) * everyMs)
      return now
    },
  }
}

function paceOf(everyMs: number): Pace {
  let pace = paces.get(everyMs)
  if (!pace) {
    pace = createPace(everyMs)
    paces.set(everyMs, pace)
  }
  return pace
}

/** Milliseconds since 1970, new at every tick. All that share a pace change in one render. */
export function useNow(everyMs: 1000 | 10_000 | 60_000): number {
  const { subscribe, now } = paceOf(everyMs)
  return useSyncExternalStore(subscribe, now)
}
