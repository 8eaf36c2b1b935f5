/** A plain model of routing, written as the rules are spoken, against the engine on a real database over random programs. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Strategy } from '../routing/strategy.ts'
import { type Change, changeInteraction } from './change.ts'
import { close } from './close.ts'
import { drain } from './drain.ts'
import { accept, decline } from './offer.ts'
import { routeRequests } from './route.ts'
import { callerOf, testCentre } from './routing-testing.ts'

const centre = await testCentre()
const { node, db } = centre

const PASS_SECONDS = 11
const AGENT_TIMEOUT_SECONDS = 20
const STEP_TIMEOUT_SECONDS = 60

interface Agent {
  id: number
  capacity: number
  queues: number[]
  accounts: number[]
  isHere: boolean
  state: 'available' | 'paused'
}
interface Queue {
  id: number
  strategy: Strategy
  weight: number
  last: number
}
interface Interaction {
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
interface World {
  agents: Agent[]
  queues: Queue[]
  steps: Map<number, { queue: number; timeout: number }[]>
}

function createModel({ agents, queues, steps }: World) {
  const interactions: Interaction[] = []
  const offers: Offer[] = []
  let clock = 0
  let round = 0

  const queueOf = (id: number) => queues.find((queue) => queue.id === id) ?? expect.fail('no such queue')
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

async function makeWorld(weights: readonly [number, number], capacities: readonly number[]): Promise<World> {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await db.deleteFrom(table).execute()
  const queues: Queue[] = []
  for (const [strategy, weight] of [
    ['rrmemory', weights[0]],
    ['beepall', weights[1]],
  ] as const)
    queues.push({ id: await centre.addQueue(strategy, { weight }), strategy, weight, last: 0 })
  const [round, ring] = queues.map(({ id }) => id) as [number, number]
  const steps = new Map([
    [
      await centre.addAccount([
        { type: 'queue', queueId: round, timeoutSeconds: STEP_TIMEOUT_SECONDS },
        { type: 'queue', queueId: ring, timeoutSeconds: STEP_TIMEOUT_SECONDS },
      ]),
      [
        { queue: round, timeout: STEP_TIMEOUT_SECONDS },
        { queue: ring, timeout: STEP_TIMEOUT_SECONDS },
      ],
    ],
    [
      await centre.addAccount([{ type: 'queue', queueId: ring }]),
      [{ queue: ring, timeout: Number.POSITIVE_INFINITY }],
    ],
  ])
  const [one = 0, two = 0] = [...steps.keys()]
  const places = [
    { queues: [round, ring], accounts: [one, two] },
    { queues: [round], accounts: [one] },
    { queues: [round, ring], accounts: [one, two] },
    { queues: [ring], accounts: [two] },
  ]
  const agents: Agent[] = []
  for (const [index, place] of places.entries()) {
    const capacity = capacities[index] ?? 1
    const id = await centre.addAgent(place.accounts, place.queues, capacity)
    agents.push({ id, capacity, ...place, isHere: true, state: 'available' })
  }
  return { agents, queues, steps }
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const agent = fc.nat({ max: 3 })
// Mostly answers to offers that are open, lest programs are refused all the way; now and then anybody tries anything.
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), account: fc.nat({ max: 1 }) }) },
  { weight: 6, arbitrary: fc.constant({ do: 'pass' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'decline' as const, 'decline' as const),
      offer: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'decline' as const, 'close' as const, 'close' as const),
      agent,
      interaction: fc.nat({ max: 7 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), agent, isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lease' as const), agent, isOn: fc.boolean() }) },
)
const commands = fc.array(fc.record({ command, run: fc.integer({ min: 0, max: 3 }) }), {
  minLength: 20,
  maxLength: 60,
})
type Commands = typeof commands extends fc.Arbitrary<infer T> ? T : never

async function play(world: World, commands: Commands): Promise<void> {
  const model = createModel(world)
  const accounts = [...world.steps.keys()]
  for (const { command: step, run } of commands) {
    const agent = 'agent' in step ? world.agents[step.agent] : undefined
    switch (step.do) {
      case 'open': {
        const account = accounts[step.account] ?? 0
        model.opened(await centre.openInteraction(account), account)
        break
      }
      case 'pass':
        await centre.pass(PASS_SECONDS)
        model.pass()
        break
      case 'pause':
        if (!agent) break
        agent.state = step.isOn ? 'paused' : 'available'
        await centre.setState(agent.id, agent.state)
        break
      case 'lease':
        if (!agent) break
        agent.isHere = step.isOn
        await centre.setHere(agent.id, step.isOn)
        break
      default: {
        const whom =
          'offer' in step ? model.asked(step.offer) : { agent, interaction: model.nth(step.interaction) }
        if (!whom?.agent || !whom.interaction) break
        const verbs = {
          accept,
          decline: (change: Change) => decline(change, null),
          close: (change: Change) => close(change, undefined),
        }
        const caller = callerOf(whom.agent.id)
        const done = await outcome(changeInteraction(node, caller, whom.interaction.id, verbs[step.do]))
        expect(done).toBe(model[step.do](whom.agent, whom.interaction))
      }
    }
    if (run > 0) {
      await routeRequests(node)
      await drain(node)
      model.run()
    }
    expect(await engineState(world, model.interactions)).toEqual(model.state())
  }
}

async function engineState(world: World, interactions: readonly Interaction[]) {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', id, state, coalesce(user_id::text, 'null')) as line from interaction
    where id = any(${interactions.map(({ id }) => id)}::bigint[]) order by id`.execute(db)
  const queues = await sql<{ last: number }>`
    select coalesce(last_user_id, 0) as last from queue where id = any(${world.queues.map(({ id }) => id)}::bigint[]) order by id`.execute(
    db,
  )
  return {
    interactions: rows.map(({ line }) => line),
    offers: (await centre.openOffers()).map((row) => `${row.interaction_id}:${row.user_id}`).sort(),
    last: queues.rows.map(({ last }) => last),
  }
}

test('over random programs the engine asks exactly whom the rules name', { timeout: 60_000 }, async () => {
  const weight = fc.nat({ max: 2 })
  const capacity = fc.integer({ min: 1, max: 2 })
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(weight, weight),
      fc.tuple(capacity, capacity, capacity, capacity),
      commands,
      async (weights, capacities, commands) => play(await makeWorld(weights, capacities), commands),
    ),
    { numRuns: 20 },
  )
})
