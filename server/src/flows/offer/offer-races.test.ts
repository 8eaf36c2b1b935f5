/** Many at once on one database: agents who accept the same, and routers on several nodes. Each with a control that must go wrong. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import * as interactions from '../../interactions/interactions.ts'
import * as offers from '../../routing/offers.ts'
import { choose } from '../../routing/strategy.ts'
import { freeAgents, waitingFor } from '../../views/candidates.ts'
import { changeInteraction } from '../change.ts'
import { drain } from '../route/drain.ts'
import { routeRequests } from '../route/route.ts'
import { callerOf, type Node, testCentre } from '../route/routing-testing.ts'
import { accept } from './offer.ts'

const centre = await testCentre()
const { db, node } = centre
const nodes = [node, await centre.another(), await centre.another(), await centre.another()]

beforeEach(async () => {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await db.deleteFrom(table).execute()
})

async function queueOf(strategy: 'rrmemory' | 'beepall', agents: number, capacity: number) {
  const queue = await centre.addQueue(strategy)
  const account = await centre.addAccount([{ type: 'queue', queueId: queue }])
  const ids: number[] = []
  for (let n = 0; n < agents; n++) ids.push(await centre.addAgent([account], [queue], capacity))
  return { account, agents: ids }
}

async function routeAll(): Promise<void> {
  while ((await routeRequests(node)).left);
}
async function drainUntilQuiet(on: Node): Promise<void> {
  while ((await drain(on)).left) await sleep(1)
}

describe('fifty agents accept the same interaction at the same moment', () => {
  async function race(take: (userId: number, id: number, on: Node) => Promise<void>) {
    const { account, agents } = await queueOf('beepall', 50, 5)
    const id = await centre.openInteraction(account)
    await routeAll()
    await drainUntilQuiet(node)
    expect(await centre.openOffers()).toHaveLength(50)
    const results = await Promise.allSettled(
      agents.map((userId, index) => take(userId, id, nodes[index % nodes.length] ?? node)),
    )
    const winners = agents.filter((_, index) => results[index]?.status === 'fulfilled')
    const losers = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    return { id, winners, losers }
  }

  test('exactly one has it, and every other is told who', async () => {
    const { id, winners, losers } = await race((userId, id, on) =>
      changeInteraction(on, callerOf(userId), id, accept),
    )
    expect(winners).toHaveLength(1)
    const { user_id } = await centre.interaction(id)
    expect(user_id).toBe(winners[0])
    const winner = await db
      .selectFrom('app_user')
      .select('fullname')
      .where('id', '=', winners[0] ?? 0)
      .executeTakeFirst()
    expect(losers).toHaveLength(49)
    for (const refusal of losers) {
      expect(refusal).toBeInstanceOf(Refusal)
      expect(refusal).toMatchObject({ code: 'OF-101', extra: { by: winner?.fullname } })
    }
    expect((await centre.eventsOf(id)).filter((type) => type === 'assigned')).toHaveLength(1)
  })

  test('control: a look and then an update without the lock lets several win', async () => {
    const { winners } = await race(async (userId, id, on) => {
      const row = await on.db
        .selectFrom('interaction')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirst()
      await sleep(10)
      if (row?.state === 'assigned') throw new Refusal('OF-101')
      await on.db.transaction().execute((tx) => interactions.assign(tx, id, userId, true))
    })
    expect(winners.length).toBeGreaterThan(1)
  })
})

describe('four nodes drain the same queue', () => {
  const doubled = async () => {
    const { rows } = await sql<{ interaction_id: number }>`
      select interaction_id from offer where state = 'open' group by 1 having count(*) > 1`.execute(db)
    return rows.length
  }
  const oversubscribed = async () => {
    const { rows } = await sql<{ user_id: number }>`
      select u.id from app_user u
      where (select count(*) from offer o where o.user_id = u.id and o.state = 'open')
          + (select count(*) from interaction i where i.user_id = u.id and i.closed_at is null) > u.capacity`.execute(
      db,
    )
    return rows.length
  }

  async function crowd(): Promise<number[]> {
    const { account, agents } = await queueOf('rrmemory', 10, 2)
    for (let n = 0; n < 40; n++) await centre.openInteraction(account)
    await routeAll()
    return agents
  }

  test('no interaction is offered twice, no agent has more than his slots, and no slot stays empty', async () => {
    await crowd()
    await Promise.all(nodes.map(drainUntilQuiet))
    expect(await doubled()).toBe(0)
    expect(await oversubscribed()).toBe(0)
    expect(await centre.openOffers()).toHaveLength(20)
  })

  test('control: the same plan without locks offers twice', async () => {
    await crowd()
    let planned = 0
    const allPlanned = Promise.withResolvers<void>()
    await Promise.all(
      nodes.map((on, index) =>
        on.db.transaction().execute(async (tx) => {
          // Each sees another half, as when agents come and go: the index that forbids one agent two offers does not help.
          const agents = (await freeAgents(tx)).filter((agent) => agent.userId % nodes.length === index)
          const plan = choose(await waitingFor(tx, agents, 200), agents)
          if (++planned === nodes.length) allPlanned.resolve()
          await allPlanned.promise
          await offers.make(
            tx,
            plan.map(({ waiting, userId }) => ({ ...waiting, userId, takesSlot: true })),
          )
        }),
      ),
    )
    expect(await doubled()).toBeGreaterThan(0)
  })

  test('while agents accept on all nodes nobody gets more than his slots, and everything is answered in the end', async () => {
    const agents = await crowd()
    const isOver = async () => (await db.selectFrom('queue_entry').select('queue_id').execute()).length === 0
    const draining = nodes.map(async (on) => {
      while (!(await isOver())) await drain(on)
    })
    const answering = agents.map(async (userId, index) => {
      const on = nodes[index % nodes.length] ?? node
      while (!(await isOver())) {
        const mine = await on.db
          .selectFrom('offer')
          .select('interaction_id')
          .where('user_id', '=', userId)
          .where('state', '=', 'open')
          .execute()
        for (const { interaction_id: id } of mine) {
          await changeInteraction(on, callerOf(userId), id, accept)
          expect(await oversubscribed()).toBe(0)
          await on.db.transaction().execute((tx) => interactions.close(tx, id, userId, null))
        }
      }
    })
    await Promise.all([...draining, ...answering])
    expect(await doubled()).toBe(0)
  })
})
