/** What waits for one agent or for a team, beside what waits in queues. */
import { beforeEach, describe, expect, test } from 'vitest'
import { changeInteraction } from '../change.ts'
import { accept, decline } from '../offer/offer.ts'
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
const take = (userId: number, id: number) => changeInteraction(node, callerOf(userId), id, accept)
const pass = (userId: number, id: number) =>
  changeInteraction(node, callerOf(userId), id, (change) => decline(change, null))

describe('for one agent', () => {
  test('he alone is asked, though he is in no queue, until the wait is over; then it rests with the account', async () => {
    const account = await centre.addAccount()
    const agent = await centre.addAgent([account], [])
    await centre.addAgent([account], [])
    const id = await centre.waitFor(account, { userId: agent }, 60)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${agent}:open`])
    await centre.pass(59)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${agent}:open`])
    await centre.pass(2)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${agent}:timeout`])
    expect(await centre.interaction(id)).toMatchObject({ state: 'new', queue_id: null })
    expect(await centre.eventsOf(id)).toEqual(['offered', 'timeout', 'released'])
  })

  test('without an end he is rung anew every minute, and not while he is away', async () => {
    const account = await centre.addAccount()
    const agent = await centre.addAgent([account], [])
    await centre.setState(agent, 'paused')
    const id = await centre.waitFor(account, { userId: agent })
    await run()
    expect(await centre.offersOf(id)).toEqual([])
    await centre.setState(agent, 'available')
    await run()
    await centre.pass(61)
    await run()
    expect(await centre.offersOf(id)).toEqual([`${agent}:timeout`, `${agent}:open`])
    await take(agent, id)
    expect(await centre.interaction(id)).toMatchObject({ state: 'assigned', user_id: agent })
  })

  test('when he declines there is nothing left to wait for', async () => {
    const account = await centre.addAccount()
    const agent = await centre.addAgent([account], [])
    const id = await centre.waitFor(account, { userId: agent }, 60)
    await run()
    await pass(agent, id)
    await run()
    expect(await centre.interaction(id)).toMatchObject({ state: 'new' })
    expect(await centre.openOffers()).toEqual([])
  })

  test('it comes before what waits longer in the heaviest queue, and takes a slot like any other', async () => {
    const queue = await centre.addQueue('rrmemory', { weight: 10 })
    const account = await centre.addAccount()
    const agent = await centre.addAgent([account], [queue], 1)
    const early = await centre.waitFor(account, { queueId: queue })
    await centre.pass(100)
    const own = await centre.waitFor(account, { userId: agent })
    await run()
    expect(await centre.offersOf(own)).toEqual([`${agent}:open`])
    expect(await centre.offersOf(early)).toEqual([])
  })

  test('who does not see the account is not asked, and who no longer does is asked no longer', async () => {
    const account = await centre.addAccount()
    const stranger = await centre.addAgent([], [])
    const id = await centre.waitFor(account, { userId: stranger })
    await run()
    expect(await centre.offersOf(id)).toEqual([])
    await db.insertInto('account_agent').values({ account_id: account, user_id: stranger }).execute()
    await run()
    await db.deleteFrom('account_agent').where('user_id', '=', stranger).execute()
    await run()
    expect(await centre.offersOf(id)).toEqual([`${stranger}:withdrawn`])
  })
})

describe('for a team', () => {
  test('its members who see the account are asked all at once, and the first to accept has it', async () => {
    const account = await centre.addAccount()
    const one = await centre.addAgent([account], [])
    const two = await centre.addAgent([account], [])
    const stranger = await centre.addAgent([], [])
    const team = await centre.addTeam([one, two, stranger])
    const id = await centre.waitFor(account, { teamId: team })
    await run()
    expect(await centre.offersOf(id)).toEqual([`${one}:open`, `${two}:open`])
    await take(two, id)
    expect(await centre.offersOf(id)).toEqual([`${one}:taken`, `${two}:accepted`])
  })

  test('who leaves the team is asked no longer', async () => {
    const account = await centre.addAccount()
    const agent = await centre.addAgent([account], [])
    const team = await centre.addTeam([agent])
    const id = await centre.waitFor(account, { teamId: team })
    await run()
    await db.deleteFrom('team_member').where('team_id', '=', team).execute()
    await run()
    expect(await centre.offersOf(id)).toEqual([`${agent}:withdrawn`])
  })
})
