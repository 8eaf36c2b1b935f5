/** The rules of routing as they are spoken, in plain loops over plain objects: what the tests compare the engine with. */
import type { Strategy } from '../../routing/strategy.ts'

export const PASS_SECONDS = 11
const AGENT_TIMEOUT_SECONDS = 20
export const STEP_TIMEOUT_SECONDS = 60

export interface Agent {
  id: number
  capacity: number
  queues: number[]
  accounts: number[]
  isHere: boolean
  state: 'available' | 'paused'
}
export interface Queue {
  id: number
  strategy: Strategy
  weight: number
  last: number
}
export interface Interaction {
  id: number
  account: number
  state: string
  user: number | null
  isRequested: boolean
  entry: { queue: number; step: number; round: number; enteredAt: number; until: number } | null
}
interface Offer {
  interaction: number
  user: number
  queue: number
  state: string
  madeAt: number
  endedAt: number
  /** Whether it belongs to the stay in a queue that is still going on. */
  isOfThisStay: boolean
}
export interface World {
  agents: Agent[]
  queues: Queue[]
  steps: Map<number, { queue: number; timeout: number }[]>
}

function fail(): never {
  throw new Error('no such queue')
}

export function createModel({ agents, queues, steps }: World) {
  const interactions: Interaction[] = []
  const offers: Offer[] = []
  let clock = 0
  let round = 0

  const queueOf = (id: number) => queues.find((queue) => queue.id === id) ?? fail()
  const open = (of: { interaction?: number; user?: number }) =>
    offers.filter(
      (offer) =>
        offer.state === 'open' &&
        (of.interaction === undefined || offer.interaction === of.interaction) &&
        (of.user === undefined || offer.user === of.user),
    )
  const has = (user: number) =>
    interactions.filter((it) => it.state === 'assigned' && it.user === user).length
  const promised = (user: number) => open({ user }).filter((it) => queueOf(it.queue).strategy === 'rrmemory')
  const isFree = (agent: Agent) =>
    agent.isHere && agent.state === 'available' && has(agent.id) + promised(agent.id).length < agent.capacity

  function end(offer: Offer, state: string): void {
    offer.state = state
    offer.endedAt = clock * 1000 + round
  }

  function leave(interaction: Interaction, state: string): void {
    for (const offer of offers) if (offer.interaction === interaction.id) offer.isOfThisStay = false
    for (const offer of open({ interaction: interaction.id })) end(offer, state)
    interaction.entry = null
    interaction.isRequested = false
  }

  function enter(interaction: Interaction, step: number): void {
    const next = steps.get(interaction.account)?.[step]
    leave(interaction, 'withdrawn')
    interaction.state = next ? 'queued' : 'new'
    if (next)
      interaction.entry = { queue: next.queue, step, round, enteredAt: clock, until: clock + next.timeout }
  }

  function endWhatIsOver(): void {
    const due = offers
      .filter((offer) => offer.state === 'open')
      .map((offer) => {
        const agent = agents.find(({ id }) => id === offer.user)
        if (!agent) return { offer, state: 'withdrawn' }
        if (clock - offer.madeAt >= AGENT_TIMEOUT_SECONDS) return { offer, state: 'timeout' }
        if (!agent.isHere || agent.state !== 'available') return { offer, state: 'withdrawn' }
        const slots = agent.capacity - has(agent.id)
        const lasting = promised(agent.id).filter((it) => clock - it.madeAt < AGENT_TIMEOUT_SECONDS)
        const place = queueOf(offer.queue).strategy === 'beepall' ? 0 : lasting.indexOf(offer)
        return place >= slots ? { offer, state: 'withdrawn' } : undefined
      })
    for (const item of due) if (item) end(item.offer, item.state)
    for (const interaction of interactions) {
      if (!interaction.entry) continue
      if (interaction.entry.until <= clock) enter(interaction, interaction.entry.step + 1)
      else if (open({ interaction: interaction.id }).length === 0) interaction.state = 'queued'
    }
  }

  function askAbout(interaction: Interaction): void {
    const { entry } = interaction
    if (!entry) return
    const queue = queueOf(entry.queue)
    const ringing = open({ interaction: interaction.id })
    if (queue.strategy === 'rrmemory' && ringing.length > 0) return
    const stay = offers.filter((offer) => offer.interaction === interaction.id && offer.isOfThisStay)
    const newest = (user: number) =>
      stay.filter((offer) => offer.user === user && offer.state !== 'withdrawn').at(-1)
    const free = agents.filter(
      (agent) =>
        isFree(agent) && agent.queues.includes(queue.id) && agent.accounts.includes(interaction.account),
    )
    const fresh = free.filter((agent) => !newest(agent.id))
    const silent = (state: string) =>
      free
        .filter((agent) => newest(agent.id)?.state === state)
        .filter(
          (agent) =>
            state !== 'declined' || clock - Math.floor((newest(agent.id)?.endedAt ?? 0) / 1000) >= 30,
        )
        .toSorted((a, b) => (newest(a.id)?.endedAt ?? 0) - (newest(b.id)?.endedAt ?? 0) || a.id - b.id)
    let group = fresh
    if (group.length === 0 && ringing.length === 0) group = silent('timeout')
    if (group.length === 0 && ringing.length === 0) group = silent('declined')
    if (queue.strategy === 'rrmemory') {
      const next = group === fresh ? (fresh.find((agent) => agent.id > queue.last) ?? fresh[0]) : group[0]
      group = next ? [next] : []
    }
    for (const agent of group) {
      const offer = { interaction: interaction.id, user: agent.id, queue: queue.id, madeAt: clock }
      offers.push({ ...offer, state: 'open', endedAt: 0, isOfThisStay: true })
      queue.last = agent.id
      interaction.state = 'offered'
    }
  }

  return {
    interactions,
    nth: (n: number) => interactions[n % Math.max(1, interactions.length)],
    /** The n-th open offer. */
    asked(n: number) {
      const all = open({})
      const offer = all[n % Math.max(1, all.length)]
      return (
        offer && {
          agent: agents.find(({ id }) => id === offer.user),
          interaction: interactions.find(({ id }) => id === offer.interaction),
        }
      )
    },
    pass() {
      clock += PASS_SECONDS
    },
    opened(id: number, account: number) {
      interactions.push({ id, account, state: 'new', user: null, isRequested: true, entry: null })
    },
    run() {
      round++
      for (const it of interactions) if (it.isRequested && it.state === 'new') enter(it, 0)
      for (const it of interactions) it.isRequested = false
      endWhatIsOver()
      const waiting = interactions.flatMap((it) => (it.entry ? [{ it, entry: it.entry }] : []))
      waiting.sort(
        (a, b) =>
          queueOf(b.entry.queue).weight - queueOf(a.entry.queue).weight ||
          a.entry.round - b.entry.round ||
          a.it.id - b.it.id,
      )
      for (const { it } of waiting) askAbout(it)
    },
    accept(agent: Agent, interaction: Interaction): string {
      round++
      if (!agent.accounts.includes(interaction.account)) return 'GE-105'
      if (interaction.state === 'closed') return 'IN-103'
      if (interaction.state === 'assigned') return interaction.user === agent.id ? 'done' : 'OF-101'
      const asked = open({ interaction: interaction.id })
      if (asked.length > 0 && !asked.some((offer) => offer.user === agent.id)) return 'OF-101'
      if (interaction.entry && has(agent.id) >= agent.capacity) return 'OF-103'
      leave(interaction, 'taken')
      interaction.state = 'assigned'
      interaction.user = agent.id
      return 'done'
    },
    decline(agent: Agent, interaction: Interaction): string {
      round++
      if (!agent.accounts.includes(interaction.account)) return 'GE-105'
      const [offer] = open({ interaction: interaction.id, user: agent.id })
      if (!offer) return 'OF-102'
      end(offer, 'declined')
      if (open({ interaction: interaction.id }).length === 0) interaction.state = 'queued'
      return 'done'
    },
    close(agent: Agent, interaction: Interaction): string {
      round++
      if (!agent.accounts.includes(interaction.account)) return 'GE-105'
      leave(interaction, 'withdrawn')
      interaction.state = 'closed'
      return 'done'
    },
    state: () => ({
      interactions: interactions.map((it) => `${it.id} ${it.state} ${it.user}`),
      offers: offers
        .filter(({ state }) => state === 'open')
        .map((it) => `${it.interaction}:${it.user}`)
        .sort(),
      last: queues.map((queue) => queue.last),
    }),
  }
}
