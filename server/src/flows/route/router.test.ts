import { createMetrics } from '@patchbay/kit/metrics.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { mergeRing, type Ring, type Rung, silence } from '../../push/ring.ts'
import { changeInteraction } from '../change.ts'
import { close } from '../close.ts'
import { accept, decline } from '../offer/offer.ts'
import { drain } from './drain.ts'
import { routeRequests } from './route.ts'
import { type Router, startRouter } from './router.ts'
import { callerOf, testCentre } from './routing-testing.ts'

const centre = await testCentre()
const { db } = centre
const routers: Router[] = []

/** A router whose bell the test holds; `isDeaf`: rings get lost. */
function start({ isDeaf = false } = {}) {
  const listeners: ((rung: Rung) => void)[] = []
  const rung: Ring[] = []
  const ring = (ring: Ring = { route: true }): void => {
    rung.push(ring)
    const heard = silence()
    mergeRing(heard, ring)
    if (!isDeaf) for (const listener of listeners) listener(heard)
  }
  const onRing = (listener: (rung: Rung) => void) => {
    listeners.push(listener)
    return () => {}
  }
  const metrics = createMetrics()
  const node = { ...centre.node, push: { ring, onRing }, metrics }
  routers.push(startRouter(node))
  return { node, ring, rung, metrics }
}

afterEach(async () => {
  await Promise.all(routers.splice(0).map((router) => router.stop()))
})

async function queueOf(agents: number, options: { agent_timeout_seconds?: number } = {}) {
  const queue = await centre.addQueue('rrmemory', options)
  const account = await centre.addAccount([{ type: 'queue', queueId: queue }])
  const ids: number[] = []
  for (let n = 0; n < agents; n++) ids.push(await centre.addAgent([account], [queue], 1))
  return { account, agents: ids }
}
const offered = (id: number, offers: string[]) =>
  vi.waitFor(async () => expect(await centre.offersOf(id)).toEqual(offers), { timeout: 20_000, interval: 10 })

test('a ring routes at once, and a decline that rings passes on', async () => {
  const { node, ring } = start()
  const { account, agents } = await queueOf(2)
  const [first = 0, second = 0] = agents
  const id = await centre.openInteraction(account)
  ring()
  await offered(id, [`${first}:open`])
  await changeInteraction(node, callerOf(first), id, (change) => decline(change, null))
  await offered(id, [`${first}:declined`, `${second}:open`])
})

test('who closes is asked about what waits, and closing and accepting have nobody else looked at', async () => {
  const { node, ring, rung } = start()
  const { account, agents } = await queueOf(1)
  const [agent = 0] = agents
  const first = await centre.openInteraction(account)
  ring()
  await offered(first, [`${agent}:open`])
  const second = await centre.openInteraction(account)
  rung.length = 0
  await changeInteraction(node, callerOf(agent), first, accept)
  await changeInteraction(node, callerOf(agent), first, (change) => close(change, undefined))
  // What the router itself rings names nobody who was freed.
  const byChanges = rung.flatMap(({ route, freed }) => (freed ? { route, freed: [...freed] } : []))
  expect(byChanges).toEqual([
    { route: false, freed: [] },
    { route: false, freed: [agent] },
  ])
  await offered(second, [`${agent}:open`])
})

test('who fills his last slot while something else rings him is looked at by a whole round, which ends the ringing', async () => {
  const { node, ring, rung } = start()
  const [one, all] = [await centre.addQueue('rrmemory'), await centre.addQueue('beepall')]
  const [first, second] = [
    await centre.addAccount([{ type: 'queue', queueId: one }]),
    await centre.addAccount([{ type: 'queue', queueId: all }]),
  ]
  const agent = await centre.addAgent([first, second], [one, all], 1)
  const ringing = await centre.openInteraction(second)
  ring()
  await offered(ringing, [`${agent}:open`])
  const his = await centre.openInteraction(first)
  ring()
  await offered(his, [`${agent}:open`])
  rung.length = 0
  await changeInteraction(node, callerOf(agent), his, accept)
  expect(rung.some(({ route }) => route)).toBe(true)
  await offered(ringing, [`${agent}:withdrawn`])
})

test('a drain for some agents asks nobody else', async () => {
  const { account, agents } = await queueOf(3)
  const [, second = 0] = agents
  const ids = [await centre.openInteraction(account), await centre.openInteraction(account)]
  await routeRequests(centre.node)
  const { made, left } = await drain(centre.node, { agents: [second] })
  expect({ asked: made.map(({ userId }) => userId), left }).toEqual({ asked: [second], left: false })
  expect(await centre.offersOf(ids[0] ?? 0)).toEqual([`${second}:open`])
  expect(await centre.offersOf(ids[1] ?? 0)).toEqual([])
})

test('what was not rung is found all the same: requests, free agents, offers that ran out', async () => {
  start({ isDeaf: true })
  const { account, agents } = await queueOf(2)
  const [first = 0, second = 0] = agents
  await centre.setState(second, 'paused')
  const id = await centre.openInteraction(account)
  await offered(id, [`${first}:open`])
  await centre.setState(second, 'available')
  await centre.pass(21)
  await offered(id, [`${first}:timeout`, `${second}:open`])
})

test('an offer ends when its time is over, without anybody ringing', async () => {
  const { ring } = start()
  const { account, agents } = await queueOf(1, { agent_timeout_seconds: 3 })
  const id = await centre.openInteraction(account)
  ring()
  await offered(id, [`${agents[0]}:open`])
  await offered(id, [`${agents[0]}:timeout`, `${agents[0]}:open`])
})

test('a round that fails is tried again', async () => {
  const { account, agents } = await queueOf(1)
  const id = await centre.openInteraction(account)
  await db.schema.alterTable('route_request').renameTo('elsewhere').execute()
  const { node } = start()
  const warn = vi.spyOn(node.log, 'warn').mockImplementation(() => {})
  await vi.waitFor(() => expect(warn).toHaveBeenCalled())
  await db.schema.alterTable('elsewhere').renameTo('route_request').execute()
  await offered(id, [`${agents[0]}:open`])
  warn.mockRestore()
})

test('offers and the time to the first of them are counted', async () => {
  const { metrics, ring } = start()
  const { account } = await queueOf(1)
  const id = await centre.openInteraction(account)
  ring()
  await vi.waitFor(async () => {
    expect((await centre.interaction(id)).state).toBe('offered')
    const text = await metrics.text()
    expect(text).toContain('patchbay_offers_total{strategy="rrmemory"} 1')
    expect(text).toContain('patchbay_time_to_offer_seconds_count{strategy="rrmemory"} 1')
  })
})

test('after stop nothing is routed any more', async () => {
  const { ring } = start()
  await Promise.all(routers.splice(0).map((router) => router.stop()))
  const { account } = await queueOf(1)
  const id = await centre.openInteraction(account)
  ring()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await centre.offersOf(id)).toEqual([])
})
