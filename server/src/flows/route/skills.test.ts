/** Queues that ask for skills: who is asked, and how they ask for less with time. */

import { createMetrics } from '@patchbay/kit/metrics.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drain } from './drain.ts'
import { type Router, startRouter } from './router.ts'
import { testCentre } from './routing-testing.ts'

const centre = await testCentre()
const { node, db } = centre
const routers: Router[] = []

beforeEach(async () => {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await db.deleteFrom(table).execute()
})
afterEach(async () => {
  for (const router of routers.splice(0)) await router.stop()
})

async function run(): Promise<void> {
  while ((await drain(node)).left);
}

test('only who has every level is asked; each step of patience asks more people', async () => {
  const [english, law] = [await centre.addSkill(), await centre.addSkill()]
  const queue = await centre.addQueue('beepall')
  await centre.askFor(queue, english, [
    [0, 5],
    [30, 2],
  ])
  await centre.askFor(queue, law, [
    [0, 1],
    [60, 0],
  ])
  const account = await centre.addAccount()
  const agent = async (...levels: [skill: number, level: number][]) => {
    const id = await centre.addAgent([account], [queue])
    await centre.giveSkills(id, levels)
    return id
  }
  const best = await agent([english, 10], [law, 1])
  const second = await agent([english, 2], [law, 9])
  const third = await agent([english, 2])
  await agent([law, 10])
  const id = await centre.waitFor(account, { queueId: queue })
  const asked = async () => (await centre.openOffers()).map(({ user_id }) => user_id)
  await run()
  expect(await asked()).toEqual([best])
  await db.updateTable('queue').set({ agent_timeout_seconds: 3600 }).execute()
  await db.updateTable('offer').set({ expires_at: 'infinity' }).execute()
  await centre.pass(29)
  await run()
  expect(await asked()).toEqual([best])
  await centre.pass(2)
  await run()
  expect(await asked()).toEqual([best, second])
  await centre.pass(30)
  await run()
  expect(await asked()).toEqual([best, second, third])
  expect(await centre.interaction(id)).toMatchObject({ state: 'offered' })
})

test('an entry that nobody suits yet does not hide what waits behind it in another queue', async () => {
  const skill = await centre.addSkill()
  const picky = await centre.addQueue('rrmemory', { weight: 9 })
  const plain = await centre.addQueue('rrmemory')
  await centre.askFor(picky, skill, [[0, 5]])
  const account = await centre.addAccount()
  const agent = await centre.addAgent([account], [picky, plain], 1)
  await centre.waitFor(account, { queueId: picky })
  const id = await centre.waitFor(account, { queueId: plain })
  await run()
  expect(await centre.openOffers()).toEqual([{ interaction_id: id, user_id: agent }])
})

test('when a queue begins to ask for less, agents are asked at that moment and not at the next poll', async () => {
  const skill = await centre.addSkill()
  const queue = await centre.addQueue('rrmemory')
  await centre.askFor(queue, skill, [
    [0, 5],
    [30, 0],
  ])
  const account = await centre.addAccount()
  const agent = await centre.addAgent([account], [queue])
  const id = await centre.waitFor(account, { queueId: queue })
  await centre.pass(29)
  await db
    .updateTable('queue_entry')
    .set({ entered_at: new Date(Date.now() - 29_800) })
    .execute()
  // The poll is a minute away: what asks is the timer alone.
  vi.useFakeTimers({ toFake: ['setInterval'] })
  try {
    routers.push(startRouter({ ...node, metrics: createMetrics() }))
    await vi.waitFor(async () => expect(await centre.offersOf(id)).toEqual([`${agent}:open`]), 20_000)
  } finally {
    vi.useRealTimers()
  }
})
