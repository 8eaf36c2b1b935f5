import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import type { Person } from '../../testing.ts'
import { createDesk } from '../desk/testing.ts'
import { testDesk, until } from '../reply/reply-testing.ts'
import { MOST_FIRINGS } from './trigger.ts'
import { makeTrigger, popup } from './trigger-testing.ts'

const desk = await testDesk()
const { server } = desk
const { db } = server.ctx
const { call } = server

const thread = async (id: number) =>
  (await call('GET /api/openchannel/interactions/:id/thread', { params: { id } })).body
const firings = async (id: number) => {
  const { items } = await thread(id)
  return items.filter(({ type }) => type === 'triggered').map(({ data }) => data)
}
const popups = async (as: Person) => (await call('GET /api/openchannel/popups', { as })).body.rows
const nothingWaits = () =>
  until(async () => (await db.selectFrom('trigger_request').select('message_id').execute()).length === 0)
const contains = (value: string) => ({
  all: [{ variable: 'message.body', operator: 'contains' as const, value }],
  any: [],
})
const makeTag = async (name: string) => (await call('POST /api/tags', { body: { name } })).body.id
const makeQueue = async (name: string) =>
  (await call('POST /api/openchannel/queues', { body: { name } })).body.id

test('a message that meets the conditions is tagged and moved, and the log says by which trigger', async () => {
  const { account } = await desk.open()
  const [tagId, queueId] = [await makeTag('Refund'), await makeQueue('Complaints')]
  const trigger = await makeTrigger(server, {
    name: 'Refunds',
    accountIds: [account.id],
    conditions: contains('refund'),
    actions: [
      { type: 'tag', tagIds: [tagId] },
      { type: 'queue', queueId },
    ],
  })
  const [plain, refund] = [await desk.write(account), await desk.write(account, { body: 'A REFUND, please' })]
  await until(async () => (await firings(refund)).length > 0)
  expect(await firings(refund)).toEqual([
    {
      trigger: 'Refunds',
      triggerId: String(trigger.id),
      did: 'tag,queue',
      tags: 'Refund',
      queue: 'Complaints',
    },
  ])
  expect((await thread(refund)).interaction).toMatchObject({
    queue: { id: queueId },
    tags: [{ name: 'Refund' }],
  })
  await nothingWaits()
  expect((await thread(plain)).interaction).toMatchObject({ queue: null, tags: [] })
  expect(await firings(plain)).toEqual([])
  const { body } = await call('GET /api/openchannel/triggers/:id', { params: { id: trigger.id } })
  expect(body.fired).toBe(1)
})

test('a pop-up reaches the agent who has the interaction, on every desk of his, until he puts it away on one', async () => {
  const { account, agent } = await desk.open()
  const colleague = await server.makeUser('agent')
  await server.addAgent(account, colleague)
  await makeTrigger(server, { accountIds: [account.id], actions: [popup] })
  const [first, second, other] = [
    createDesk(server, agent),
    createDesk(server, agent),
    createDesk(server, colleague),
  ]
  for (const one of [first, second, other]) await one.connect()
  const id = await desk.write(account, { from: '+391', firstName: 'Ada', body: 'Good morning' })
  await nothingWaits()
  expect(first.state.popups).toEqual([])

  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  await until(() => first.state.popups.length === 1 && second.state.popups.length === 1)
  expect(first.state.popups[0]).toMatchObject({
    interactionId: id,
    contact: { name: 'Ada' },
    title: 'From Ada',
    text: 'Good morning',
    url: null,
  })
  expect(await popups(colleague)).toEqual([])

  // Back from a break in the line it is still there.
  await second.cut()
  await second.connect()
  expect(second.state.popups).toHaveLength(1)

  const [shown] = await popups(agent)
  const away = (as: Person) =>
    call('DELETE /api/openchannel/popups/:id', { as, params: { id: shown?.id ?? 0 } })
  expect((await away(colleague)).status).toBe(404)
  expect((await away(agent)).status).toBe(204)
  await until(() => first.state.popups.length === 0 && second.state.popups.length === 0)
  expect(other.messages.filter(({ type }) => type === 'popups')).toEqual([{ type: 'popups', popups: [] }])
})

test('a pop-up goes on to whoever takes the interaction over, the newer one takes its place, and closing ends it', async () => {
  const { account, agent } = await desk.open()
  const colleague = await server.makeUser('agent')
  await server.addAgent(account, colleague)
  await makeTrigger(server, { accountIds: [account.id], actions: [popup] })
  const id = await desk.write(account, { from: '+392', body: 'one' })
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  await until(async () => (await popups(agent)).length === 1)
  await server.receive(account, { from: '+392', mapKey: 'phone', body: 'two' })
  await until(async () => (await popups(agent))[0]?.text === 'two')
  expect(await popups(agent)).toHaveLength(1)
  const transfer = { userId: colleague.id }
  await call('POST /api/openchannel/interactions/:id/transfer', { as: agent, params: { id }, body: transfer })
  expect([await popups(agent), (await popups(colleague)).length]).toEqual([[], 1])
  await call('POST /api/openchannel/interactions/:id/close', { as: colleague, params: { id }, body: {} })
  expect(await popups(colleague)).toEqual([])
})

test('an agent who was taken off the account is shown nothing of it any more', async () => {
  const { account, agent } = await desk.open()
  await makeTrigger(server, { accountIds: [account.id], actions: [popup] })
  const id = await desk.write(account)
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  await until(async () => (await popups(agent)).length === 1)
  await call('PUT /api/openchannel/accounts/:id/agents', { params: account, body: { ids: [] } })
  expect(await popups(agent)).toEqual([])
})

test('outgoing messages fire triggers that look at them, notes fire none', async () => {
  const there = await desk.replyUrl()
  const { account, agent } = await desk.open(there.url)
  const tagId = await makeTag('Promised')
  const [actions, accountIds] = [[{ type: 'tag' as const, tagIds: [tagId] }], [account.id]]
  await makeTrigger(server, {
    name: 'Out',
    direction: 'out',
    accountIds,
    conditions: contains('promise'),
    actions,
  })
  await makeTrigger(server, {
    name: 'Both',
    direction: 'both',
    accountIds,
    conditions: contains('promise'),
    actions,
  })
  const id = await desk.write(account, { body: 'Do you promise?' })
  await until(async () => (await firings(id)).length === 1)
  const answer = (fields: object) =>
    call('POST /api/openchannel/messages', { as: agent, body: { OpenchannelInteractionId: id, ...fields } })
  expect((await answer({ body: 'I promise nothing', secret: true })).status).toBe(201)
  expect((await answer({ body: 'I promise' })).status).toBe(201)
  await until(async () => (await firings(id)).length === 3)
  await nothingWaits()
  expect((await firings(id)).map((data) => data?.trigger)).toEqual(['Both', 'Out', 'Both'])
})

test('a trigger that is off, of another account or outside its interval does not fire', async () => {
  const { account } = await desk.open()
  const other = await server.makeAccount()
  const closed = await call('POST /api/intervals', { body: { name: 'Never', timeZone: 'UTC', ranges: [] } })
  const tagId = await makeTag('Not this')
  const actions = [{ type: 'tag' as const, tagIds: [tagId] }]
  await makeTrigger(server, { accountIds: [account.id], enabled: false, actions })
  await makeTrigger(server, { accountIds: [other.id], actions })
  await makeTrigger(server, { accountIds: [account.id], intervalId: closed.body.id, actions })
  const last = await makeTrigger(server, { accountIds: [account.id], actions: [popup] })
  const id = await desk.write(account)
  await until(async () => (await firings(id)).length === 1)
  expect((await firings(id))[0]?.triggerId).toBe(String(last.id))
})

test('without a trigger that watches its account a message leaves nothing to look at', async () => {
  await db.updateTable('message_trigger').set({ enabled: false }).execute()
  const { account } = await desk.open()
  // In a transaction that is never seen by the engine.
  const noted = await db.transaction().execute(async (tx) => {
    const write = () =>
      sql`insert into message (interaction_id, account_id, contact_id, seq, direction, body, status)
        values (1, ${account.id}, 1, (select coalesce(max(seq), 0) + 1 from message where interaction_id = 1), 'in', '', 'received')`.execute(
        tx,
      )
    const notes = async () => (await tx.selectFrom('trigger_request').select('message_id').execute()).length
    await write()
    const none = await notes()
    await sql`insert into message_trigger (name, position, direction) values ('watching', 0, 'both')`.execute(
      tx,
    )
    await write()
    const one = await notes()
    await sql`rollback`.execute(tx)
    return [none, one]
  })
  expect(noted).toEqual([0, 1])
})

interface Called {
  method: string | undefined
  url: string | undefined
  key: string | string[] | undefined
  headers: IncomingHttpHeaders
  body: string
}

async function service() {
  const called: Called[] = []
  const answers = { status: 200 }
  const listener = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method, url, headers } = request
    called.push({
      method,
      url,
      key: headers['idempotency-key'],
      headers,
      body: Buffer.concat(chunks).toString(),
    })
    response.writeHead(answers.status).end()
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  afterAll(() => {
    listener.close()
    listener.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, called, answers }
}
const hurry = () => sql`update graphile_worker._private_jobs set run_at = now()`.execute(db)
const soon = 30_000

test('a web request is made with the values of the message, again under the same key after a failure', async () => {
  const { account } = await desk.open()
  const { url, called, answers } = await service()
  answers.status = 503
  await makeTrigger(server, {
    accountIds: [account.id],
    actions: [
      {
        type: 'web-request',
        method: 'POST',
        url: `${url}/of/{{contact.firstName}}`,
        body: '{"text": "{{message.body}}"}',
        headers: [{ name: 'X-From', value: '{{contact.firstName}}' }],
      },
    ],
  })
  await desk.write(account, { firstName: 'Ada & co', body: 'say "hi"' })
  await until(() => called.length === 1, soon)
  answers.status = 200
  await until(async () => {
    await hurry()
    return called.length === 2
  }, soon)
  const [first, second] = called
  expect(first).toMatchObject({ ...second, headers: { 'x-from': 'Ada & co' } })
  expect(first).toMatchObject({ method: 'POST', url: '/of/Ada%20%26%20co' })
  expect(first?.key).toMatch(/^trigger-\d+-\d+-0$/)
  expect(JSON.parse(first?.body ?? '')).toEqual({ text: 'say "hi"' })
})

test('a secret header of a web request goes out, is shown to nobody, and is not sent to another host', async () => {
  const { account } = await desk.open()
  const { url, called } = await service()
  const secret = 'Bearer canary-of-a-trigger'
  const request = (to: string, value: string | null): TriggerAction[] => [
    {
      type: 'web-request',
      method: 'POST',
      url: to,
      headers: [{ name: 'Authorization', value, secret: true }],
    },
  ]
  const { id, actions } = await makeTrigger(server, {
    accountIds: [account.id],
    actions: request(`${url}/one`, secret),
  })
  expect(actions).toEqual(request(`${url}/one`, null))
  const change = (actions: TriggerAction[]) =>
    server.call('PATCH /api/openchannel/triggers/:id', { params: { id }, body: { actions } })
  expect((await change(request(`${url}/two`, null))).status).toBe(200)
  expect((await change(request('https://elsewhere.example/', null))).body).toMatchObject({
    code: 'TR-101',
    field: 'actions[0].headers[0].value',
  })
  await desk.write(account, { body: 'hello' })
  await until(() => called.length === 1, soon)
  expect(called[0]).toMatchObject({ url: '/two', headers: { authorization: secret } })
  const { rows } = await sql`
    select from message_trigger t where t::text like '%canary-of-a-trigger%'
    union all select from audit_entry a where a::text like '%canary-of-a-trigger%'
    union all select from graphile_worker._private_jobs j where j::text like '%canary-of-a-trigger%'`.execute(
    db,
  )
  expect(rows).toEqual([])
})

test('a web request that is refused is not repeated, and the interaction says so', async () => {
  const { account } = await desk.open()
  const { url, called, answers } = await service()
  answers.status = 410
  await makeTrigger(server, {
    name: 'Told to a service',
    accountIds: [account.id],
    actions: [{ type: 'web-request', method: 'POST', url }],
  })
  const id = await desk.write(account, { body: 'hello' })
  await until(async () => (await firings(id)).length === 2, soon)
  expect((await firings(id))[1]).toMatchObject({
    trigger: 'Told to a service',
    failed: 'The web request answered 410 Gone.',
  })
  expect(JSON.parse(called[0]?.body ?? '')).toMatchObject({ trigger: 'Told to a service', body: 'hello' })
  await hurry()
  expect(called).toHaveLength(1)
})

test('a service that answers each call with a message is held after some twenty firings', async () => {
  const { account } = await desk.open()
  const trigger = await makeTrigger(server, { accountIds: [account.id], actions: [popup] })
  const from = '+393'
  const id = await desk.write(account, { from })
  for (let times = 0; times < MOST_FIRINGS + 5; times++)
    await server.receive(account, { from, mapKey: 'phone', body: `echo ${times}` })
  await until(async () => (await firings(id)).length === MOST_FIRINGS)
  await nothingWaits()
  const fired = await firings(id)
  expect(fired).toHaveLength(MOST_FIRINGS)
  expect(fired.map((data) => data?.held).filter(Boolean)).toEqual(['true'])
  expect(fired.at(-1)).toMatchObject({ triggerId: String(trigger.id), held: 'true' })
})
