import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientMessage } from '@patchbay/protocol/push.ts'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Person, SECOND_MS, startTestServer, type TestAccount } from '../../testing.ts'
import { createDesk } from './testing.ts'

const server = await startTestServer()
const another = await server.another()
const { db, push } = server.ctx
const socketUrl = `${server.url.replace('http', 'ws')}/api/socket`

async function office(): Promise<{ account: TestAccount; agent: Person }> {
  const agent = await server.makeUser()
  return { account: await server.makeAccount({ agents: [agent] }), agent }
}

let customers = 0
async function write(account: TestAccount, body: string, from = `+39${++customers}`): Promise<number> {
  const answer = await server.receive(account, { from, mapKey: 'phone', body })
  expect(answer.status).toBe(200)
  return answer.body.interaction?.id ?? 0
}

/** What a connection attempt ends in: `open`, or the status of the refusal. */
function attempt(headers: Record<string, string>): Promise<string | number> {
  const ws = new WebSocket(socketUrl, { headers })
  return new Promise((resolve) => {
    ws.once('open', () => {
      ws.terminate()
      resolve('open')
    })
    ws.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    ws.on('error', () => {})
  })
}

test('a customer’s message appears on the desk of the account’s agent and of an admin, and on no other', async () => {
  const [mine, other] = [await office(), await office()]
  const desk = createDesk(server, mine.agent)
  const adminDesk = createDesk(server, server.admin)
  const otherDesk = createDesk(server, other.agent)
  await Promise.all([desk.connect(), adminDesk.connect(), otherDesk.connect()])
  const id = await write(mine.account, 'Where is my order?')
  await vi.waitFor(() => expect(desk.state.rows.get(id)?.preview).toBe('Where is my order?'))
  await vi.waitFor(() => expect(adminDesk.state.rows.get(id)).toEqual(desk.state.rows.get(id)))
  await sleep(100)
  expect(JSON.stringify(otherDesk.messages)).not.toContain('order')
})

test('a shown thread is continued message by message, also on another node', async () => {
  const { account, agent } = await office()
  const id = await write(account, 'one', '+1')
  const desk = createDesk(another, agent)
  await desk.connect()
  await desk.open(id)
  for (const body of ['two', 'three', 'four']) await write(account, body, '+1')
  const bodies = (): string[] =>
    desk.state.threads.get(id)?.items.flatMap(({ message }) => message?.body ?? []) ?? []
  await vi.waitFor(() => expect(bodies()).toEqual(['one', 'two', 'three', 'four']))
})

test('a renamed contact is renamed on every desk, in open and in closed conversations, also where a desk was away', async () => {
  const { account, agent } = await office()
  const from = `+39${++customers}`
  const closedId = await write(account, 'first', from)
  await server.call('POST /api/openchannel/interactions/:id/close', {
    as: agent,
    params: { id: closedId },
    body: {},
  })
  const openId = await write(account, 'second', from)
  expect(openId).not.toBe(closedId)
  const [here, away] = [createDesk(server, agent), createDesk(another, agent)]
  await here.connect()
  await away.connect()
  await away.cut()
  const contactId = here.state.rows.get(openId)?.contact.id ?? 0
  await server.call('PATCH /api/contacts/:id', {
    as: agent,
    params: { id: contactId },
    body: { firstName: 'Ada', lastName: 'Rossi' },
  })
  await away.connect()
  for (const desk of [here, away])
    for (const id of [closedId, openId])
      await vi.waitFor(() => expect(desk.state.rows.get(id)?.contact.name).toBe('Ada Rossi'))
})

test('a thread of a foreign account stays shut, in the socket as in the fetch', async () => {
  const [mine, other] = [await office(), await office()]
  const id = await write(other.account, 'secret', '+2')
  const desk = createDesk(server, mine.agent)
  await desk.connect()
  desk.say({ type: 'open', interactionId: id, seq: 0 })
  await vi.waitFor(() =>
    expect(desk.messages).toContainEqual(expect.objectContaining({ type: 'interactions', gone: [id] })),
  )
  await write(other.account, 'secret again', '+2')
  await sleep(100)
  expect(desk.messages.map(({ type }) => type)).not.toContain('thread')
  expect(JSON.stringify(desk.messages)).not.toContain('secret')
})

test('who is taken off an account is told to forget it, and hears nothing of it any more', async () => {
  const { account, agent } = await office()
  const id = await write(account, 'before', '+3')
  const desk = createDesk(server, agent)
  await desk.connect()
  await desk.open(id)
  expect(desk.state.rows.has(id)).toBe(true)
  const { status } = await server.call('PUT /api/openchannel/accounts/:id/agents', {
    params: { id: account.id },
    body: { ids: [] },
  })
  expect(status).toBe(200)
  await vi.waitFor(() =>
    expect([desk.state.rows.has(id), desk.state.threads.has(id)]).toEqual([false, false]),
  )
  await write(account, 'afterwards', '+3')
  await sleep(150)
  expect(JSON.stringify(desk.messages)).not.toContain('afterwards')
  expect(desk.state.counts).toEqual({ mine: 0, waiting: 0, team: 0 })
})

test('who is added to an account hears of it from then on', async () => {
  const { account } = await office()
  const late = await server.makeUser()
  const desk = createDesk(server, late)
  await desk.connect()
  await server.call('PUT /api/openchannel/accounts/:id/agents', {
    params: { id: account.id },
    body: { ids: [late.id] },
  })
  await vi.waitFor(() => expect(desk.state.changed.me).toBe(1))
  const id = await write(account, 'hello')
  await vi.waitFor(() => expect(desk.state.rows.has(id)).toBe(true))
})

test('signing out ends the socket within a second', async () => {
  const { agent } = await office()
  const desk = createDesk(server, agent)
  await desk.connect()
  const from = performance.now()
  await server.call('DELETE /api/session', { as: agent })
  expect(await desk.closed).toBe(4001)
  expect(performance.now() - from).toBeLessThan(SECOND_MS)
  expect(desk.state.end).toBe('signed-out')
})

test('disabling a user ends his sockets on every node within a second', async () => {
  const { agent } = await office()
  const desks = [createDesk(server, agent), createDesk(another, agent)]
  await Promise.all(desks.map((desk) => desk.connect()))
  const from = performance.now()
  await server.call('PATCH /api/users/:id', { params: { id: agent.id }, body: { disabled: true } })
  expect(await Promise.all(desks.map(({ closed }) => closed))).toEqual([4001, 4001])
  expect(performance.now() - from).toBeLessThan(SECOND_MS)
})

test('a socket is opened with a session from this site, or with a key that may read; with nothing else', async () => {
  const { agent } = await office()
  const { cookie } = agent
  const reader = await server.makeKey(agent, ['interactions:read'])
  const sender = await server.makeKey(agent, ['notify'])
  expect(await attempt(agent.headers)).toBe('open')
  expect(await attempt(reader.headers)).toBe('open')
  expect(await attempt({ cookie })).toBe(403)
  expect(await attempt({ cookie, origin: 'https://elsewhere.example' })).toBe(403)
  expect(await attempt(sender.headers)).toBe(403)
  expect(await attempt({ origin: server.url })).toBe(401)
  expect(await attempt({ cookie: `${cookie}x`, origin: server.url })).toBe(401)
})

test('a frame above 64 KiB, a binary one, and whatever no desk says end the socket', async () => {
  const { agent } = await office()
  const wrong: [string | Buffer, number][] = [
    [JSON.stringify({ type: 'typing', interactionId: 1, padding: 'x'.repeat(65_536) }), 1009],
    [Buffer.from('{"type":"typing","interactionId":1}'), 4003],
    ['{', 4003],
    ['null', 4003],
    ['{"type":"open","interactionId":-1,"seq":0}', 4003],
    ['{"type":"open","interactionId":1e300,"seq":0}', 4003],
    ['{"type":"hello","cursor":null,"threads":{}}', 4003],
    ['{"type":"unheard-of"}', 4003],
  ]
  for (const [data, code] of wrong) {
    const desk = createDesk(server, agent)
    await desk.connect()
    desk.ws.send(data)
    expect([String(data).slice(0, 60), await desk.closed]).toEqual([String(data).slice(0, 60), code])
  }
})

test('a socket that floods the server is closed', async () => {
  const { agent } = await office()
  const desk = createDesk(server, agent)
  await desk.connect()
  for (let count = 0; count < 300; count++) desk.say({ type: 'typing', interactionId: 1 })
  expect(await desk.closed).toBe(4003)
})

test('nothing is heard before hello', async () => {
  const { account, agent } = await office()
  const ws = new WebSocket(socketUrl, { headers: agent.headers })
  const heard: unknown[] = []
  ws.on('message', (data) => heard.push(data))
  await new Promise((resolve) => ws.once('open', resolve))
  await write(account, 'hello')
  await sleep(100)
  expect(heard).toEqual([])
  ws.terminate()
})

test('the numbers beside the views follow what happens, and are those of a fetch', async () => {
  const { account, agent } = await office()
  const desk = createDesk(server, agent)
  await desk.connect()
  const ids = [await write(account, 'a'), await write(account, 'b'), await write(account, 'c')]
  await vi.waitFor(() => expect(desk.state.counts).toEqual({ mine: 0, waiting: 3, team: 0 }))
  await server.call('POST /api/openchannel/interactions/:id/accept', {
    as: agent,
    params: { id: ids[0] ?? 0 },
  })
  await server.call('POST /api/openchannel/interactions/:id/close', {
    as: agent,
    params: { id: ids[1] ?? 0 },
    body: {},
  })
  await vi.waitFor(() => expect(desk.state.counts).toEqual({ mine: 1, waiting: 1, team: 0 }))
  await vi.waitFor(() => expect(desk.state.presence?.slotsUsed).toBe(1))
  const { body } = await server.call('GET /api/openchannel/inbox', { as: agent, query: { view: 'mine' } })
  expect(body.counts).toEqual(desk.state.counts)
})

test('offers come and go, with who took them', async () => {
  const { account, agent } = await office()
  const luca = await server.makeUser('agent', { name: 'luca', fullname: 'Luca Neri' })
  const id = await write(account, 'Is anybody there?')
  const queue = await db
    .insertInto('queue')
    .values({ name: 'Sales' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const offers = [agent, luca].map(({ id: userId }) => ({
    interaction_id: id,
    queue_id: queue.id,
    user_id: userId,
    expires_at: new Date(Date.now() + 600_000),
  }))
  await db.insertInto('offer').values(offers).execute()
  const desk = createDesk(server, agent)
  await desk.connect()
  expect(desk.state.offers).toMatchObject([
    { interactionId: id, preview: 'Is anybody there?', queue: { name: 'Sales' }, timeoutSeconds: 600 },
  ])
  await sql`
    update offer set state = case when user_id = ${luca.id} then 'accepted' else 'taken' end, ended_at = now()
    where interaction_id = ${id}`.execute(db)
  push.ring({ users: [agent.id, luca.id] })
  await vi.waitFor(() => expect(desk.state.offers).toEqual([]))
  expect(desk.state.ended).toMatchObject([{ state: 'taken', by: 'Luca Neri' }])
})

test('a connected agent keeps his lease, and his presence is on his desk', async () => {
  const { agent } = await office()
  const desk = createDesk(server, agent)
  await desk.connect()
  await server.call('PUT /api/me/presence', { as: agent, body: { state: 'paused', reason: 'Lunch' } })
  await vi.waitFor(() => expect(desk.state.presence).toMatchObject({ state: 'paused', reason: 'Lunch' }))
  await db.updateTable('presence').set({ lease_until: '-infinity' }).where('user_id', '=', agent.id).execute()
  await vi.waitFor(
    async () => {
      const { lease_until } = await db
        .selectFrom('presence')
        .select('lease_until')
        .where('user_id', '=', agent.id)
        .executeTakeFirstOrThrow()
      expect(lease_until.getTime()).toBeGreaterThan(Date.now() + 8_000)
    },
    { timeout: 20_000, interval: 250 },
  )
})

test('colleagues see who looks at a thread and who is writing, across nodes, until they leave', async () => {
  const { account, agent } = await office()
  const colleague = await server.makeUser('agent', { name: 'carla', fullname: 'Carla' })
  await server.addAgent(account, colleague)
  const id = await write(account, 'hello')
  const [desk, other] = [createDesk(server, agent), createDesk(another, colleague)]
  await Promise.all([desk.connect(), other.connect()])
  await Promise.all([desk.open(id), other.open(id)])
  const carla = { id: colleague.id, fullname: 'Carla', typing: false }
  await vi.waitFor(() => expect(desk.state.viewers.get(id)).toContainEqual(carla))
  other.say({ type: 'typing', interactionId: id } satisfies ClientMessage)
  await vi.waitFor(() => expect(desk.state.viewers.get(id)).toContainEqual({ ...carla, typing: true }))
  await other.cut()
  await vi.waitFor(() => expect(desk.state.viewers.get(id)?.map((viewer) => viewer.id)).toEqual([agent.id]))
})

test('changed settings and what the echo receiver took in are told', async () => {
  const { account, agent } = await office()
  const stranger = (await office()).agent
  const [desk, other] = [createDesk(server, agent), createDesk(server, stranger)]
  await Promise.all([desk.connect(), other.connect()])
  push.ring({ changed: 'tags', echo: { accountId: account.id, echoId: 5 } })
  await vi.waitFor(() => expect(desk.state.echo).toEqual({ accountId: account.id, echoId: 5 }))
  await vi.waitFor(() => expect(desk.state.changed).toMatchObject({ tags: 1 }))
  await vi.waitFor(() => expect(other.state.changed).toMatchObject({ tags: 1 }))
  expect(other.state.echo).toBeNull()
})
