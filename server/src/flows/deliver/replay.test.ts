import { expect, test } from 'vitest'
import { forgetSome } from '../../delivery/expiry.ts'
import { testDesk, until } from '../reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
// What holds for one node has to hold for two: each looks for replays by itself.
await server.another()
const { db, pool } = server.ctx
const { call } = server

const replay = (id: number, body: object, as = server.admin) =>
  call('POST /api/openchannel/accounts/:id/replay', { as, params: { id }, body })

/** Interactions with so many answers each, none of which the Reply URL takes. */
async function refused(interactions: number, perInteraction: number) {
  const there = await desk.replyUrl()
  there.status = 400
  const { account, agent } = await desk.open(there.url)
  const ids: number[][] = []
  for (let i = 0; i < interactions; i++) {
    const OpenchannelInteractionId = await desk.write(account)
    const mine: number[] = []
    for (let n = 0; n < perInteraction; n++) {
      const body = { OpenchannelInteractionId, body: `${n}` }
      mine.push((await call('POST /api/openchannel/messages', { as: agent, body })).body.id)
    }
    ids.push(mine)
  }
  await until(async () => (await states(account.id)).every((state) => state === 'failed'))
  there.posted.length = 0
  there.status = 200
  return { there, account, ids }
}

async function states(accountId: number): Promise<string[]> {
  const { rows } = await pool.query<{ state: string }>(
    'select state from delivery where account_id = $1 order by id',
    [accountId],
  )
  return rows.map(({ state }) => state)
}

test('all that failed or was given up since a time is delivered again, in order, once each, and no faster than asked', async () => {
  const { there, account, ids } = await refused(4, 3)
  await pool.query(`update delivery set state = 'dead' where account_id = $1 and id % 2 = 0`, [account.id])
  const before = await pool.query('select webhook_id from delivery where account_id = $1 order by id', [
    account.id,
  ])
  const startedAt = performance.now()
  const { body } = await replay(account.id, { since: '2020-01-01T00:00:00.000Z', perSecond: 5 })
  expect(body).toEqual({ count: 12 })
  const second = await replay(account.id, { since: '2020-01-01T00:00:00.000Z' })
  expect([second.status, second.body.code]).toEqual([409, 'RE-104'])
  await until(() => there.posted.length === 12)
  // Five at once, five after a second, two after another.
  expect(performance.now() - startedAt).toBeGreaterThan(1900)
  for (const mine of ids)
    expect(there.posted.map((posted) => posted.body.id).filter((id) => mine.includes(id))).toEqual(mine)
  expect(there.posted.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
    before.rows.map((row) => row.webhook_id).toSorted(),
  )
  await until(async () => (await states(account.id)).slice(12).every((state) => state === 'delivered'))
  await until(async () => {
    const { rows } = await pool.query('select ended_at from replay where account_id = $1', [account.id])
    return rows.every(({ ended_at }) => ended_at !== null)
  })
  const again = await replay(account.id, { since: '2020-01-01T00:00:00.000Z' })
  expect(again.body).toEqual({ count: 0 })
})

test('what failed before the time, of another account, or was replayed by hand is left alone', async () => {
  const mine = await refused(2, 1)
  const other = await refused(1, 1)
  const rows = await pool.query('select id from delivery where account_id = $1 order by id', [
    mine.account.id,
  ])
  const [first, second] = rows.rows
  await pool.query(`update delivery set ended_at = now() - interval '1 day' where id = $1`, [first.id])
  expect(
    (await call('POST /api/openchannel/deliveries/:id/replay', { params: { id: second.id } })).status,
  ).toBe(200)
  const since = new Date(Date.now() - 3_600_000).toISOString()
  expect((await replay(mine.account.id, { since })).body).toEqual({ count: 0 })
  await until(() => mine.there.posted.length === 1)
  expect(other.there.posted).toEqual([])
})

test('only admins replay an account, and one that has nowhere to deliver is told so', async () => {
  const { account, agent } = await desk.open('')
  const since = new Date().toISOString()
  expect((await replay(account.id, { since }, agent)).body.code).toBe('AU-105')
  expect((await replay(account.id, { since })).body.code).toBe('RE-101')
  expect((await replay(999_999, { since })).body.code).toBe('GE-105')
})

test('attempts are forgotten after 14 days, deliveries 30 days after their end, and nothing before', async () => {
  const { account } = await refused(5, 1)
  const ids = (await pool.query('select id from delivery where account_id = $1 order by id', [account.id]))
    .rows
  const [old, dead, recent, pending] = ids.map(({ id }) => id)
  await pool.query('update delivery_attempt set started_at = now() where true')
  await pool.query('update delivery set ended_at = now() where ended_at is not null')
  await pool.query(
    `update delivery_attempt set started_at = now() - interval '15 days' where delivery_id = any($1)`,
    [[old, dead]],
  )
  await pool.query(
    `update delivery set ended_at = now() - interval '31 days', state = case when id = $2 then 'dead' else state end
     where id = any($1)`,
    [[old, dead], dead],
  )
  await pool.query(`update delivery set ended_at = now() - interval '29 days' where id = $1`, [recent])
  await pool.query(
    `update delivery set state = 'pending', ended_at = null, created_at = now() - interval '40 days' where id = $1`,
    [pending],
  )
  expect(await forgetSome(db)).toBe(4)
  expect(await forgetSome(db)).toBe(0)
  const left = await pool.query('select id from delivery where account_id = $1 order by id', [account.id])
  expect(left.rows.map(({ id }) => id)).toEqual(ids.slice(2).map(({ id }) => id))
})
