/** The plain model of routing against the engine on a real database, over random programs. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Change, changeInteraction } from '../change.ts'
import { close } from '../close.ts'
import { accept, decline } from '../offer/offer.ts'
import { drain } from './drain.ts'
import { routeRequests } from './route.ts'
import {
  type Agent,
  createModel,
  type Interaction,
  PASS_SECONDS,
  type Queue,
  STEP_TIMEOUT_SECONDS,
  type World,
} from './routing-model-testing.ts'
import { callerOf, testCentre } from './routing-testing.ts'

const centre = await testCentre()
const { node, db } = centre

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
