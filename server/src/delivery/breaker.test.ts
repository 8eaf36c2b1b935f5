import { expect, test } from 'vitest'
import { claim, freeStray, tend } from './lanes.ts'
import { type Receiver, testDeliveries, until } from './testing.ts'

const world = await testDeliveries()
const { pool, engine, answers, receiver, message } = world
let lastAccount = 0
const newAccount = (): number => ++lastAccount
const hour = 3_600_000
/** The schedule alone brings nothing back within a test. */
const withoutSchedule = { retryDelayMs: () => hour, limits: { pollMs: 50 } }

interface Switch extends Receiver {
  status: number
  retryAfter?: string
}

/** Takes or refuses everything, as it is set. */
async function switchable(status: number): Promise<Switch> {
  const there: Switch = Object.assign(
    await receiver((response) => {
      const headers = there.retryAfter === undefined ? {} : { 'retry-after': there.retryAfter }
      response.writeHead(there.status, headers).end()
    }),
    { status },
  )
  return there
}

async function breaker(accountId: number) {
  const { rows } = await pool.query(
    'select state, failures, probes, probe_at, since from endpoint where account_id = $1',
    [accountId],
  )
  return rows[0] as
    | { state: string; failures: number; probes: number; probe_at: Date | null; since: Date }
    | undefined
}

async function settled(ids: readonly number[]): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from message where id = any($1) and status not in ('sent', 'failed')`,
    [ids],
  )
  return rowCount === 0
}

test('after five failures in a row an endpoint gets one probe at a time, and what is not tried counts no attempt', async () => {
  const there = await switchable(503)
  const account = newAccount()
  const made = await answers(account, there.url, 40, 1)
  engine(withoutSchedule)
  await until(async () => ((await breaker(account))?.probes ?? 0) >= 2)
  expect(await breaker(account)).toMatchObject({ state: 'open' })
  // What was under way when it opened, and the probes: far fewer than the lanes.
  expect(there.calls.length).toBeLessThan(20)
  const { rows } = await pool.query(
    `select count(*) filter (where attempts = 0)::int as untried, sum(attempts)::int as attempts
     from delivery where interaction_id = any($1)`,
    [made.map(({ interactionId }) => interactionId)],
  )
  expect(rows[0].untried).toBeGreaterThan(20)
  expect(rows[0].attempts).toBeLessThanOrEqual(there.calls.length)
  expect((await claim(pool, 100, 1000, { besides: [] })).lanes).toEqual([])
})

async function drainAfterRecovery(): Promise<{ all: number[][]; there: Switch; account: number }> {
  const there = await switchable(500)
  const account = newAccount()
  const made = await answers(account, there.url, 60, 3)
  const all = made.map(({ messageIds }) => messageIds)
  engine(withoutSchedule)
  await until(async () => ((await breaker(account))?.failures ?? 0) >= 5)
  there.calls.length = 0
  there.status = 200
  return { all, there, account }
}

test('when a probe is answered everything leaves at once, with a ramp and in order', async () => {
  const { all, there, account } = await drainAfterRecovery()
  await until(() => settled(all.flat()))
  for (const ids of all)
    expect(there.calls.map(({ messageId }) => messageId).filter((id) => ids.includes(id))).toEqual(ids)
  await until(async () => (await breaker(account))?.state === 'closed')
  expect(await breaker(account)).toMatchObject({ failures: 0, probe_at: null })
})

test('without the breaker the same answers would wait for the schedule', async () => {
  const { rows } = await pool.query(`select pg_get_functiondef('note_outcomes'::regproc) as definition`)
  const definition: string = rows[0].definition
  expect(definition).toContain('e.failures >= 5')
  await pool.query(definition.replace('e.failures >= 5', 'false'))
  try {
    const { all } = await drainAfterRecovery()
    await expect(until(() => settled(all.flat()), 3000)).rejects.toThrow('did not come')
  } finally {
    await pool.query(definition)
  }
})

test('of two accounts that are answered at one address, one with a breaker that is open leaves the other alone', async () => {
  const [broken, healthy] = [newAccount(), newAccount()]
  const mine = new Set<number>()
  const there = await receiver((response, { messageId }) =>
    response.writeHead(mine.has(messageId) ? 503 : 200).end(),
  )
  for (const { messageIds } of await answers(broken, there.url, 8, 1)) mine.add(messageIds[0] ?? 0)
  engine(withoutSchedule)
  await until(async () => (await breaker(broken))?.state === 'open')
  const good = await answers(healthy, there.url, 8, 1)
  await until(() => settled(good.flatMap(({ messageIds }) => messageIds)))
  expect(await breaker(healthy)).toBeUndefined()
  expect(await breaker(broken)).toMatchObject({ state: 'open' })
})

test('one answer that always fails keeps no other behind it', async () => {
  const account = newAccount()
  let poison = 0
  const there = await receiver((response, { messageId }) =>
    response.writeHead(messageId === poison ? 500 : 200).end(),
  )
  const [made] = await answers(account, there.url, 1, 1)
  poison = made?.messageIds[0] ?? 0
  engine({ retryDelayMs: () => 1, limits: { pollMs: 50 } })
  await until(async () => (await breaker(account))?.state === 'open')
  const others = await answers(account, there.url, 5, 2)
  await until(() => settled(others.flatMap(({ messageIds }) => messageIds)))
  expect((await message(poison)).status).toBe('retrying')
})

test('a probe is made by one of many engines, and not before an endpoint wants it', async () => {
  const account = newAccount()
  const there = await switchable(503)
  there.retryAfter = '3600'
  const [made] = await answers(account, there.url, 1, 1)
  const running = engine({ retryDelayMs: () => 1, limits: { pollMs: 50 } })
  await until(async () => (await breaker(account))?.state === 'open')
  await running.stop()
  expect((await breaker(account))?.probe_at?.getTime()).toBeGreaterThan(Date.now() + 0.9 * hour)
  expect(await tend(pool, 10, 1000)).toEqual([])

  await pool.query('update endpoint set probe_at = now() where account_id = $1', [account])
  const { pool: elsewhere } = await world.open()
  const probes = await Promise.all([tend(pool, 10, 30_000), tend(elsewhere, 10, 30_000)])
  expect(probes.flat().map(({ interactionId }) => interactionId)).toEqual([made?.interactionId])
  const next = (await breaker(account))?.probe_at?.getTime() ?? 0
  expect(next).toBeGreaterThan(Date.now())
  expect(next).toBeLessThanOrEqual(Date.now() + 30_000)
})

test('a Retry-After that was asked for one answer delays no probe once others were taken', async () => {
  const account = newAccount()
  const there = await switchable(429)
  there.retryAfter = '3600'
  engine(withoutSchedule)
  const answered = async (amount: number) =>
    (await answers(account, there.url, amount, 1)).flatMap(({ messageIds }) => messageIds)
  const [late = 0] = await answered(1)
  await until(async () => (await message(late)).status === 'retrying')
  delete there.retryAfter
  there.status = 200
  const taken = await answered(1)
  await until(() => settled(taken))
  there.status = 503
  await answered(5)
  await until(async () => (await breaker(account))?.state === 'open')
  expect((await breaker(account))?.probe_at?.getTime()).toBeLessThan(Date.now() + 30_000)
  expect((await message(late)).next_attempt_at?.getTime()).toBeGreaterThan(Date.now() + 0.9 * hour)
})

/** As if all that waits there had been handed in so many hours ago. */
async function handedIn(account: number, hours: number): Promise<void> {
  await pool.query(
    `update delivery set created_at = now() - $2 * interval '1 hour' where account_id = $1 and state = 'pending'`,
    [account, hours],
  )
}

/** As if its breaker had been open for so many hours, and so many probes had been made in the last quarter of them. */
async function openFor(account: number, hours: number, probes: number): Promise<void> {
  await pool.query(
    `update endpoint set since = now() - $2 * interval '1 hour', probe_at = now(), probes = $3::int,
       probed_at = array(select now() - $2 * n * interval '15 min' / $3::int from generate_series($3::int, 1, -1) as n)
     where account_id = $1`,
    [account, hours, probes],
  )
}

/** As if the endpoint had been down for so long. */
async function downFor(hours: number, status: number) {
  const there = await switchable(500)
  const account = newAccount()
  const made = await answers(account, there.url, 12, 2)
  const ids = made.flatMap(({ messageIds }) => messageIds)
  const running = engine(withoutSchedule)
  await until(async () => (await breaker(account))?.state === 'open')
  await running.stop()
  await handedIn(account, hours)
  await openFor(account, hours, 30)
  there.calls.length = 0
  there.status = status
  engine(withoutSchedule)
  await until(async () => {
    // Half a minute passes as soon as everything is done that its probe set off.
    await pool.query(
      `update endpoint set probe_at = now() where account_id = $1 and probe_at > now()
       and not exists (select from lane where claimed and account_id = $1)`,
      [account],
    )
    return settled(ids)
  })
  const { rows } = await pool.query(
    'select state, attempts, last_error from delivery where message_id = any($1) order by id',
    [ids],
  )
  return { rows, calls: there.calls }
}

test('an endpoint that was down for 60 hours loses no answer', async () => {
  const { rows } = await downFor(60, 200)
  expect(rows.map(({ state }) => state)).toEqual(Array(24).fill('delivered'))
})

test('after 72 hours without an answer what waited becomes dead letters, each with its reason, and nothing is dropped', async () => {
  const { rows, calls } = await downFor(73, 500)
  expect(rows.map(({ state }) => state)).toEqual(Array(24).fill('dead'))
  expect(rows.at(-1)).toMatchObject({ attempts: 0, last_error: 'Nothing was taken there for 72 hours.' })
  expect(calls.length).toBeLessThan(5)
})

/** Behind an open breaker: an account with one answer in each of two interactions, and nobody at work. */
async function parked(): Promise<number> {
  const there = await switchable(500)
  const account = newAccount()
  await answers(account, there.url, 2, 1)
  const running = engine({ retryDelayMs: () => 1, limits: { pollMs: 50 } })
  await until(async () => (await breaker(account))?.state === 'open')
  await running.stop()
  return account
}

const errands = async () => (await tend(pool, 10, 30_000)).map(({ errand }) => typeof errand)

test('what waited 72 hours is not given up for an outage of an hour, however often it was probed', async () => {
  const account = await parked()
  await handedIn(account, 73)
  await openFor(account, 1, 30)
  expect(await errands()).toEqual(['string'])
})

test('what waited 72 hours behind an outage of 72 hours is given up after 30 probes since it was handed in, and not after 29', async () => {
  const account = await parked()
  await handedIn(account, 73)
  await openFor(account, 73, 29)
  expect(await errands()).toEqual(['string'])
  await openFor(account, 73, 30)
  expect(await errands()).toEqual(['object'])

  const late = await parked()
  // The first of the thirty was made a hundred hours ago.
  await openFor(late, 400, 30)
  await handedIn(late, 73)
  expect(await errands()).toEqual(['string'])
  await openFor(late, 400, 30)
  await handedIn(late, 101)
  expect(await errands()).toEqual(['object'])
})

test('what waited while no program ran is given up after one more probe at the earliest', async () => {
  const account = await parked()
  await handedIn(account, 101)
  await openFor(account, 100, 30)
  await pool.query(
    `update endpoint set probed_at = array(select p - interval '70 hours' from unnest(probed_at) as p) where account_id = $1`,
    [account],
  )
  expect(await errands()).toEqual(['string'])
  await pool.query('update endpoint set probe_at = now() where account_id = $1', [account])
  expect(await errands()).toEqual(['object'])
})

test('while the only lane of an endpoint is being probed, however slowly, its outage does not begin anew', async () => {
  const there = await switchable(500)
  const account = newAccount()
  await answers(account, there.url, 1, 1)
  const running = engine({ retryDelayMs: () => 1, limits: { pollMs: 50 } })
  await until(async () => (await breaker(account))?.state === 'open')
  await running.stop()
  await openFor(account, 60, 12)
  const before = await breaker(account)
  expect(await errands()).toEqual(['string'])
  await pool.query('update endpoint set probe_at = now() where account_id = $1', [account])
  expect(await errands()).toEqual([])
  expect(await breaker(account)).toMatchObject({ state: 'open', since: before?.since, probes: 13 })
  // Once nobody has it in hand and nothing waits, there is nothing to be open for.
  await pool.query('update lane set next_at = null, claimed = false where account_id = $1', [account])
  await pool.query('update endpoint set probe_at = now() where account_id = $1', [account])
  expect(await errands()).toEqual([])
  expect(await breaker(account)).toMatchObject({ state: 'closed', failures: 4 })
})

test('a lane that was left behind a breaker which has closed meanwhile is brought forward; behind one that is open it stays', async () => {
  const there = await switchable(200)
  const [closed, open] = [newAccount(), newAccount()]
  const made = await answers(closed, there.url, 3, 1)
  await answers(open, there.url, 2, 1)
  await pool.query('update lane set next_at = null, parked_at = now() where account_id = any($1)', [
    [closed, open],
  ])
  await pool.query(
    `insert into endpoint (id, account_id, purpose, state, probe_at)
     values (endpoint_id($1, 0::smallint), $1, 0, 'closed', null), (endpoint_id($2, 0::smallint), $2, 0, 'open', now() + interval '1 hour')`,
    [closed, open],
  )
  expect((await claim(pool, 100, 1000, { besides: [] })).lanes).toEqual([])
  expect(await freeStray(pool)).toBe(3)
  expect(await freeStray(pool)).toBe(0)
  engine(withoutSchedule)
  await until(() => settled(made.flatMap(({ messageIds }) => messageIds)))
  const { rows } = await pool.query(
    'select count(*)::int as parked from lane where account_id = $1 and parked_at is not null',
    [open],
  )
  expect(rows).toEqual([{ parked: 2 }])
})
