/** Plays a random program twice, on the plain model of routing and on the engine with a real database, and compares them after each step. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect } from 'vitest'
import * as interactions from '../../interactions/interactions.ts'
import type { Ring } from '../../push/ring.ts'
import * as entries from '../../routing/entries.ts'
import type { Strategy } from '../../routing/strategy.ts'
import type { Target } from '../../routing/targets.ts'
import { type Change, changeInteraction, leaveQueue, type Writer } from '../change.ts'
import { close } from '../close.ts'
import { accept, decline } from '../offer/offer.ts'
import { drain } from './drain.ts'
import { routeRequests } from './route.ts'
import {
  type Agent,
  type Aim,
  createModel,
  type Interaction,
  type Model,
  PASS_SECONDS,
  type Queue,
  STEP_TIMEOUT_SECONDS,
  type World,
} from './routing-model-testing.ts'
import { callerOf, type testCentre } from './routing-testing.ts'

type Centre = Awaited<ReturnType<typeof testCentre>>

const agent = fc.nat({ max: 4 })
const interaction = fc.nat({ max: 7 })
// Mostly answers to offers that are open, lest programs are refused all the way; now and then anybody tries anything.
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), account: fc.nat({ max: 2 }) }) },
  { weight: 6, arbitrary: fc.constant({ do: 'pass' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'decline' as const, 'decline' as const),
      offer: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'decline' as const, 'close' as const, 'close' as const),
      agent,
      interaction,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('handOver' as const),
      agent,
      interaction,
      to: fc.record({
        kind: fc.constantFrom('queue' as const, 'agent' as const, 'team' as const),
        at: agent,
      }),
      isForEver: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), agent, isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lease' as const), agent, isOn: fc.boolean() }) },
)

const weight = fc.nat({ max: 2 })
const capacity = fc.integer({ min: 1, max: 3 })
const level = fc.nat({ max: 10 })

export function programs(length: { minLength: number; maxLength: number }) {
  return fc.record({
    weights: fc.tuple(weight, weight, weight, weight),
    capacities: fc.tuple(capacity, capacity, capacity, capacity, capacity),
    levels: fc.tuple(level, level, level, level, level),
    commands: fc.array(fc.record({ command, run: fc.integer({ min: 0, max: 3 }) }), length),
  })
}
export type Program = ReturnType<typeof programs> extends fc.Arbitrary<infer T> ? T : never

const strategies: readonly Strategy[] = ['rrmemory', 'beepall', 'leastrecent', 'fewestactive']

async function makeWorld(centre: Centre, { weights, capacities, levels }: Program): Promise<World> {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await centre.db.deleteFrom(table).execute()
  const queues: Queue[] = []
  for (const [at, strategy] of strategies.entries()) {
    const weight = weights[at] ?? 0
    queues.push({ id: await centre.addQueue(strategy, { weight }), strategy, weight, last: 0, patience: [] })
  }
  const [round = 0, ring = 0, rested = 0, fewest = 0] = queues.map(({ id }) => id)
  const skill = await centre.addSkill()
  const picky = queues.find(({ id }) => id === rested)
  if (picky) {
    picky.patience = [
      { after: 0, level: 7 },
      { after: 15, level: 3 },
      { after: 40, level: 0 },
    ]
    await centre.askFor(
      rested,
      skill,
      picky.patience.map(({ after, level }) => [after, level]),
    )
  }
  const steps: World['steps'] = new Map()
  for (const flow of [[round, ring], [ring], [rested, fewest]]) {
    const account = await centre.addAccount(
      flow.map((queueId, at) => ({
        id: `s${at}`,
        type: 'queue',
        queueId,
        ...(flow.length > 1 && { timeoutSeconds: STEP_TIMEOUT_SECONDS }),
      })),
    )
    const timeout = flow.length > 1 ? STEP_TIMEOUT_SECONDS : Number.POSITIVE_INFINITY
    steps.set(
      account,
      flow.map((queue) => ({ queue, timeout })),
    )
  }
  const [one = 0, two = 0, three = 0] = [...steps.keys()]
  const places = [
    { queues: [round, ring, rested], accounts: [one, two, three] },
    { queues: [round, fewest], accounts: [one, three] },
    { queues: [round, ring, rested, fewest], accounts: [one, two, three] },
    { queues: [ring, fewest], accounts: [two, three] },
    { queues: [rested, fewest], accounts: [one, two, three] },
  ]
  const agents: Agent[] = []
  for (const [index, place] of places.entries()) {
    const capacity = capacities[index] ?? 1
    const level = levels[index] ?? 0
    const id = await centre.addAgent(place.accounts, place.queues, capacity)
    if (level > 0) await centre.giveSkills(id, [[skill, level]])
    agents.push({ id, capacity, level, ...place, teams: [], isHere: true, state: 'available', engagedAt: 0 })
  }
  const teams: number[] = []
  for (const members of [agents.slice(0, 3), agents.slice(2)]) {
    const team = await centre.addTeam(members.map(({ id }) => id))
    for (const member of members) member.teams = [...member.teams, team]
    teams.push(team)
  }
  return { agents, queues, steps, teams }
}

/** `make` may spoil the model, `isDeafToFreed` the router, to see that it is found out. */
export async function play(
  centre: Centre,
  program: Program,
  make: (world: World) => Model = createModel,
  { isDeafToFreed = false } = {},
): Promise<void> {
  const world = await makeWorld(centre, program)
  const model = make(world)
  const accounts = [...world.steps.keys()]
  // As the router does: a closing has those served who have a slot again, most else whatever waits.
  let isWhole = true
  const freed = new Set<number>()
  const ring = (rung: Ring): void => {
    isWhole ||= rung.route ?? false
    if (!isDeafToFreed) for (const userId of rung.freed ?? []) freed.add(userId)
  }
  const node: Writer = { db: centre.node.db, push: { ring } }
  for (const { command: step, run } of program.commands) {
    if (['open', 'pass', 'pause', 'lease'].includes(step.do)) isWhole = true
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
      case 'handOver': {
        const interaction = model.nth(step.interaction)
        const [aim, target] = aimOf(world, step.to)
        if (!agent || !interaction) break
        const seconds = step.isForEver ? null : STEP_TIMEOUT_SECONDS
        const done = await outcome(
          changeInteraction(node, callerOf(agent.id), interaction.id, (it) => handOver(it, target, seconds)),
        )
        expect(done).toBe(model.handOver(agent, interaction, aim, seconds ?? Number.POSITIVE_INFINITY))
        break
      }
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
      const agents = [...freed]
      freed.clear()
      if (isWhole) {
        await routeRequests(node)
        isWhole = (await drain(node)).left
      } else if (agents.length > 0) isWhole = (await drain(node, { agents })).left
      model.run()
    }
    expect(await engineState(centre, world, model.interactions)).toEqual(model.state())
  }
}

function aimOf(world: World, { kind, at }: { kind: 'queue' | 'agent' | 'team'; at: number }): [Aim, Target] {
  if (kind === 'queue') {
    const queue = world.queues[at % world.queues.length]?.id ?? 0
    return [{ queue }, { queueId: queue }]
  }
  if (kind === 'team') {
    const team = world.teams[at % world.teams.length] ?? 0
    return [{ team }, { teamId: team }]
  }
  const agent = world.agents[at % world.agents.length]?.id ?? 0
  return [{ agent }, { userId: agent }]
}

/** What every transfer comes down to. */
async function handOver(change: Change, target: Target, timeoutSeconds: number | null): Promise<void> {
  const { tx, interaction } = change
  if (interaction.state === 'closed') throw new Refusal('IN-103')
  await leaveQueue(change, 'transferred')
  const entry = {
    interactionId: interaction.id,
    accountId: interaction.account_id,
    stepId: null,
    timeoutSeconds,
    ...target,
  }
  await entries.enter(tx, [entry])
  await interactions.queue(tx, [entry])
  change.touch([interaction.user_id])
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

async function engineState({ db }: Centre, world: World, known: readonly Interaction[]) {
  const { rows } = await sql<{ interactions: string[]; offers: string[]; last: number[] }>`select
    array(select concat_ws(' ', id, state, coalesce(user_id::text, 'null')) from interaction
          where id = any(${known.map(({ id }) => id)}::bigint[]) order by id) as interactions,
    array(select concat(interaction_id, ':', user_id) from offer where state = 'open') as offers,
    array(select coalesce(last_user_id, 0) from queue
          where id = any(${world.queues.map(({ id }) => id)}::bigint[]) order by id) as last`.execute(db)
  const [row] = rows
  return { ...row, offers: row?.offers.sort() }
}
