/** The rules of routing as they are spoken, in plain loops over plain objects: what the tests compare the engine with. */
import { MAX_ASKED, type Strategy } from '../../routing/strategy.ts'

export const PASS_SECONDS = 11
const AGENT_TIMEOUT_SECONDS = 20
const ALONE_TIMEOUT_SECONDS = 60
const LEFT_ALONE_SECONDS = 30
export const STEP_TIMEOUT_SECONDS = 60

export interface Agent {
  id: number
  capacity: number
  queues: readonly number[]
  accounts: readonly number[]
  teams: readonly number[]
  /** Of the one skill that there is; 0: he lacks it. */
  level: number
  isHere: boolean
  state: 'available' | 'paused'
  engagedAt: number
}
export interface Queue {
  id: number
  strategy: Strategy
  weight: number
  last: number
  /** The level that is asked for from so many seconds on. */
  patience: readonly { after: number; level: number }[]
}
export type Aim = { queue: number } | { agent: number } | { team: number }
interface Entry {
  aim: Aim
  /** null: somebody put it there, and no step follows. */
  step: number | null
  round: number
  enteredAt: number
  until: number
}
export interface Interaction {
  id: number
  account: number
  state: string
  user: number | null
  isRequested: boolean
  entry: Entry | null
}
interface Offer {
  interaction: number
  user: number
  takesSlot: boolean
  state: string
  expiresAt: number
  endedAt: number
  /** Whether it belongs to the wait that is still going on. */
  isOfThisWait: boolean
}
export interface World {
  agents: Agent[]
  queues: Queue[]
  steps: Map<number, { queue: number; timeout: number }[]>
  teams: readonly number[]
}
export type Model = ReturnType<typeof createModel>

function fail(): never {
  throw new Error('no such queue')
}

export function createModel({ agents, queues, steps }: World) {
  const interactions: Interaction[] = []
  let offers: Offer[] = []
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
  const promised = (user: number) => open({ user }).filter(({ takesSlot }) => takesSlot)
  const load = (user: number) => has(user) + promised(user).length
  const isFree = (agent: Agent) =>
    agent.isHere && agent.state === 'available' && load(agent.id) < agent.capacity

  const strategyOf = ({ aim }: Entry): Strategy =>
    'queue' in aim ? queueOf(aim.queue).strategy : 'team' in aim ? 'beepall' : 'rrmemory'
  const weightOf = ({ aim }: Entry) => ('queue' in aim ? queueOf(aim.queue).weight : 'team' in aim ? 0 : 11)

  function suits(agent: Agent, { aim, enteredAt }: Entry): boolean {
    if ('agent' in aim) return agent.id === aim.agent
    if ('team' in aim) return agent.teams.includes(aim.team)
    const asked = queueOf(aim.queue).patience.findLast(({ after }) => clock - enteredAt >= after)
    return agent.queues.includes(aim.queue) && agent.level >= (asked?.level ?? 0)
  }

  function end(offer: Offer, state: string): void {
    offer.state = state
    offer.endedAt = clock * 1000 + round
  }

  function leave(interaction: Interaction, state: string): void {
    for (const offer of offers) if (offer.interaction === interaction.id) offer.isOfThisWait = false
    for (const offer of open({ interaction: interaction.id })) end(offer, state)
    interaction.entry = null
    interaction.isRequested = false
  }

  function wait(interaction: Interaction, aim: Aim, step: number | null, timeout: number): void {
    leave(interaction, 'withdrawn')
    interaction.state = 'queued'
    interaction.user = null
    interaction.entry = { aim, step, round, enteredAt: clock, until: clock + timeout }
  }

  function enter(interaction: Interaction, step: number): void {
    const next = steps.get(interaction.account)?.[step]
    if (next) wait(interaction, { queue: next.queue }, step, next.timeout)
    else {
      leave(interaction, 'withdrawn')
      interaction.state = 'new'
    }
  }

  function endWhatIsOver(): void {
    const due = open({}).map((offer) => {
      const agent = agents.find(({ id }) => id === offer.user)
      if (clock >= offer.expiresAt) return { offer, state: 'timeout' }
      if (!agent?.isHere || agent.state !== 'available') return { offer, state: 'withdrawn' }
      const slots = agent.capacity - has(agent.id)
      const lasting = promised(agent.id).filter(({ expiresAt }) => clock < expiresAt)
      const place = offer.takesSlot ? lasting.indexOf(offer) : 0
      return place >= slots ? { offer, state: 'withdrawn' } : undefined
    })
    for (const item of due) if (item) end(item.offer, item.state)
    for (const interaction of interactions) {
      const { entry } = interaction
      if (!entry) continue
      if (entry.until <= clock) enter(interaction, entry.step === null ? Number.NaN : entry.step + 1)
      else if (open({ interaction: interaction.id }).length === 0) interaction.state = 'queued'
    }
  }

  function inTurn(strategy: Strategy, fresh: readonly Agent[], last: number): Agent[] {
    if (strategy === 'beepall') return [...fresh]
    if (strategy === 'rrmemory')
      return [fresh.find(({ id }) => id > last) ?? fresh[0]].flatMap((it) => it ?? [])
    const rested = fresh.toSorted(
      (a, b) => promised(a.id).length - promised(b.id).length || a.engagedAt - b.engagedAt || a.id - b.id,
    )
    if (strategy === 'fewestactive') rested.sort((a, b) => load(a.id) - load(b.id))
    return rested.slice(0, 1)
  }

  function askAbout(interaction: Interaction, entry: Entry): void {
    const strategy = strategyOf(entry)
    const ringing = open({ interaction: interaction.id })
    if (strategy !== 'beepall' && ringing.length > 0) return
    const wait = offers.filter((offer) => offer.interaction === interaction.id && offer.isOfThisWait)
    const newest = (user: number) =>
      wait.filter((offer) => offer.user === user && offer.state !== 'withdrawn').at(-1)
    const free = agents.filter(
      (agent) =>
        isFree(agent) &&
        suits(agent, entry) &&
        agent.accounts.includes(interaction.account) &&
        (strategy !== 'beepall' || open({ user: agent.id }).length < MAX_ASKED),
    )
    const fresh = free.filter((agent) => !newest(agent.id))
    const endedAt = (agent: Agent) => newest(agent.id)?.endedAt ?? 0
    const again = (state: string) =>
      free
        .filter((agent) => newest(agent.id)?.state === state)
        .filter(
          (agent) => state !== 'declined' || clock - Math.floor(endedAt(agent) / 1000) >= LEFT_ALONE_SECONDS,
        )
        .toSorted((a, b) => endedAt(a) - endedAt(b) || a.id - b.id)
    const queue = 'queue' in entry.aim ? queueOf(entry.aim.queue) : undefined
    let group = inTurn(strategy, fresh, queue?.last ?? 0)
    for (const state of ['timeout', 'declined']) {
      if (group.length > 0 || ringing.length > 0) break
      group = strategy === 'beepall' ? again(state) : again(state).slice(0, 1)
    }
    const alone = Number.isFinite(entry.until) ? entry.until : clock + ALONE_TIMEOUT_SECONDS
    for (const agent of group) {
      offers.push({
        interaction: interaction.id,
        user: agent.id,
        takesSlot: strategy !== 'beepall',
        state: 'open',
        expiresAt: 'agent' in entry.aim ? alone : clock + AGENT_TIMEOUT_SECONDS,
        endedAt: 0,
        isOfThisWait: true,
      })
      if (queue) queue.last = agent.id
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
      round++
      endWhatIsOver()
      const waiting = interactions.flatMap((it) => (it.entry ? [{ it, entry: it.entry }] : []))
      waiting.sort(
        (a, b) => weightOf(b.entry) - weightOf(a.entry) || a.entry.round - b.entry.round || a.it.id - b.it.id,
      )
      for (const { it, entry } of waiting) askAbout(it, entry)
      offers = offers.filter(({ isOfThisWait }) => isOfThisWait)
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
      agent.engagedAt = round
      return 'done'
    },
    decline(agent: Agent, interaction: Interaction): string {
      round++
      if (!agent.accounts.includes(interaction.account)) return 'GE-105'
      const [offer] = open({ interaction: interaction.id, user: agent.id })
      if (!offer) return 'OF-102'
      end(offer, 'declined')
      if (interaction.entry && 'agent' in interaction.entry.aim) interaction.entry.until = clock
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
    /** Somebody hands it to an agent, a team or a queue. */
    handOver(agent: Agent, interaction: Interaction, aim: Aim, timeout: number): string {
      round++
      if (!agent.accounts.includes(interaction.account)) return 'GE-105'
      if (interaction.state === 'closed') return 'IN-103'
      wait(interaction, aim, null, timeout)
      return 'done'
    },
    state: () => ({
      interactions: interactions.map((it) => `${it.id} ${it.state} ${it.user}`),
      offers: open({})
        .map((it) => `${it.interaction}:${it.user}`)
        .sort(),
      last: queues.map((queue) => queue.last),
    }),
  }
}
