/**
 * Shares the connections out among the origins that are called, so that no slow endpoint can take every one.
 *
 * An origin begins with few, gets one more with every answer and loses half with every failure: an endpoint that answers quickly
 * soon has all it can use, and one that hangs holds a single connection. Beyond that nobody has more than his part of the total.
 */

export interface Origins {
  /** Connections that anybody may still take. */
  free(): number
  /** How many more of them the origin may take now. */
  room(origin: string): number
  /** False when there is no room, unless it must be. Every one taken is given back once. */
  take(origin: string, must?: boolean): boolean
  give(origin: string): void
  /** How an attempt went: whether the origin answered in time with anything but "not now". */
  learn(origin: string, wentWell: boolean): void
}

interface State {
  taken: number
  limit: number
}

const FIRST_LIMIT = 2
/** Idle origins are remembered up to this many: what was learned about them spares a slow start. */
const MAX_KNOWN = 5000

export function shareConnections(total: number, perOrigin: number): Origins {
  const firstLimit = Math.min(FIRST_LIMIT, perOrigin)
  const known = new Map<string, State>()
  const busy = new Set<string>()
  let taken = 0

  const room = (origin: string): number => {
    const { taken: mine, limit } = known.get(origin) ?? { taken: 0, limit: firstLimit }
    // The part of one more origin than there are stays free for whoever comes next.
    const sharers = busy.size + (mine > 0 ? 1 : 2)
    const fair = Math.max(1, Math.floor(total / sharers))
    return Math.max(0, Math.min(total - taken, Math.min(limit, fair) - mine))
  }

  const stateOf = (origin: string): State => {
    const state = known.get(origin) ?? { taken: 0, limit: firstLimit }
    // Last in the map is last used.
    known.delete(origin)
    known.set(origin, state)
    return state
  }

  const forgetOldest = (): void => {
    for (const [origin, state] of known) {
      if (known.size <= MAX_KNOWN) return
      if (state.taken === 0) known.delete(origin)
    }
  }

  return {
    free: () => Math.max(0, total - taken),
    room,
    take(origin, must = false) {
      if (!must && room(origin) === 0) return false
      stateOf(origin).taken++
      busy.add(origin)
      taken++
      forgetOldest()
      return true
    },
    give(origin) {
      const state = stateOf(origin)
      state.taken--
      taken--
      if (state.taken === 0) busy.delete(origin)
    },
    learn(origin, wentWell) {
      const state = stateOf(origin)
      state.limit = wentWell ? Math.min(state.limit + 1, perOrigin) : Math.max(1, Math.floor(state.limit / 2))
    },
  }
}
