import { Refusal } from '@patchbay/kit/refusal.ts'
import { beforeEach, describe, expect, test } from 'vitest'
import * as interactions from '../../interactions/interactions.ts'
import * as offers from '../../routing/offers.ts'
import { changeInteraction } from '../change.ts'
import { close } from '../close.ts'
import { drain } from '../route/drain.ts'
import { routeRequests } from '../route/route.ts'
import { callerOf, testCentre } from '../route/routing-testing.ts'
import { toQueue } from '../transfer.ts'
import { accept, decline } from './offer.ts'

const centre = await testCentre()
const { node, db } = centre

async function run(): Promise<void> {
  while ((await routeRequests(node)).left);
  while ((await drain(node)).left);
}
const take = (userId: number, id: number) => changeInteraction(node, callerOf(userId), id, accept)
const pass = (userId: number, id: number) =>
  changeInteraction(node, callerOf(userId), id, (change) => decline(change, null))
const end = (userId: number, id: number) =>
  changeInteraction(node, callerOf(userId), id, (change) => close(change, undefined))

/** An account whose interactions go to one queue of so many agents. */
async function queueOf(
  strategy: 'rrmemory' | 'beepall',
  agents: number,
  options: { capacity?: number; timeoutSeconds?: number } = {},
) {
  const queue = await centre.addQueue(strategy)
  const account = await centre.addAccount([
    { type: 'queue', queueId: queue, timeoutSeconds: options.timeoutSeconds ?? null },
  ])
  const ids: number[] = []
  for (let n = 0; n < agents; n++) ids.push(await centre.addAgent([account], [queue], options.capacity))
  return { queue, account, agents: ids, open: () => centre.openInteraction(account) }
}

// Agents of earlier tests must not matter, nor what still waits for them.
beforeEach(async () => {
  await db.deleteFrom('queue_entry').execute()
  await db.updateTable('offer').set({ state: 'withdrawn' }).where('state', '=', 'open').execute()
})

describe('rrmemory', () => {
  test('asks one agent after another in the order of their ids, and starts again from the first', async () => {
    const { agents, open } = await queueOf('rrmemory', 3)
    const asked: (number | undefined)[] = []
    for (let n = 0; n < 4; n++) {
      await open()
      await run()
      asked.push((await centre.openOffers()).at(-1)?.user_id)
    }
    expect(asked).toEqual([...agents, agents[0]])
  })

  test('an offer that runs out goes on to the next, and comes back when all have been asked', async () => {
    const { agents, open } = await queueOf('rrmemory', 2)
    const [first, second] = agents
    const id = await open()
    await run()
    await centre.pass(21)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:timeout`, `${second}:open`])
    await centre.pass(21)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:timeout`, `${second}:timeout`, `${first}:open`])
    expect(await centre.eventsOf(id)).toEqual([
      'queued',
      'offered',
      'timeout',
      'offered',
      'timeout',
      'offered',
    ])
  })

  test('one who declined is left alone for half a minute, then asked again when nobody else is free', async () => {
    const { agents, open } = await queueOf('rrmemory', 2)
    const [first = 0, second = 0] = agents
    const id = await open()
    await run()
    await pass(first, id)
    await centre.setState(second, 'paused')
    await run()
    expect(await centre.interaction(id)).toMatchObject({ state: 'queued' })
    await centre.pass(29)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:declined`])
    await centre.pass(2)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:declined`, `${first}:open`])
  })

  test('a declined offer passes to the next agent at once', async () => {
    const { agents, open } = await queueOf('rrmemory', 2)
    const [first = 0, second] = agents
    const id = await open()
    await run()
    await pass(first, id)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:declined`, `${second}:open`])
    expect(await centre.interaction(id)).toMatchObject({ state: 'offered', user_id: null })
  })

  test('offers take slots: what exceeds them waits and is offered when one is free', async () => {
    const { agents, open } = await queueOf('rrmemory', 1, { capacity: 2 })
    const [agent = 0] = agents
    const ids = [await open(), await open(), await open()] as const
    await run()
    expect(await centre.openOffers()).toHaveLength(2)
    await take(agent, ids[0])
    await run()
    expect(await centre.offersOf(ids[2])).toEqual([])
    await end(agent, ids[0])
    await run()
    expect(await centre.offersOf(ids[2])).toEqual([`${agent}:open`])
  })
})

describe('beepall', () => {
  test('asks all at once; the first to accept has it, the others see it taken and by whom', async () => {
    const { agents, open } = await queueOf('beepall', 3)
    const [, second = 0, third = 0] = agents
    const id = await open()
    await run()
    expect(await centre.openOffers()).toHaveLength(3)
    await take(second, id)
    expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: second, unread: 0 })
    expect((await centre.offersOf(id)).sort()).toEqual(
      agents.map((agent) => `${agent}:${agent === second ? 'accepted' : 'taken'}`).sort(),
    )
    const refusal = await take(third, id).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ code: 'OF-101', extra: { by: await nameOf(second) } })
  })

  test('rings an agent who becomes free while it rings', async () => {
    const { agents, open } = await queueOf('beepall', 2)
    const [first, second = 0] = agents
    await centre.setState(second, 'paused')
    const id = await open()
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:open`])
    await centre.setState(second, 'available')
    await run()
    expect(await centre.offersOf(id)).toEqual([`${first}:open`, `${second}:open`])
  })

  test('an offer takes no slot, but accepting does: two at once from an agent with one slot give one', async () => {
    const { agents, open } = await queueOf('beepall', 1, { capacity: 1 })
    const [agent = 0] = agents
    const ids = [await open(), await open()]
    await run()
    expect(await centre.openOffers()).toHaveLength(2)
    const results = await Promise.allSettled(ids.map((id) => take(agent, id)))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'OF-103' } })
    await run()
    expect(await centre.openOffers()).toEqual([])
  })
})

test('who hands an interaction to his own queue is asked about it last', async () => {
  const { queue, agents, open } = await queueOf('rrmemory', 2)
  const [first = 0, second = 0] = agents
  const id = await open()
  await run()
  await take(first, id)
  await changeInteraction(node, callerOf(first), id, (change) => toQueue(change, queue))
  await centre.setState(second, 'paused')
  await run()
  expect(await centre.interaction(id)).toMatchObject({ state: 'queued', user_id: null })
  await centre.setState(second, 'available')
  await run()
  expect(await centre.openOffers()).toEqual([{ interaction_id: id, user_id: second }])
})

test('a crowd larger than one drain takes is offered to the end', async () => {
  const { account } = await queueOf('rrmemory', 3, { capacity: 100 })
  for (let n = 0; n < 250; n++) await centre.openInteraction(account)
  await run()
  expect(await centre.openOffers()).toHaveLength(250)
})

test('a crowd that the only free agent declined does not hide what waits behind it', async () => {
  const { queue, account, agents } = await queueOf('rrmemory', 1)
  const [agent = 0] = agents
  await centre.setState(agent, 'paused')
  const ids: number[] = []
  for (let n = 0; n < 251; n++) ids.push(await centre.openInteraction(account))
  await run()
  for (const id of ids.slice(0, -1))
    await db.transaction().execute((tx) => offers.comeLast(tx, id, queue, agent))
  await centre.setState(agent, 'available')
  await run()
  expect(await centre.openOffers()).toEqual([{ interaction_id: ids.at(-1), user_id: agent }])
})

test('what waits in a heavier queue is served before what has waited longer in a lighter one', async () => {
  const light = await centre.addQueue('rrmemory', { weight: 0 })
  const heavy = await centre.addQueue('rrmemory', { weight: 7 })
  const one = await centre.addAccount([{ type: 'queue', queueId: light }])
  const two = await centre.addAccount([{ type: 'queue', queueId: heavy }])
  const early = await centre.openInteraction(one)
  await run()
  const late = await centre.openInteraction(two)
  const agent = await centre.addAgent([one, two], [light, heavy], 1)
  await run()
  expect(await centre.openOffers()).toEqual([{ interaction_id: late, user_id: agent }])
  expect(await centre.interaction(early)).toMatchObject({ state: 'queued' })
})

test('a heavier queue is served before a lighter one also where the first of many suit nobody who is free', async () => {
  const [light, heavy] = [
    await centre.addQueue('rrmemory', { weight: 0 }),
    await centre.addQueue('rrmemory', { weight: 7 }),
  ]
  const one = await centre.addAccount([{ type: 'queue', queueId: light }])
  const two = await centre.addAccount([{ type: 'queue', queueId: heavy }])
  const agent = await centre.addAgent([two], [heavy], 1)
  const both = await centre.addAgent([one, two], [light, heavy], 1)
  for (const id of [agent, both]) await centre.setState(id, 'paused')
  const heavies = [await centre.openInteraction(two), await centre.openInteraction(two)]
  await run()
  // As many as the two have slots, and one of the two has just declined them.
  for (const id of heavies) await db.transaction().execute((tx) => offers.comeLast(tx, id, heavy, both))
  const [behind, lighter] = [await centre.openInteraction(two), await centre.openInteraction(one)]
  await run()
  await db.updateTable('presence').set({ state: 'available' }).where('user_id', 'in', [agent, both]).execute()
  await run()
  expect(await centre.openOffers()).toEqual([
    { interaction_id: heavies[0], user_id: agent },
    { interaction_id: behind, user_id: both },
  ])
  expect(await centre.interaction(lighter)).toMatchObject({ state: 'queued' })
})

test('the longest waiting is served first, also after its offer ran out', async () => {
  const { agents, open } = await queueOf('rrmemory', 1, { capacity: 1 })
  const first = await open()
  await run()
  await centre.pass(1)
  const second = await open()
  await run()
  await centre.pass(20)
  await run()
  expect(await centre.openOffers()).toEqual([{ interaction_id: first, user_id: agents[0] }])
  expect(await centre.offersOf(second)).toEqual([])
})

test('a member of the queue who was not added to the account is never asked, an admin is', async () => {
  const { queue, account, agents } = await queueOf('beepall', 1)
  await centre.addAgent([], [queue])
  const admin = await centre.addUser({ role: 'admin' })
  await db.insertInto('queue_agent').values({ queue_id: queue, user_id: admin }).execute()
  await db
    .insertInto('presence')
    .values({ user_id: admin, state: 'available', lease_until: 'infinity' })
    .execute()
  const id = await centre.openInteraction(account)
  await run()
  expect(await centre.offersOf(id)).toEqual([`${agents[0]}:open`, `${admin}:open`])
})

test.each([
  ['goes offline', (id: number) => centre.setState(id, 'offline')],
  ['pauses', (id: number) => centre.setState(id, 'paused')],
  ['lets the lease end', (id: number) => centre.setHere(id, false)],
  [
    'is taken out of the queue',
    (id: number) => db.deleteFrom('queue_agent').where('user_id', '=', id).execute(),
  ],
  [
    'is taken out of the account',
    (id: number) => db.deleteFrom('account_agent').where('user_id', '=', id).execute(),
  ],
  [
    'is disabled',
    (id: number) =>
      db.updateTable('app_user').set({ disabled_at: new Date() }).where('id', '=', id).execute(),
  ],
])('an agent who %s is asked no longer, and the next is asked at once', async (_, leave) => {
  const { agents, open } = await queueOf('rrmemory', 2)
  const [first = 0, second] = agents
  const id = await open()
  await run()
  await leave(first)
  await run()
  expect(await centre.offersOf(id)).toEqual([`${first}:withdrawn`, `${second}:open`])
})

test('a step that runs out leads to the next step, and after the last to the agents of the account', async () => {
  const one = await centre.addQueue('beepall')
  const two = await centre.addQueue('beepall')
  const account = await centre.addAccount([
    { type: 'queue', queueId: one, timeoutSeconds: 60 },
    { type: 'queue', queueId: two, timeoutSeconds: 60 },
  ])
  const agent = await centre.addAgent([account], [one])
  const id = await centre.openInteraction(account)
  await run()
  expect(await centre.interaction(id)).toMatchObject({ state: 'offered', queue_id: one })
  await centre.pass(61)
  await run()
  expect(await centre.interaction(id)).toMatchObject({ state: 'queued', queue_id: two })
  await centre.pass(61)
  await run()
  expect(await centre.interaction(id)).toMatchObject({ state: 'new', queue_id: null })
  expect(await centre.eventsOf(id)).toEqual(['queued', 'offered', 'timeout', 'queued', 'released'])
  await take(agent, id)
  expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: agent })
})

test('without actions an interaction stays new, and an agent of its account takes it', async () => {
  const account = await centre.addAccount()
  const agent = await centre.addAgent([account], [], 1)
  const stranger = await centre.addAgent([], [], 1)
  const ids = [await centre.openInteraction(account), await centre.openInteraction(account)] as const
  await run()
  expect(await centre.interaction(ids[0])).toMatchObject({ state: 'new' })
  await expect(take(stranger, ids[0])).rejects.toMatchObject({ code: 'GE-105' })
  for (const id of ids) await take(agent, id)
  expect(await centre.interaction(ids[1])).toMatchObject({ state: 'assigned', user_id: agent })
})

test('what is being offered to others cannot be taken past them, what is offered to nobody can', async () => {
  const { account, agents, open } = await queueOf('rrmemory', 1)
  const other = await centre.addAgent([account], [])
  const id = await open()
  await run()
  await expect(take(other, id)).rejects.toMatchObject({ code: 'OF-101' })
  await expect(pass(other, id)).rejects.toMatchObject({ code: 'OF-102' })
  await centre.setState(agents[0] ?? 0, 'paused')
  await run()
  await take(other, id)
  expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: other })
})

test('slots that a person filled by hand are not promised again: the offers that no longer fit are withdrawn', async () => {
  const { account, agents, open } = await queueOf('rrmemory', 1, { capacity: 1 })
  const [agent = 0] = agents
  const offered = await open()
  await run()
  const byHand = await centre.openInteraction(account)
  await db.deleteFrom('route_request').where('interaction_id', '=', byHand).execute()
  await take(agent, byHand)
  await expect(take(agent, offered)).rejects.toMatchObject({ code: 'OF-103' })
  await run()
  expect(await centre.offersOf(offered)).toEqual([`${agent}:withdrawn`])
})

test('accepting what one has already is no fault, and closing what waits ends its offers', async () => {
  const { agents, open } = await queueOf('beepall', 2)
  const [agent = 0] = agents
  const id = await open()
  await run()
  await take(agent, id)
  await take(agent, id)
  expect(await centre.eventsOf(id)).toEqual(['queued', 'offered', 'assigned'])
  const other = await open()
  await run()
  await end(agent, other)
  await run()
  expect(await centre.openOffers()).toEqual([])
  await expect(take(agent, other)).rejects.toMatchObject({ code: 'IN-103' })
})

test('an interaction that somebody changes at the moment is left, and routed as soon as it is free', async () => {
  const { agents, open } = await queueOf('rrmemory', 1)
  const id = await open()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: held, resolve: hold } = Promise.withResolvers<void>()
  const holding = db.transaction().execute(async (tx) => {
    await interactions.lock(tx, id)
    hold()
    await released
  })
  await held
  expect(await routeRequests(node)).toEqual({ settled: 0, left: true })
  release()
  await holding
  await run()
  expect(await centre.offersOf(id)).toEqual([`${agents[0]}:open`])
})

async function nameOf(id: number): Promise<string> {
  const row = await db
    .selectFrom('app_user')
    .select('fullname')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.fullname
}
