/**
 * Whom to ask about what waits: the strategies, as a pure function of who is free and who was asked before.
 *
 * What waits is served by weight of its queue, then by time of entry. Among the free candidates of an interaction those who were
 * not asked yet come first, then those who let an offer run out, then those who declined and were left alone long enough; the later
 * groups only when nobody of the earlier ones is free and nobody is being asked.
 *
 * rrmemory      the next after the queue's last in order of id
 * leastrecent   who was given an interaction longest ago
 * fewestactive  who has the fewest interactions; among equals as leastrecent
 * beepall       all of the group at once, and whoever becomes free while it rings
 *
 * The first three ask one agent at a time, and the offer takes one of his slots; who is being asked counts as engaged already. Among
 * those who were asked before they ask whom they asked longest ago. An offer of beepall takes no slot, but who has none free is not
 * asked.
 */
export type Strategy = 'rrmemory' | 'leastrecent' | 'fewestactive' | 'beepall'

/** What an agent did with the newest offer of this interaction; `alone`: he declined and is still to be left alone. */
export type Past = 'open' | 'timeout' | 'declined' | 'alone'

export interface Waiting {
  interactionId: number
  /** One of the three is set. */
  queueId: number | null
  userId: number | null
  teamId: number | null
  strategy: Strategy
  weight: number
  enteredAt: number
  timeoutSeconds: number
  /** Whom the queue asked last. */
  lastUserId: number | null
  /** Free agents of the target who see the account. */
  candidates: readonly number[]
  past: readonly { userId: number; past: Past; endedAt: number }[]
}

export interface Agent {
  userId: number
  /** Slots, after what he has and what he is promised. */
  free: number
  /** What he has and what he is promised. */
  load: number
  /** Open offers that take a slot. */
  promised: number
  /** When he was last given an interaction, in seconds; 0: never. */
  engagedAt: number
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
  const lastOfQueue = new Map<number | null, number>()
  const chosen: Choice[] = []
  for (const entry of waiting.toSorted(inOrder)) {
    const last = lastOfQueue.get(entry.queueId) ?? entry.lastUserId ?? 0
    for (const userId of pick(entry, byId, last)) {
      const agent = byId.get(userId)
      if (!agent) continue
      agent.asked++
      if (takesSlot(entry)) {
        agent.free--
        agent.load++
        agent.promised++
      }
      lastOfQueue.set(entry.queueId, userId)
      chosen.push({ waiting: entry, userId })
    }
  }
  return chosen
}

export function inOrder(a: Waiting, b: Waiting): number {
  return b.weight - a.weight || a.enteredAt - b.enteredAt || a.interactionId - b.interactionId
}

export function takesSlot({ strategy }: { strategy: Strategy }): boolean {
  return strategy !== 'beepall'
}

function pick(entry: Waiting, agents: ReadonlyMap<number, Agent>, last: number): number[] {
  const isAsked = entry.past.some(({ past }) => past === 'open')
  const isOne = takesSlot(entry)
  if (isAsked && isOne) return []
  const past = new Map(entry.past.map((item) => [item.userId, item]))
  const free = entry.candidates.flatMap((userId) => {
    const agent = agents.get(userId)
    return agent && agent.free > 0 && (isOne || agent.asked < MAX_ASKED) ? [agent] : []
  })
  const fresh = free.filter(({ userId }) => !past.has(userId))
  if (fresh.length > 0) return inTurn(entry.strategy, fresh, last)
  if (isAsked) return []
  for (const group of ['timeout', 'declined'] as const) {
    const again = free
      .flatMap(({ userId }) => past.get(userId) ?? [])
      .filter((item) => item.past === group)
      .sort((a, b) => a.endedAt - b.endedAt || a.userId - b.userId)
      .map((item) => item.userId)
    if (again.length > 0) return isOne ? again.slice(0, 1) : again
  }
  return []
}

function inTurn(strategy: Strategy, agents: readonly Agent[], last: number): number[] {
  const byId = (a: Agent, b: Agent) => a.userId - b.userId
  const byRest = (a: Agent, b: Agent) => a.promised - b.promised || a.engagedAt - b.engagedAt || byId(a, b)
  switch (strategy) {
    case 'beepall':
      return ids(agents.toSorted(byId))
    case 'rrmemory':
      return ids(
        agents
          .toSorted((a, b) => Number(a.userId <= last) - Number(b.userId <= last) || byId(a, b))
          .slice(0, 1),
      )
    case 'leastrecent':
      return ids(agents.toSorted(byRest).slice(0, 1))
    case 'fewestactive':
      return ids(agents.toSorted((a, b) => a.load - b.load || byRest(a, b)).slice(0, 1))
  }
}

function ids(agents: readonly Agent[]): number[] {
  return agents.map(({ userId }) => userId)
}
