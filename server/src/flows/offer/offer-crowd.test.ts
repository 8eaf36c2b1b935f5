/** Two hundred agents race for what comes in, on four nodes with a router each: nothing is had twice, nothing is left lying. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import * as interactions from '../../interactions/interactions.ts'
import { type Ring, type Rung, silence } from '../../push/ring.ts'
import { changeInteraction } from '../change.ts'
import { close } from '../close.ts'
import { type Router, startRouter } from '../route/router.ts'
import { callerOf, type Node, testCentre } from '../route/routing-testing.ts'
import { accept, decline } from './offer.ts'

const centre = await testCentre()
const { db } = centre
const listeners = new Set<(rung: Rung) => void>()
const bell = {
  ring: (ring: Ring) => {
    for (const listener of listeners) listener({ ...silence(), route: ring.route ?? false })
  },
  onRing(listener: (rung: Rung) => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
const nodes = [centre.node, await centre.another(), await centre.another(), await centre.another()].map(
  (node) => ({ ...node, push: bell }),
)
const routers: Router[] = []
afterEach(async () => {
  await Promise.all(routers.splice(0).map((router) => router.stop()))
})

const AGENTS = 200
const AMOUNT = 240

async function crowd(): Promise<void> {
  const queues = [
    await centre.addQueue('rrmemory', { weight: 2 }),
    await centre.addQueue('leastrecent'),
    await centre.addQueue('fewestactive', { weight: 1 }),
    await centre.addQueue('beepall'),
  ]
  const accounts: number[] = []
  for (const queueId of queues) accounts.push(await centre.addAccount([{ id: 's1', type: 'queue', queueId }]))
  // A fifth of them in the queue that rings all at once: it would make thousands of offers otherwise.
  for (let n = 0; n < AGENTS; n++)
    await centre.addAgent(accounts, queues.slice(0, n % 5 === 0 ? 4 : 3), 1 + (n % 2))
  for (let n = 0; n < AMOUNT; n++) await centre.openInteraction(accounts[n % accounts.length] ?? 0)
}

/** At every moment: what is offered is offered to somebody, what waits has an entry, and nobody has more than his slots. */
async function wrongs() {
  const { rows } = await sql<{ what: string }>`
    select 'offer without an end: ' || o.id as what from offer o join interaction i on i.id = o.interaction_id
      where o.state = 'open' and i.state <> 'offered'
    union all
    select 'offered to nobody: ' || i.id from interaction i
      where i.state = 'offered' and not exists (select from offer o where o.interaction_id = i.id and o.state = 'open')
    union all
    select 'waits for nothing: ' || i.id from interaction i
      where i.state in ('queued', 'offered') and not exists (select from queue_entry e where e.interaction_id = i.id)
    union all
    select 'too much: ' || u.id from app_user u
      where u.capacity < (select count(*) from interaction i where i.user_id = u.id and i.closed_at is null)`.execute(
    db,
  )
  return rows.map(({ what }) => what)
}

/** Answers whose each interaction was, as often as somebody was told that it is his. */
async function race(take: (on: Node, userId: number, id: number) => Promise<unknown>): Promise<number[]> {
  await crowd()
  for (const node of nodes) routers.push(startRouter({ ...node, metrics: createMetrics() }))
  const had: number[] = []
  let held: { id: number; userId: number }[] = []
  while (new Set(had).size < AMOUNT) {
    const open = await db
      .selectFrom('offer')
      .select(['id', 'interaction_id', 'user_id'])
      .where('state', '=', 'open')
      .execute()
    const done = held
    held = []
    const refusable = async (work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work()
        return true
      } catch (error) {
        if (error instanceof Refusal) return false
        throw error
      }
    }
    await Promise.all([
      ...done.map(({ id, userId }, at) =>
        refusable(() =>
          changeInteraction(nodes[at % 4] ?? centre.node, callerOf(userId), id, (it) => close(it, undefined)),
        ),
      ),
      ...open.map(async ({ id: offerId, interaction_id: id, user_id: userId }) => {
        const on = nodes[offerId % 4] ?? centre.node
        if (offerId % 9 === 0)
          await refusable(() => changeInteraction(on, callerOf(userId), id, (it) => decline(it, null)))
        else if (offerId % 11 === 0) {
          await centre.setState(userId, 'paused')
          bell.ring({ route: true })
          await sleep(5)
          await centre.setState(userId, 'available')
          bell.ring({ route: true })
        } else if (await refusable(() => take(on, userId, id))) {
          had.push(id)
          held.push({ id, userId })
        }
      }),
    ])
    expect(await wrongs()).toEqual([])
    if (open.length === 0) await sleep(5)
  }
  return had
}

test('each of many interactions is had by exactly one of 200 agents, and none is orphaned meanwhile', async () => {
  const had = await race((on, userId, id) => changeInteraction(on, callerOf(userId), id, accept))
  expect(had.toSorted((a, b) => a - b)).toEqual([...new Set(had)].toSorted((a, b) => a - b))
  const { rows } = await sql<{ interaction_id: number }>`
    select interaction_id from offer where state = 'accepted' group by 1 having count(*) > 1`.execute(db)
  expect(rows).toEqual([])
}, 180_000)

test('control: agents who look first and take then have the same interaction twice', async () => {
  const had = race(async (on, userId, id) => {
    const row = await on.db
      .selectFrom('interaction')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await sleep(5)
    if (row.state !== 'offered') throw new Refusal('OF-101')
    await on.db.transaction().execute((tx) => interactions.assign(tx, id, userId, true))
  })
  // Told twice, or found out at once by what no longer fits together.
  const isWrong = had.then(
    (ids) => ids.length > new Set(ids).size,
    (error: unknown) => error instanceof Error && error.name === 'AssertionError',
  )
  expect(await isWrong).toBe(true)
}, 180_000)
