/** What routing says of itself: why something waits, and how it came to its agent. */
import { beforeEach, expect, test } from 'vitest'
import { whyOf } from '../../views/why.ts'
import { changeInteraction } from '../change.ts'
import { accept, decline } from '../offer/offer.ts'
import { toAgent } from '../transfer.ts'
import { drain } from './drain.ts'
import { callerOf, testCentre } from './routing-testing.ts'

const centre = await testCentre()
const { node, db } = centre

beforeEach(async () => {
  for (const table of ['queue_entry', 'offer', 'route_request', 'interaction', 'presence'] as const)
    await db.deleteFrom(table).execute()
})

async function run(): Promise<void> {
  while ((await drain(node)).left);
}
const counts = (why: Awaited<ReturnType<typeof whyOf>>) =>
  Object.fromEntries(why.waits?.members.map(({ state, count }) => [state, count]) ?? [])

test('of what waits it tells the place in line and how every agent of the queue stands, each once', async () => {
  const skill = await centre.addSkill()
  const queue = await centre.addQueue('leastrecent')
  await centre.askFor(queue, skill, [
    [0, 5],
    [60, 0],
  ])
  const account = await centre.addAccount()
  const other = await centre.addAccount()
  const able = async (accounts: number[], capacity = 1) => {
    const id = await centre.addAgent(accounts, [queue], capacity)
    await centre.giveSkills(id, [[skill, 5]])
    return id
  }
  await centre.addAgent([account], [queue])
  await able([])
  await centre.setState(await able([account]), 'paused')
  await centre.setHere(await able([account]), false)
  const busy = await able([account])
  const first = await centre.waitFor(account, { queueId: queue })
  await run()
  await changeInteraction(node, callerOf(busy), first, accept)
  const second = await centre.waitFor(other, { queueId: queue })
  const third = await centre.waitFor(account, { queueId: queue })
  await run()
  const admin = await whyOf(db, callerOf(busy, 'admin'), third)
  expect(admin).toMatchObject({
    state: 'queued',
    waits: { for: 'queue', id: queue, place: 2, inLine: 2, isOfAll: true, strategy: 'leastrecent' },
    asked: [],
    came: null,
  })
  expect(admin.waits?.skills).toEqual([{ name: expect.any(String), level: 5 }])
  expect(admin.waits?.relaxesAt).not.toBeNull()
  expect(counts(admin)).toEqual({ 'lacks-skill': 1, 'no-access': 1, paused: 1, offline: 1, full: 1 })

  const own = await whyOf(db, callerOf(busy), third)
  expect(own.waits).toMatchObject({ place: 1, inLine: 1, isOfAll: false })
  await expect(whyOf(db, callerOf(busy), second)).rejects.toMatchObject({ code: 'GE-105' })
})

test('of what is offered it tells who was asked before and what became of it', async () => {
  const queue = await centre.addQueue('rrmemory')
  const account = await centre.addAccount()
  const [one, two, three] = [
    await centre.addAgent([account], [queue]),
    await centre.addAgent([account], [queue]),
    await centre.addAgent([account], [queue]),
  ]
  const id = await centre.waitFor(account, { queueId: queue })
  await run()
  await changeInteraction(node, callerOf(one), id, (change) => decline(change, 'at lunch'))
  await run()
  await centre.pass(21)
  await run()
  const why = await whyOf(db, callerOf(three), id)
  expect(why.asked.map(({ user, outcome, reason }) => [user.id, outcome, reason])).toEqual([
    [three, 'open', null],
    [two, 'timeout', null],
    [one, 'declined', 'at lunch'],
  ])
  expect(counts(why)).toEqual({ asked: 1, declined: 1, free: 1 })
})

test('of what somebody has it tells whether an offer, he himself or a colleague brought it', async () => {
  const queue = await centre.addQueue('fewestactive')
  const account = await centre.addAccount()
  const one = await centre.addAgent([account], [queue])
  const two = await centre.addAgent([account], [])
  const id = await centre.waitFor(account, { queueId: queue })
  await run()
  await changeInteraction(node, callerOf(one), id, accept)
  expect((await whyOf(db, callerOf(one), id)).came).toMatchObject({
    how: 'accepted',
    user: { id: one },
    by: null,
    from: expect.stringContaining('queue'),
    strategy: 'fewestactive',
  })
  await changeInteraction(node, callerOf(one), id, (change) => toAgent(change, two, 'transferred'))
  expect((await whyOf(db, callerOf(two), id)).came).toMatchObject({
    how: 'transferred',
    user: { id: two },
    by: { id: one },
    from: null,
  })
  const own = await centre.openInteraction(account)
  await changeInteraction(node, callerOf(two), own, accept)
  expect((await whyOf(db, callerOf(two), own)).came).toMatchObject({ how: 'taken', by: null, from: null })
})
