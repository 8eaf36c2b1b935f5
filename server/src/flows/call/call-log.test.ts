/** Bots and web requests in the delivery log: as attempts of their own kind, without secrets, and bounded. */

import type { NewAction } from '@patchbay/protocol/api/actions.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { forgetSome } from '../../delivery/expiry.ts'
import { until } from '../reply/reply-testing.ts'
import { callChores } from '../trigger/call.ts'
import { startBot, testCalls } from './call-testing.ts'

const { desk, db, open, reached, answersTo } = await testCalls()
const { call, ctx } = desk.server

const logOf = async (account: { id: number }, query: object = {}) =>
  (await call('GET /api/openchannel/accounts/:id/log', { params: { id: account.id }, query })).body.rows
/** Once there are so many. */
async function calls(account: { id: number }, count: number, query: object = {}) {
  const own = async () => (await logOf(account, query)).filter(({ id }) => id.startsWith('call-'))
  await until(async () => (await own()).length >= count, 30_000)
  return own()
}
const entryOf = async (account: { id: number }, entryId = '') =>
  (await call('GET /api/openchannel/accounts/:id/log/:entryId', { params: { id: account.id, entryId } })).body
const request = (url: string, fields: object = {}): NewAction =>
  ({
    id: 'ask',
    type: 'web-request',
    method: 'POST',
    url,
    variable: 'order',
    timeoutSeconds: 10,
    ...fields,
  }) as NewAction

test('a web request stands in the log with what was sent and answered, and nothing that opens a door', async () => {
  const shop = await startBot()
  const secret = 'sk-topsecret-1234'
  shop.behave = (response) => response.end(JSON.stringify({ echoed: secret, state: 'sent' }))
  const headers = [{ name: 'X-Shop', value: secret, secret: true }]
  const { account } = await open([
    request(`${shop.url}?token=abc123`, { headers, body: '{"of":"{{message.body}}"}' }),
  ])
  const id = await desk.write(account, { body: 'lamp' })
  const [row] = await calls(account, 1)
  expect(row).toMatchObject({
    direction: 'out',
    event: 'web-request',
    askedBy: 'ask',
    interactionId: id,
    deliveryId: null,
    state: 'delivered',
    status: 200,
    attempt: 1,
    attempts: 1,
  })
  const entry = await entryOf(account, row?.id)
  expect(entry).toMatchObject({
    diagnosis: { diagnosis: 'ok' },
    attempts: [{ attempt: 1, method: 'POST', status: 200, request: { body: '{"of":"lamp"}' } }],
  })
  expect(entry.attempts[0]?.response.body).toContain('"state":"sent"')
  expect(JSON.stringify(entry)).not.toMatch(/topsecret|abc123/)
})

test('a bot that says what cannot be used, and one that refuses, are failures with their reasons', async () => {
  const bot = await startBot()
  const { account } = await open([{ id: 'bot', type: 'bot', url: bot.url, timeoutSeconds: 10 } as NewAction])
  bot.behave = (response) => response.end('no JSON')
  await reached(await desk.write(account), 'bot')
  const [unusable] = await calls(account, 1)
  expect(unusable).toMatchObject({
    event: 'bot',
    state: 'failed',
    status: 200,
    reason: expect.stringMatching(/./),
  })
  expect((await entryOf(account, unusable?.id)).diagnosis.diagnosis).toBe('unusable')
  bot.behave = (response) => response.writeHead(403).end()
  await reached(await desk.write(account), 'bot')
  const [refused] = await calls(account, 2)
  expect(refused).toMatchObject({
    state: 'failed',
    status: 403,
    reason: expect.stringMatching(/403 Forbidden/),
  })
  const { attempts, curl } = await entryOf(account, refused?.id)
  expect(attempts[0]?.request.headers['webhook-signature']).toBe('[secret]')
  expect(curl).toContain('{SECRET#whsec_}')
})

test('it is found by kind, state, interaction and text, beside what else the log has, and page by page', async () => {
  const shop = await startBot()
  const reply = { id: 'say', type: 'auto-reply', text: 'One moment', when: 'always' } as NewAction
  const { account } = await open([request(shop.url, { body: 'about {{message.body}}' }), reply])
  const first = await desk.write(account, { body: 'apples' })
  await calls(account, 1)
  shop.behave = (response) => response.writeHead(500).end()
  await desk.write(account, { body: 'pears' })
  await calls(account, 2)
  await until(() => answersTo(first).length === 1, 30_000)
  const found = async (query: object) => (await calls(account, 1, query)).map(({ state }) => state)
  expect(await found({ event: 'web-request' })).toEqual(['failed', 'delivered'])
  expect(await found({ state: ['failed'] })).toEqual(['failed'])
  expect(await found({ interactionId: first })).toEqual(['delivered'])
  expect(await found({ text: 'about pears' })).toEqual(['failed'])
  expect((await logOf(account, { event: 'bot' })).length).toBe(0)
  const ofCalls = (rows: { id: string }[]) => rows.filter(({ id }) => id.startsWith('call-')).length
  expect(ofCalls(await logOf(account, { direction: 'in' }))).toBe(0)
  expect(ofCalls(await logOf(account, { event: 'reply' }))).toBe(0)

  // What came in is logged a moment later, and a row that comes between two pages would move them.
  const isComplete = async () => {
    const events = (await logOf(account)).map(({ event }) => event)
    return ['message', 'reply'].every((event) => events.filter((one) => one === event).length === 2)
  }
  await until(isComplete, 30_000)
  const whole = (await logOf(account)).map(({ id }) => id)
  const paged: string[] = []
  for (let cursor: string | undefined; ; ) {
    const query = { limit: 1, ...(cursor && { cursor }) }
    const { body } = await call('GET /api/openchannel/accounts/:id/log', {
      params: { id: account.id },
      query,
    })
    paged.push(...body.rows.map(({ id }) => id))
    if (!body.cursor) break
    cursor = body.cursor
  }
  expect(paged).toEqual(whole)
})

test('bodies are erased with those of the account, kept for nobody who keeps none, and all of it is gone after 14 days', async () => {
  const shop = await startBot()
  const { account } = await open([request(shop.url, { body: 'private' })])
  const params = { id: account.id }
  await desk.write(account)
  const [kept] = await calls(account, 1)
  expect((await entryOf(account, kept?.id)).attempts[0]?.request.body).toBe('private')
  expect((await call('DELETE /api/openchannel/accounts/:id/log', { params })).status).toBe(200)
  expect((await entryOf(account, kept?.id)).attempts[0]?.request.body).toBeNull()
  await call('PATCH /api/openchannel/accounts/:id', { params, body: { keepBodies: false } })
  await desk.write(account)
  const [silent] = await calls(account, 2)
  expect((await entryOf(account, silent?.id)).attempts[0]?.request.body).toBeNull()
  await sql`update call_record set started_at = now() - interval '15 days'`.execute(db)
  await forgetSome(db)
  expect((await logOf(account)).filter(({ id }) => id.startsWith('call-'))).toEqual([])
})

test('the web request of a trigger is one entry, with every attempt on it until it is given up', async () => {
  const shop = await startBot()
  shop.behave = (response) => response.writeHead(503).end()
  const { account } = await open([])
  const interactionId = await desk.write(account)
  const payload = {
    key: `trigger-1-1-${interactionId}`,
    trigger: 'Tell the shop',
    triggerId: 1,
    interactionId,
    messageId: null,
    method: 'POST',
    url: shop.url,
    body: 'hello',
  }
  const attempt = (isLast: boolean) =>
    callChores(ctx)['call-for-trigger']?.run(payload, new AbortController().signal, { isLast })
  await expect(attempt(false)).rejects.toThrow(/503/)
  const [waiting] = await calls(account, 1)
  expect(waiting).toMatchObject({
    event: 'trigger',
    askedBy: 'Tell the shop',
    state: 'pending',
    attempt: 1,
    attempts: 7,
  })
  await expect(attempt(true)).rejects.toThrow(/503/)
  const rows = await calls(account, 1)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ state: 'dead', attempt: 2 })
  const { attempts } = await entryOf(account, rows[0]?.id)
  expect(attempts.map(({ attempt: number, status }) => [number, status])).toEqual([
    [1, 503],
    [2, 503],
  ])
})

test('negative control: an account without such steps has no calls in its log', async () => {
  const { account } = await open([])
  await desk.write(account)
  await until(async () => (await logOf(account)).length > 0, 30_000)
  expect((await logOf(account)).map(({ event }) => event)).toEqual(['message'])
})
