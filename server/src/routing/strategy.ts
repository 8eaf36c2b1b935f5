/**
 * Whom to ask about what waits: the strategies, as a pure function of who is free and who was asked before.
 *
 * What waits is served by weight of its queue, then by time of entry. Among the free candidates of an interaction those who were
 * not asked yet come first, then those who let an offer run out, then those who declined and were left alone long enough; the later
 * groups only when nobody of the earlier ones is free and nobody is being asked.
 *
 * rrmemory  asks one: among those not asked yet the next after the queue's last in order of id, else who was asked longest ago.
 *           The offer takes one of his slots.
 * beepall   asks all of the group at once, and whoever becomes free while it rings. An offer takes no slot, but who has none free is
 *           not asked.
 */
export type Strategy = 'rrmemory' | 'beepall'

/** What an agent did with the newest offer of this interaction; `alone`: he declined and is still to be left alone. */
export type Past = 'open' | 'timeout' | 'declined' | 'alone'

export interface Waiting {
  interactionId: number
  queueId: number
  strategy: Strategy
  weight: number
  enteredAt: number
  timeoutSeconds: number
  /** Whom the queue asked last. */
  lastUserId: number | null
  /** Free members of the queue who see the account. */
  candidates: readonly number[]
  past: readonly { userId: number; past: Past; endedAt: number }[]
}

export interface Agent {
  userId: number
  /** Slots, after what he has and what rrmemory asks him about. */
  free: number
  /** How many offers he looks at now. */
  asked: number
}

export interface Choice {
  waiting: Waiting
  userId: number
}

/** beepall rings an agent about no more: so many cards nobody reads, and a crowd waiting would fill the table of offers. */
export const MAX_ASKED = 25

export function choose(waiting: readonly Waiting[], agents: readonly Agent[]): Choice[] {
  const byId = new Map(agents.map((agent) => [agent.userId, { ...agent }]))
  const lastOfQueue = new Map<number, number>()
  const chosen: Choice[] = []
  for (const entry of waiting.toSorted(inOrder)) {
    const last = lastOfQueue.get(entry.queueId) ?? entry.lastUserId ?? 0
    for (const userId of pick(entry, byId, last)) {
      const agent = byId.get(userId)
      if (!agent) continue
      agent.asked++
      if (entry.strategy === 'rrmemory') agent.free--
      lastOfQueue.set(entry.queueId, userId)
      chosen.push({ waiting: entry, userId })
    }
  }
  return chosen
}

export function inOrder(a: Waiting, b: Waiting): number {
  return b.weight - a.weight || a.enteredAt - b.enteredAt || a.interactionId - b.interactionId
}

function pick(entry: Waiting, agents: ReadonlyMap<number, Agent>, last: number): number[] {
  const isAsked = entry.past.some(({ past }) => past === 'open')
  if (isAsked && entry.strategy === 'rrmemory') return []
  const past = new Map(entry.past.map((item) => [item.userId, item]))
  const free = entry.candidates.filter((userId) => {
    const agent = agents.get(userId)
    return agent !== undefined && agent.free > 0 && (entry.strategy === 'rrmemory' || agent.asked < MAX_ASKED)
  })
  const fresh = free.filter((userId) => !past.has(userId)).sort((a, b) => a - b)
  if (fresh.length > 0)
    return entry.strategy === 'beepall' ? fresh : [fresh.find((id) => id > last) ?? fresh[0] ?? 0]
  if (isAsked) return []
  for (const group of ['timeout', 'declined'] as const) {
    const again = free
      .flatMap((userId) => past.get(userId) ?? [])
      .filter((item) => item.past === group)
      .sort((a, b) => a.endedAt - b.endedAt || a.userId - b.userId)
      .map((item) => item.userId)
    if (again.length > 0) return entry.strategy === 'beepall' ? again : again.slice(0, 1)
  }
  return []
}
