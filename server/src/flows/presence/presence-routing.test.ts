/** What presence does to routing: offers missed, time after an interaction, and customers of those who are absent. */
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import * as presence from '../../routing/presence.ts'
import type { Strategy } from '../../routing/strategy.ts'
import { changeInteraction } from '../change.ts'
import { close } from '../close.ts'
import { accept, decline } from '../offer/offer.ts'
import { drain } from '../route/drain.ts'
import { routeRequests } from '../route/route.ts'
import { callerOf, testCentre } from '../route/routing-testing.ts'
import { release, toAgent, toQueue } from '../transfer.ts'
import { attend } from './attend.ts'
import { look } from './watch.ts'

const centre = await testCentre()
const { node, db } = centre
const other = await centre.another()

async function run(): Promise<void> {
  while ((await routeRequests(node)).left);
  while ((await drain(node)).left);
}
const take = (userId: number, id: number) => changeInteraction(node, callerOf(userId), id, accept)
const standing = (id: number) =>
  db.selectFrom('presence').select(['state', 'cause']).where('user_id', '=', id).executeTakeFirstOrThrow()
const rules = (
  set: Partial<Record<'missed_offers' | 'absent_minutes', number | null>> & { paused_is_absent?: boolean },
) => db.updateTable('presence_rule').set(set).execute()

async function queueOf(strategy: Strategy, agents: number, wrapUpSeconds = 0) {
  const queue = await centre.addQueue(strategy)
  await db.updateTable('queue').set({ wrap_up_seconds: wrapUpSeconds }).where('id', '=', queue).execute()
  const account = await centre.addAccount([{ type: 'queue', queueId: queue }])
  const ids: number[] = []
  for (let n = 0; n < agents; n++) ids.push(await centre.addAgent([account], [queue]))
  return { queue, account, agents: ids, open: () => centre.openInteraction(account) }
}
/** The customer writes again, a moment after whatever was before. */
const write = (id: number) =>
  db
    .updateTable('interaction')
    .set({ last_message_direction: 'in', last_message_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .execute()
const setState = (userId: number, state: presence.PresenceName) =>
  presence.setPresence(db, userId, { state, reason: null, byProgram: false })

beforeEach(async () => {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await db.deleteFrom(table).execute()
  await rules({ missed_offers: 1, absent_minutes: null, paused_is_absent: false })
})

describe('not answering', () => {
  test('who lets an offer run out is asked nothing more, also about what he was being asked, until he returns', async () => {
    const { agents, open } = await queueOf('rrmemory', 1)
    const [agent = 0] = agents
    const id = await open()
    await run()
    const later = await open()
    await run()
    await db
      .updateTable('offer')
      .set({ expires_at: sql<Date>`now()` })
      .where('interaction_id', '=', id)
      .execute()
    await run()
    expect(await standing(agent)).toEqual({ state: 'not-answering', cause: 'missed' })
    expect(await centre.offersOf(id)).toEqual([`${agent}:timeout`])
    expect(await centre.offersOf(later)).toEqual([`${agent}:withdrawn`])
    await setState(agent, 'available')
    await run()
    expect(await centre.openOffers()).toHaveLength(2)
  })

  test.each([
    ['a queue that rings all', 'beepall', 1, { state: 'available' }],
    ['a queue that asks one after another', 'rrmemory', 1, { state: 'not-answering' }],
    ['one that asks who rested longest', 'leastrecent', 1, { state: 'not-answering' }],
    ['fewer than the rules say', 'rrmemory', 2, { state: 'available' }],
    ['any number, where the rules say never', 'rrmemory', null, { state: 'available' }],
  ] as const)(
    'after a missed offer of %s (%s, rule %s) the agent is as the rules say',
    async (_, strategy, limit, expected) => {
      await rules({ missed_offers: limit })
      const { agents, open } = await queueOf(strategy, 1)
      await open()
      await run()
      await centre.pass(21)
      await run()
      expect(await standing(agents[0] ?? 0)).toMatchObject(expected)
    },
  )

  test('declining never leads there and starts the count anew, as accepting does', async () => {
    await rules({ missed_offers: 2 })
    const { agents, open } = await queueOf('rrmemory', 1)
    const [agent = 0] = agents
    const miss = async () => {
      await run()
      await centre.pass(21)
      await run()
    }
    const first = await open()
    await miss()
    await changeInteraction(node, callerOf(agent), first, (change) => decline(change, null))
    await centre.pass(31)
    await miss()
    expect((await standing(agent)).state).toBe('available')
    await take(agent, first)
    await open()
    await miss()
    expect((await standing(agent)).state).toBe('available')
    await miss()
    expect((await standing(agent)).state).toBe('not-answering')
  })

  test('a program stays as it has set itself', async () => {
    const { agents, open } = await queueOf('rrmemory', 1)
    const [agent = 0] = agents
    await presence.setPresence(db, agent, { state: 'available', reason: null, byProgram: true })
    await open()
    await run()
    await centre.pass(21)
    await run()
    expect((await standing(agent)).state).toBe('available')
  })
})

describe('wrap-up', () => {
  test.each([
    ['closing', (change: Parameters<typeof close>[0]) => close(change, undefined), 'wrap-up'],
    ['giving back', release, 'wrap-up'],
    ['a look', async () => {}, 'available'],
  ] as const)('after %s the agent of a queue that grants the time is in %#', async (_, verb, expected) => {
    const { agents, open } = await queueOf('rrmemory', 1, 30)
    const [agent = 0] = agents
    const id = await open()
    await run()
    await take(agent, id)
    await changeInteraction(node, callerOf(agent), id, verb)
    expect((await standing(agent)).state).toBe(expected)
  })

  test('nothing is offered until it is over, to the moment, and a new start of the program does not shorten it', async () => {
    const { agents, open } = await queueOf('rrmemory', 1, 30)
    const [agent = 0] = agents
    const id = await open()
    await run()
    await take(agent, id)
    await changeInteraction(node, callerOf(agent), id, (change) => close(change, undefined))
    await open()
    await run()
    expect(await centre.openOffers()).toEqual([])
    await look(await centre.another(), { leases: true })
    expect((await standing(agent)).state).toBe('wrap-up')
    await db.updateTable('presence').set({ until: sql<Date>`now()` }).execute()
    await look(node, { leases: true })
    expect(node.rung.at(-1)).toMatchObject({ users: [agent], route: true })
    expect(await standing(agent)).toEqual({ state: 'available', cause: 'wrap-up' })
    await run()
    expect(await centre.openOffers()).toHaveLength(1)
  })

  test('he ends it himself; and who is paused, or closes what no queue gave him or another has, gets none', async () => {
    const { agents, account, open } = await queueOf('rrmemory', 2, 30)
    const [agent = 0, colleague = 0] = agents
    const id = await open()
    await run()
    await take(agent, id)
    await changeInteraction(node, callerOf(colleague), id, (change) => close(change, undefined))
    expect((await standing(agent)).state).toBe('available')
    expect((await standing(colleague)).state).toBe('available')
    const direct = await centre.openInteraction(account)
    await changeInteraction(node, callerOf(agent), direct, (change) => toAgent(change, agent, 'assigned'))
    await changeInteraction(node, callerOf(agent), direct, (change) => close(change, undefined))
    expect((await standing(agent)).state).toBe('available')
    for (const state of ['paused', 'available'] as const) {
      const next = await open()
      await run()
      const [offered] = (await centre.openOffers()).filter(({ interaction_id }) => interaction_id === next)
      const whose = offered?.user_id ?? 0
      await take(whose, next)
      await setState(whose, state)
      await changeInteraction(node, callerOf(whose), next, (change) => close(change, undefined))
      expect((await standing(whose)).state).toBe(state === 'paused' ? 'paused' : 'wrap-up')
      await setState(whose, 'available')
      expect((await standing(whose)).state).toBe('available')
    }
  })

  test('two who pass on to each other at the same moment both get it, and neither waits for the other', async () => {
    const { agents, open } = await queueOf('rrmemory', 2, 30)
    const [one = 0, two = 0] = agents
    for (let round = 0; round < 5; round++) {
      const ids: number[] = []
      for (const agent of [one, two]) {
        const id = await open()
        await setState(agent, 'available')
        await routeRequests(node)
        await db
          .updateTable('interaction')
          .set({ state: 'assigned', user_id: agent })
          .where('id', '=', id)
          .execute()
        ids.push(id)
      }
      await db.deleteFrom('queue_entry').execute()
      const [mine = 0, his = 0] = ids
      await Promise.all([
        changeInteraction(node, callerOf(one), mine, (change) => toAgent(change, two, 'transferred')),
        changeInteraction(other, callerOf(two), his, (change) => toAgent(change, one, 'transferred')),
      ])
      expect([(await standing(one)).state, (await standing(two)).state]).toEqual(['wrap-up', 'wrap-up'])
    }
  })

  test('passing on to a queue grants it too', async () => {
    const { agents, queue, open } = await queueOf('rrmemory', 1, 30)
    const [agent = 0] = agents
    const id = await open()
    await run()
    await take(agent, id)
    await changeInteraction(node, callerOf(agent), id, (change) => toQueue(change, queue))
    expect((await standing(agent)).state).toBe('wrap-up')
  })
})

describe('customers of those who are absent', () => {
  async function assigned() {
    const office = await queueOf('rrmemory', 2)
    const [agent = 0, colleague = 0] = office.agents
    const id = await office.open()
    await run()
    await take(agent, id)
    await setState(agent, 'available')
    return { ...office, agent, colleague, id }
  }
  const leave = {
    offline: (id: number) => setState(id, 'offline'),
    'signed out': (id: number) => presence.signOut(db, id),
    silent: async (id: number) => {
      await db
        .updateTable('presence')
        .set({ lease_until: sql<Date>`now()` })
        .where('user_id', '=', id)
        .execute()
      await look(node, { leases: true })
    },
    disabled: (id: number) =>
      db.updateTable('app_user').set({ disabled_at: sql<Date>`now()` }).where('id', '=', id).execute(),
  }

  test.each(Object.entries(leave))(
    'what a customer writes to an agent who is %s goes to the next',
    async (_, go) => {
      const { agent, colleague, id } = await assigned()
      await go(agent)
      await look(node, { leases: true })
      expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: agent })
      await write(id)
      await look(node, { leases: true })
      await run()
      expect(await centre.interaction(id)).toMatchObject({ state: 'offered', user_id: null })
      expect((await centre.openOffers()).map(({ user_id }) => user_id)).toEqual([colleague])
      const told = await db
        .selectFrom('event')
        .select(['type', 'user_id', 'data'])
        .where('interaction_id', '=', id)
        .where('type', '=', 'released')
        .execute()
      expect(told).toMatchObject([
        { user_id: agent, data: { agent: expect.any(String), absent: expect.any(String) } },
      ])
    },
  )

  test.each([
    ['available', false, 'assigned'],
    ['paused', false, 'assigned'],
    ['paused', true, 'offered'],
  ] as const)(
    'what he writes to one who is %s (the rules count that as absent: %s) is %s',
    async (state, counts, expected) => {
      await rules({ paused_is_absent: counts })
      const { agent, id } = await assigned()
      await setState(agent, state)
      await write(id)
      await look(node, { leases: true })
      await run()
      expect((await centre.interaction(id)).state).toBe(expected)
    },
  )

  test('what was written before he left waits for him as long as the rules say, and what he answered stays his', async () => {
    const { agent, id } = await assigned()
    await write(id)
    await setState(agent, 'offline')
    await look(node, { leases: true })
    await rules({ absent_minutes: 30 })
    await look(node, { leases: true })
    expect((await centre.interaction(id)).state).toBe('assigned')
    await db
      .updateTable('presence')
      .set({ since: sql<Date>`now() - interval '30 minutes'` })
      .where('user_id', '=', agent)
      .execute()
    await db.updateTable('interaction').set({ last_message_direction: 'out' }).where('id', '=', id).execute()
    await look(node, { leases: true })
    expect((await centre.interaction(id)).state).toBe('assigned')
    await db.updateTable('interaction').set({ last_message_direction: 'in' }).where('id', '=', id).execute()
    await look(node, { leases: true })
    expect((await centre.interaction(id)).state).toBe('new')
  })

  test('what somebody gives to one who is absent stays his until the customer writes again', async () => {
    const { agent, colleague, id } = await assigned()
    await setState(agent, 'offline')
    await write(id)
    await changeInteraction(node, callerOf(colleague), id, (change) =>
      toAgent(change, colleague, 'transferred'),
    )
    await changeInteraction(node, callerOf(colleague), id, (change) => toAgent(change, agent, 'transferred'))
    await look(node, { leases: true })
    expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: agent })
    await write(id)
    await look(node, { leases: true })
    expect((await centre.interaction(id)).state).toBe('new')
  })

  test('who never set a presence keeps what he is given: he may be a program that answers by itself', async () => {
    const { account } = await queueOf('rrmemory', 0)
    const id = await centre.openInteraction(account)
    const user = await centre.addUser()
    await changeInteraction(node, callerOf(user, 'admin'), id, (change) =>
      toAgent(change, user, 'assigned').catch(() => {}),
    )
    await db
      .updateTable('interaction')
      .set({ state: 'assigned', user_id: user })
      .where('id', '=', id)
      .execute()
    await write(id)
    await look(node, { leases: true })
    expect((await centre.interaction(id)).state).toBe('assigned')
  })

  test('two nodes that look at the same moment route each of many once, also those of a node that is gone', async () => {
    const { agent, open } = await queueOf('rrmemory', 1).then((office) => ({
      ...office,
      agent: office.agents[0] ?? 0,
    }))
    const ids: number[] = []
    for (let n = 0; n < 30; n++) {
      const id = await open()
      await db
        .updateTable('interaction')
        .set({ state: 'assigned', user_id: agent })
        .where('id', '=', id)
        .execute()
      ids.push(id)
    }
    await db.deleteFrom('route_request').execute()
    await setState(agent, 'offline')
    for (const id of ids) await write(id)
    const taken = await Promise.all([attend(node), attend(other), attend(node), attend(other)])
    expect(taken.reduce((sum, count) => sum + count)).toBe(30)
    for (const id of ids)
      expect((await centre.eventsOf(id)).filter((type) => type === 'released')).toHaveLength(1)
  })

  test('one who is back within a minute finds his state; one who was silent for longer is offline', async () => {
    const { agents } = await queueOf('rrmemory', 2)
    const [short = 0, long = 0] = agents
    for (const id of agents) await setState(id, 'paused')
    const silentFor = (id: number, seconds: number) =>
      sql`update presence set lease_until = now() - make_interval(secs => ${seconds - presence.LEASE_SECONDS}) where user_id = ${id}`.execute(
        db,
      )
    await silentFor(short, 58)
    await silentFor(long, 61)
    // The node has just started: every desk is still on its way back.
    await look(node, { leases: false })
    expect((await standing(long)).state).toBe('paused')
    await look(node, { leases: true })
    expect(await presence.touchLease(db, agents)).toEqual(expect.arrayContaining(agents))
    expect(await standing(short)).toEqual({ state: 'paused', cause: 'self' })
    expect(await standing(long)).toEqual({ state: 'offline', cause: 'silent' })
  })
})
