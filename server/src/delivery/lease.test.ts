import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { expect, test } from 'vitest'
import { detailsOf } from './attempt-details.ts'
import { claim, type Delivery, type Lane, release } from './lanes.ts'
import { createSettler, type Settlement } from './settler.ts'
import { testDeliveries, until } from './testing.ts'

const world = await testDeliveries()
const { pool, log } = world
const everyone = { besides: [] }
let lastAccount = 0
const settler = createSettler({ pool, leaseMs: 30_000, log })

async function claimOne(leaseMs: number): Promise<{ lane: Lane; head: Delivery }> {
  const { lanes } = await claim(pool, 10, leaseMs, everyone)
  const [lane] = lanes
  if (lanes.length !== 1 || !lane?.head) throw new Error(`claimed ${lanes.length} lanes`)
  return { lane, head: lane.head }
}

function outcome(
  { lane, head }: { lane: Lane; head: Delivery },
  verdict: 'delivered' | 'failed',
  reason: string | null,
): Settlement {
  const attempt = {
    number: head.attempts + 1,
    startedAt: new Date(),
    durationMs: 1,
    requestBody: '',
    responseBody: '',
    details: detailsOf({ url: '', headers: {}, body: '' }, new DoorError('reset', ''), []),
  }
  const status = verdict === 'delivered' ? 200 : 400
  return {
    lane,
    delivery: head,
    messageStatus: 'queued',
    state: verdict,
    delayMs: 0,
    outcome: { verdict, status, reason, retryAfterMs: undefined, channelId: null, attempt },
  }
}

/** As if the time of its lease were over. */
const pastLease = ({ interactionId }: Pick<Lane, 'interactionId'>) =>
  pool.query('update lane set next_at = now() where interaction_id = $1', [interactionId])

/** One worker claims, is paused beyond his lease, and ends after another who took over. */
async function pausedWorkerEnds(how: 'failed' | 'delivered' = 'failed') {
  const [made] = await world.answers(++lastAccount, 'http://127.0.0.1:1', 1, 1)
  const paused = await claimOne(60_000)
  await pastLease(paused.lane)
  const other = await claimOne(30_000)
  expect(other.lane.interactionId).toBe(paused.lane.interactionId)
  const others = await settler.settle(outcome(other, 'delivered', null))
  // As it would still be if the other were slow: what holds the paused worker back must be the fence alone.
  await pool.query(`update delivery set state = 'pending' where id = $1`, [paused.head.id])
  await pool.query(`update message set status = 'queued' where id = $1`, [paused.head.messageId])
  const late = await settler.settle(outcome(paused, how, 'too late'))
  return { others, late, message: await world.message(made?.messageIds[0] ?? 0), paused }
}

test('a worker that was paused beyond his lease changes nothing any more, but his attempt is on record', async () => {
  const { others, late, message, paused } = await pausedWorkerEnds()
  expect(others.outcome).toBe('settled')
  expect(late.outcome).toBe('lost')
  expect(message).toMatchObject({ status: 'queued', status_reason: null })
  const { rows } = await pool.query('select error from delivery_attempt where delivery_id = $1 order by id', [
    paused.head.id,
  ])
  expect(rows).toEqual([{ error: null }, { error: 'Finished after another worker had taken over.' }])
  await pool.query('update lane set next_at = null')
})

test('a paused worker is not believed either when his endpoint took the answer', async () => {
  const { late, message } = await pausedWorkerEnds('delivered')
  expect(late.outcome).toBe('lost')
  expect(message).toMatchObject({ status: 'queued', status_reason: null })
  await pool.query('update lane set next_at = null')
})

test.each([
  { name: 'settle_one_by_one', how: 'failed', status: 'failed', fence: 'and fence = r.fence' },
  { name: 'settle_deliveries', how: 'delivered', status: 'sent', fence: 'and l.fence = x.fence' },
] as const)(
  'without the fence of $name the paused worker would overwrite what the other did',
  async ({ name, how, status, fence }) => {
    const { rows } = await pool.query('select pg_get_functiondef($1::regproc) as definition', [name])
    const definition: string = rows[0].definition
    expect(definition).toContain(fence)
    await pool.query(definition.replace(fence, ''))
    try {
      const { late, message } = await pausedWorkerEnds(how)
      expect(late.outcome).toBe('settled')
      expect(message).toMatchObject({ status, status_reason: 'too late' })
    } finally {
      await pool.query(definition)
    }
  },
)

test('a claimed lane is nobody else’s until its lease ends, and then it is due by itself', async () => {
  await world.answers(++lastAccount, 'http://127.0.0.1:1', 1, 1)
  const first = await claimOne(60_000)
  expect((await claim(pool, 10, 1000, everyone)).lanes).toEqual([])
  await pastLease(first.lane)
  const second = await claimOne(30_000)
  expect(second.lane.fence).toBe(first.lane.fence + 1)
  await settler.settle(outcome(second, 'delivered', null))
})

test('an answer that is sent while its lane is claimed is handed to the worker with the outcome', async () => {
  const [made] = await world.answers(++lastAccount, 'http://127.0.0.1:1', 1, 1)
  const held = await claimOne(30_000)
  await pool.query(
    `select reply($1, null, null, null, 1, false, '{more}', '{null}', null, null, null, false)`,
    [made?.interactionId],
  )
  expect((await claim(pool, 10, 1000, everyone)).lanes).toEqual([])
  const first = await settler.settle(outcome(held, 'delivered', null))
  expect(first.head?.id).toBeGreaterThan(held.head.id)
  expect((await claim(pool, 10, 1000, everyone)).lanes).toEqual([])
  if (!first.head) return
  const second = await settler.settle(outcome({ lane: held.lane, head: first.head }, 'delivered', null))
  expect(second).toEqual({ outcome: 'settled', head: null })
})

test('outcomes of many lanes are written together, also while somebody holds one of their interactions', async () => {
  const made = await world.answers(++lastAccount, 'http://127.0.0.1:1', 20, 1)
  const { lanes } = await claim(pool, 20, 30_000, everyone)
  const holder = await pool.connect()
  await holder.query('begin')
  await holder.query('select from interaction where id = $1 for update', [made[7]?.interactionId])
  const settled: number[] = []
  const all = Promise.all(
    lanes.map(async (lane) => {
      if (!lane.head) return
      await settler.settle(outcome({ lane, head: lane.head }, 'delivered', null))
      settled.push(lane.interactionId)
    }),
  )
  await until(() => settled.length === 19)
  await holder.query('commit')
  holder.release()
  await all
  expect(settled.at(-1)).toBe(made[7]?.interactionId)
})

test('an outcome that is written twice, because its answer was lost on the way, counts once', async () => {
  const [made] = await world.answers(++lastAccount, 'http://127.0.0.1:1', 1, 1)
  const settlement = outcome(await claimOne(30_000), 'delivered', null)
  expect((await settler.settle(settlement)).outcome).toBe('settled')
  expect((await settler.settle(settlement)).outcome).toBe('lost')
  const { rows } = await pool.query(
    `select count(*)::int as n from event where interaction_id = $1 and type = 'status'`,
    [made?.interactionId],
  )
  expect(rows).toEqual([{ n: 1 }])
})

test('a lane given back is due as it was, and one with nothing to deliver comes to rest', async () => {
  const [made] = await world.answers(++lastAccount, 'http://127.0.0.1:1', 1, 1)
  const first = await claimOne(30_000)
  await release(pool, [first.lane])
  const second = await claimOne(30_000)
  expect(second.lane.dueAt).toEqual(first.lane.dueAt)
  await pool.query('delete from delivery where interaction_id = $1', [made?.interactionId])
  await release(pool, [second.lane])
  expect((await claim(pool, 10, 1000, everyone)).lanes).toEqual([])
})

test('accounts that must be left alone hide nobody behind them, however much they are owed', async () => {
  const crowd = ++lastAccount
  const other = ++lastAccount
  await world.answers(crowd, 'http://127.0.0.1:1', 60, 1)
  const [wanted] = await world.answers(other, 'http://127.0.0.1:1', 1, 1)
  const { lanes } = await claim(pool, 10, 30_000, { besides: [crowd * 4] })
  expect(lanes.map(({ interactionId }) => interactionId)).toEqual([wanted?.interactionId])
  const some = await claim(pool, 7, 30_000, { only: [crowd * 4, other * 4] })
  expect(some.lanes.map(({ accountId }) => accountId)).toEqual(Array(7).fill(crowd))
  await pool.query('delete from delivery')
  await pool.query('update lane set next_at = null')
})

test('a worker that hangs in a call loses its lane to another engine, and its late outcome is not written', async () => {
  let letGo: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const stuck: Door = {
    ...world.door,
    request: async (request) => {
      const answer = await world.door.request(request)
      await held
      return { ...answer, status: 400 }
    },
  }
  const there = await world.receiver((response) => response.writeHead(200).end())
  // With its only connection stuck it cannot take the lane itself a second time.
  world.engine({ door: stuck, limits: { pollMs: 50, connectionsPerOrigin: 1 } })
  const [made] = await world.answers(++lastAccount, there.url, 1, 1)
  await until(() => there.calls.length === 1)
  await pastLease({ interactionId: made?.interactionId ?? 0 })
  world.engine({ limits: { pollMs: 50 } })
  const id = made?.messageIds[0] ?? 0
  await until(async () => (await world.message(id)).status === 'sent')
  letGo()
  await until(async () => {
    const { rowCount } = await pool.query(
      'select from delivery_attempt a join delivery d on d.id = a.delivery_id where d.message_id = $1',
      [id],
    )
    return rowCount === 2
  })
  expect((await world.message(id)).status).toBe('sent')
  expect(there.calls).toHaveLength(2)
})
