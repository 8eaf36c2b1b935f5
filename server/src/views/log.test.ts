import { expect, test } from 'vitest'
import { testDesk, until } from '../flows/reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const { call } = server
const { db } = server.ctx
const there = await desk.replyUrl()
const { account, agent } = await desk.open(there.url)

const log = async (query: object, id = account.id) => {
  const { status, body } = await call('GET /api/openchannel/accounts/:id/log', { params: { id }, query })
  expect(status).toBe(200)
  return body
}
const entry = (entryId: string, id = account.id) =>
  call('GET /api/openchannel/accounts/:id/log/:entryId', { params: { id, entryId } })
const health = async (id = account.id) =>
  (await call('GET /api/openchannel/accounts/:id/health', { params: { id } })).body

async function answer(
  body: string,
  status = 200,
  as = agent,
): Promise<{ id: number; interactionId: number }> {
  there.status = status
  const interactionId = await desk.write(account)
  const sent = await call('POST /api/openchannel/messages', {
    as,
    body: { OpenchannelInteractionId: interactionId, body },
  })
  const { id } = sent.body
  await until(async () => {
    const [row] = await db.selectFrom('delivery').select('attempts').where('message_id', '=', id).execute()
    return (row?.attempts ?? 0) > 0
  })
  there.status = 200
  return { id, interactionId }
}

test('an answer stands in the log with what became of it, and its entry holds the attempt', async () => {
  const { id, interactionId } = await answer('Hello from the log')
  const { rows } = await log({ direction: 'out', interactionId })
  expect(rows).toMatchObject([
    {
      direction: 'out',
      event: 'reply',
      messageId: id,
      interactionId,
      state: 'delivered',
      status: 200,
      attempt: 1,
    },
  ])
  const { body } = await entry(rows[0]?.id ?? '')
  expect(body.row).toEqual(rows[0])
  expect(body.attempts).toHaveLength(1)
  const [attempt] = body.attempts
  expect(attempt?.request.body).toContain('Hello from the log')
  expect(attempt).toMatchObject({
    url: there.url,
    request: {
      headers: { 'x-attempt': '1', 'webhook-signature': '[secret]' },
      sizeBytes: expect.any(Number),
    },
    response: { headers: { connection: 'keep-alive' }, body: '', sizeBytes: 0 },
    timing: { tlsMs: null, firstByteMs: expect.any(Number) },
  })
  expect(body.diagnosis).toMatchObject({ diagnosis: 'ok' })
})

test('what failed is found by state and by text, with its reason and what to do about it', async () => {
  const { id } = await answer('Nobody takes this', 422)
  await answer('Everybody takes this')
  for (const query of [{ state: 'failed', limit: 1 }, { text: 'nobody TAKES' }, { text: 'answered 422' }]) {
    const { rows } = await log({ ...query, direction: 'out' })
    expect(
      rows.map(({ messageId }) => messageId),
      JSON.stringify(query),
    ).toContain(id)
    expect(rows.every(({ state }) => state === 'failed')).toBe(true)
  }
  expect((await log({ text: '100%_\\' })).rows).toEqual([])
  const { rows } = await log({ state: 'failed' })
  const { body } = await entry(rows[0]?.id ?? '')
  expect(body.diagnosis).toMatchObject({ diagnosis: 'client-error', detail: expect.stringContaining('422') })
})

test('pages follow each other without a gap or a repetition', async () => {
  for (let n = 0; n < 7; n++) await answer(`page ${n}`)
  // What came in is logged a moment later, and a row that comes between two pages would move them.
  const { rows: came } = await server.ctx.pool.query<{ count: number }>(
    `select count(*)::int as count from message m join interaction i on i.id = m.interaction_id where i.account_id = $1 and m.direction = 'in'`,
    [account.id],
  )
  await until(async () => (await log({ direction: 'in', limit: 200 })).rows.length === came[0]?.count, 30_000)
  const all = await log({ limit: 200 })
  const paged: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await log({ limit: 3, ...(cursor && { cursor }) })
    paged.push(...page.rows.map(({ id }) => id))
    cursor = page.cursor
  } while (cursor)
  expect(paged).toEqual(all.rows.map(({ id }) => id))
  expect(new Set(paged).size).toBe(paged.length)
  const times = all.rows.map(({ at }) => at)
  expect(times).toEqual([...times].sort().reverse())
})

test('a time bounds the list at both ends', async () => {
  const { rows } = await log({ limit: 200 })
  const [from, to] = [rows.at(-3)?.at, rows[2]?.at]
  const within = await log({ from, to, limit: 200 })
  expect(within.rows.map(({ id }) => id)).toEqual(
    rows.filter(({ at }) => at >= (from ?? '') && at < (to ?? '')).map(({ id }) => id),
  )
  expect(within.rows.length).toBeGreaterThan(0)
})

test('an entry of another account, or of none, is not found', async () => {
  const other = await server.makeAccount()
  const [row] = (await log({ limit: 1 })).rows
  for (const [entryId, id] of [
    [row?.id ?? '', other.id],
    ['out-999999999', account.id],
    ['nonsense', account.id],
  ] as const)
    expect((await entry(entryId, id)).status, entryId).toBe(404)
  expect((await log({}, other.id)).rows).toEqual([])
})

test('health counts what succeeded, what is owed and what failed last', async () => {
  expect(await health((await server.makeAccount()).id)).toMatchObject({ state: 'unconfigured', pending: 0 })
  const quiet = await server.makeAccount({ replyUrl: there.url })
  expect(await health(quiet.id)).toMatchObject({ state: 'idle', successPercent: null, lastFailure: null })
  await answer('Later, please', 503)
  const state = await health()
  expect(state.successPercent).toBeGreaterThan(50)
  expect(state.successPercent).toBeLessThan(100)
  expect(state.p95Ms).toBeGreaterThanOrEqual(0)
  expect(state.lastFailure).toMatchObject({ status: 503, reason: expect.stringContaining('503') })
  expect(state).toMatchObject({ state: 'degraded', pending: 1 })
})

test('one question answers the health of many accounts, and leaves out what the caller does not see', async () => {
  const other = await server.makeAccount()
  const ask = async (as = server.admin) =>
    (await call('GET /api/openchannel/health', { as, query: { accountIds: account.id } })).body.rows
  const [mine] = await ask()
  expect(mine).toMatchObject({ accountId: account.id, state: expect.any(String) })
  const url = new URL('/api/openchannel/health', server.url)
  for (const id of [account.id, other.id, 999_999]) url.searchParams.append('accountIds', String(id))
  const both = (await (await fetch(url, { headers: server.admin.headers })).json()) as {
    rows: { accountId: number }[]
  }
  expect(both.rows.map(({ accountId }) => accountId)).toEqual([account.id, other.id])
  expect(await ask(await server.makeUser('supervisor'))).toEqual([])
})

test('the hops of an answer tell when it was written, queued, tried and sent', async () => {
  const { id } = await answer('Hop')
  const hops = async (as = agent) => call('GET /api/openchannel/messages/:id/hops', { as, params: { id } })
  await until(async () => (await hops()).body.hops.length === 4)
  const { body } = await hops()
  expect(body.hops.map(({ step }) => step)).toEqual(['written', 'queued', 'attempt', 'sent'])
  expect(body.hops[2]).toMatchObject({ attempt: 1, status: 200 })
  expect((await hops(await server.makeUser())).status).toBe(404)
})

test('erasing takes every kept body and is written into the audit log', async () => {
  await answer('Forget this sentence')
  // What failed above is tried again meanwhile.
  const { last } = await db
    .selectFrom('delivery_attempt')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const { body } = await call('DELETE /api/openchannel/accounts/:id/log', { params: { id: account.id } })
  expect(body.erased).toBeGreaterThan(0)
  expect((await log({ text: 'Forget this sentence' })).rows).toEqual([])
  const kept = await db
    .selectFrom('delivery_attempt')
    .select('id')
    .where('account_id', '=', account.id)
    .where('id', '<=', last)
    .where((eb) => eb.or([eb('request_body', 'is not', null), eb('response_body', 'is not', null)]))
    .execute()
  expect(kept).toEqual([])
  const audited = await db
    .selectFrom('audit_entry')
    .select('user_id')
    .where('action', '=', 'erased-log')
    .where('object_id', '=', account.id)
    .execute()
  expect(audited).toEqual([{ user_id: server.admin.id }])
})

test('an account that keeps no bodies has none of what went out, and still its headers', async () => {
  const params = { id: account.id }
  await call('PATCH /api/openchannel/accounts/:id', { params, body: { keepBodies: false } })
  const { id } = await answer('between us')
  await call('PATCH /api/openchannel/accounts/:id', { params, body: { keepBodies: true } })
  const row = (await log({ direction: 'out' })).rows.find(({ messageId }) => messageId === id)
  const { body } = await entry(row?.id ?? '')
  expect(body.attempts[0]).toMatchObject({
    request: { body: null, headers: { 'x-attempt': '1' }, sizeBytes: expect.any(Number) },
    response: { body: null },
  })
  expect(body.curl).toContain('# The body was not kept.')
})

test.each([
  { from: 'yesterday' },
  { to: '2026-02-30T00:00:00.000Z' },
  { from: '275760-09-13T00:00:00.001Z', direction: 'in' },
  { cursor: Buffer.from(JSON.stringify([-(2 ** 53 - 1), 0, 2 ** 53 - 1])).toString('base64url') },
  { cursor: Buffer.from(JSON.stringify([2 ** 53 - 1, 7, -1])).toString('base64url') },
  { text: '\0%\\' },
])('no question to the log is a mistake of ours: %j', async (query) => {
  const { status } = await call('GET /api/openchannel/accounts/:id/log', {
    params: { id: account.id },
    query,
  })
  expect([200, 400]).toContain(status)
})

test('only admins read the log', async () => {
  const as = await server.makeUser('supervisor')
  expect(
    (await call('GET /api/openchannel/accounts/:id/log', { as, params: { id: account.id } })).status,
  ).toBe(403)
})
