/** One ticking clock for all that shows time passing: one timer per pace, stopped while nobody looks. */
import { useSyncExternalStore } from 'react'

interface Pace {
  now: number
  timer: ReturnType<typeof setInterval> | undefined
  listeners: Set<() => void>
}

const paces = new Map<number, Pace>()

function paceOf(everyMs: number): Pace {
  let pace = paces.get(everyMs)
  if (!pace) {
    pace = { now: Date.now(), timer: undefined, listeners: new Set() }
    paces.set(everyMs, pace)
  }
  return pace
}

function tick(pace: Pace) {
  pace.now = Date.now()
  for (const listener of pace.listeners) listener()
}

function subscribe(everyMs: number, listener: () => void) {
  const pace = paceOf(everyMs)
  pace.listeners.add(listener)
  if (!pace.timer) {
    pace.now = Date.now()
    pace.timer = setInterval(tick, everyMs, pace)
  }
  return () => {
    pace.listeners.delete(listener)
    if (pace.listeners.size === 0) {
      clearInterval(pace.timer)
      pace.timer = undefined
    }
  }
}

/** Milliseconds since 1970, new at every tick. All that share a pace change in one render. */
export function useNow(everyMs: 1000 | 10_000 | 60_000): number {
  return useSyncExternalStore(
    (listener) => subscribe(everyMs, listener),
    () => {
      const pace = paceOf(everyMs)
      if (!pace.timer) pace.now = Math.max(pace.now, Math.floor(Date.now() / everyMs) * everyMs)
      return pace.now
    },
  )
}
