import type { NewAction } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { until } from '../reply/reply-testing.ts'
import { startBot, testCalls } from './call-testing.ts'

const { desk, db, open, answersTo, linesOf, reached } = await testCalls()
const { call } = desk.server

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

test('a web request carries variables, fitted to where they stand, and what is answered can be read afterwards', async () => {
  const shop = await startBot()
  shop.behave = (response) =>
    response.end(JSON.stringify({ state: 'sent', items: [{ name: 'Lamp' }], total: 12.5 }))
  const { account } = await open([
    request(`${shop.url}?of={{contact.firstName}}`, {
      headers: [
        { name: 'X-Shop', value: 'from {{account.name}}' },
        { name: 'Authorization', value: 'Bearer sk-{{no-variable}}', secret: true },
      ],
      body: '{"name":"{{contact.firstName}}","text":"{{message.body}}"}',
    }),
    {
      id: 'if',
      type: 'go-to-if',
      conditions: { all: [{ variable: 'vars.order.status', operator: 'equals', value: '200' }], any: [] },
      then: 'say',
      else: null,
    },
    {
      id: 'say',
      type: 'auto-reply',
      text: '{{vars.order.state}}: {{vars.order.items.0.name}} for {{vars.order.total}}',
      when: 'always',
    },
  ])
  const id = await desk.write(account, { firstName: 'A&B "x"', body: 'two\nlines' })
  await until(() => answersTo(id).length === 1)
  expect(answersTo(id)).toEqual(['sent: Lamp for 12.5'])
  const [asked] = shop.asked
  expect(asked?.url).toBe('/bot?of=A%26B%20%22x%22')
  expect(JSON.parse(asked?.text ?? '')).toEqual({ name: 'A&B "x"', text: 'two\nlines' })
  expect(asked?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-shop': expect.stringMatching(/^from Account/),
    authorization: 'Bearer sk-{{no-variable}}',
    'idempotency-key': expect.stringMatching(/^act_/),
  })
})

test('a secret header is never shown, sealed where it stands, kept when null comes back, and not for another header', async () => {
  const shop = await startBot()
  const secret = 'sk-topsecret-1234'
  const header = { name: 'Authorization', value: secret as string | null, secret: true }
  const { account, actions } = await open([request(shop.url, { headers: [header] })])
  expect(actions[0]).toMatchObject({ headers: [{ name: 'Authorization', value: null, secret: true }] })
  const put = (headers: object[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', {
      params: { id: account.id },
      body: { actions: [{ ...actions[0], headers }] },
    })
  expect((await put([{ ...header, value: null }])).status).toBe(200)
  const id = await desk.write(account)
  await reached(id, 'ask', /Answered 200/)
  expect(shop.asked[0]?.headers.authorization).toBe(secret)
  const { rows } = await desk.server.ctx.pool.query<{ text: string }>(
    'select to_jsonb(a)::text as text from account a union all select to_jsonb(e)::text from audit_entry e union all select to_jsonb(r)::text from action_run r',
  )
  expect(rows.filter(({ text }) => text.includes(secret))).toEqual([])

  for (const headers of [
    [{ ...header, name: 'X-Other', value: null }],
    // What was secret does not become readable by dropping the mark.
    [{ ...header, value: null, secret: false }],
  ])
    expect((await put(headers)).body).toMatchObject({ code: 'AC-102', field: 'actions[0].headers[0].value' })
})

test.each<
  [
    string,
    (response: { destroy(): unknown; writeHead(status: number): { end(text: string): unknown } }) => unknown,
    string,
    object?,
  ]
>([
  ['that nobody answers', (response) => response.destroy(), 'none: '],
  ['that hangs', () => {}, 'none: ', { timeoutSeconds: 1 }],
  ['to a blocked address', () => {}, 'none: ', { url: 'http://10.1.2.3/' }],
  ['that is refused', (response) => response.writeHead(403).end('no'), '403: no'],
  ['of a moved address', (response) => response.writeHead(301).end('there'), '301: there'],
])('the flow goes on after a request %s, and can tell', async (_, behave, said, fields = {}) => {
  const shop = await startBot()
  shop.behave = behave as never
  const { account } = await open([
    request(shop.url, fields),
    { type: 'auto-reply', text: '{{vars.order.status}}: {{vars.order}}.', when: 'always' },
  ])
  const id = await desk.write(account)
  await until(() => answersTo(id).length === 1, 30_000)
  expect(answersTo(id)).toEqual([`${said}.`])
  expect((await linesOf(id))[1]?.outcome).toBe(said.startsWith('none') ? 'failed' : 'ran')
})

test('of an endless answer the beginning is kept, and of a broad one no more than fifty parts', async () => {
  const shop = await startBot()
  const wide = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, n]))
  shop.behave = (response) => response.end(JSON.stringify({ ...wide, long: 'x'.repeat(100) }))
  const { account } = await open([request(shop.url)])
  const id = await desk.write(account)
  await reached(id, 'ask', /Answered/)
  const { vars } = await db
    .selectFrom('action_run')
    .select('vars')
    .where('interaction_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(Object.keys(vars as object)).toHaveLength(52)

  shop.behave = (response) => response.end('y'.repeat(500_000))
  const other = await desk.write(account)
  await reached(other, 'ask', /Answered/)
  const long = await db
    .selectFrom('action_run')
    .select('vars')
    .where('interaction_id', '=', other)
    .executeTakeFirstOrThrow()
  expect((long.vars as Record<string, string>).order).toHaveLength(8000)
})

test('a header that the request itself is made of is refused', async () => {
  const { account } = await desk.open()
  for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'Webhook-Id'])
    expect(
      (
        await call('PUT /api/openchannel/accounts/:id/actions', {
          params: { id: account.id },
          body: { actions: [request('http://a.example/', { headers: [{ name, value: 'x' }] })] },
        })
      ).body,
    ).toMatchObject({ code: 'AC-102', field: 'actions[0].headers[0].name' })
})
