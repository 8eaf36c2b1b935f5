import { expect, test, vi } from 'vitest'
import { type Person, startTestServer, type TestAccount } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const agent = await server.makeUser('agent', { fullname: 'Marta Bianchi' })
const colleague = await server.makeUser('agent', { fullname: 'Luca Verdi' })
const stranger = await server.makeUser('agent')
const account = await server.makeAccount({ agents: [agent, colleague] })
let customers = 0

/** A customer's first message; answers the ids of message and interaction. */
async function write(to: TestAccount = account, from = `customer${++customers}`) {
  const { body } = await server.receive(to, { from, body: 'Hello', mapKey: 'phone' })
  return { from, messageId: body.message?.id ?? 0, id: body.interaction?.id ?? 0 }
}
const read = async (id: number) =>
  (await call('GET /api/openchannel/interactions/:id', { params: { id } })).body
const put = (id: number, body: object, as: Person = agent) =>
  call('PUT /api/openchannel/interactions/:id', { as, params: { id }, body })
const events = async (id: number) =>
  (
    await ctx.db
      .selectFrom('interaction_log')
      .select(['type', 'data'])
      .where('interaction_id', '=', id)
      .orderBy('seq')
      .execute()
  ).filter(({ type }) => type !== 'message' && type !== 'opened')

test('a new interaction is read in the shape that clients know', async () => {
  const { id } = await write()
  expect(await read(id)).toMatchObject({
    id,
    closed: false,
    state: 'new',
    UserId: null,
    OpenchannelAccountId: account.id,
    Tags: [],
    unread: 1,
    lastMessageDirection: 'in',
    disposition: null,
  })
})

test.each([
  [
    'read an interaction',
    (id: number, as: Person) => call('GET /api/openchannel/interactions/:id', { as, params: { id } }),
  ],
  [
    'read the messages of one',
    (id: number, as: Person) =>
      call('GET /api/openchannel/interactions/:id/messages', { as, params: { id } }),
  ],
  ['change one', (id: number, as: Person) => put(id, { closed: true }, as)],
  [
    'accept one',
    (id: number, as: Person) => call('POST /api/openchannel/interactions/:id/accept', { as, params: { id } }),
  ],
  [
    'close one',
    (id: number, as: Person) =>
      call('POST /api/openchannel/interactions/:id/close', { as, params: { id }, body: {} }),
  ],
  [
    'tag one',
    (id: number, as: Person) =>
      call('POST /api/openchannel/interactions/:id/tags', { as, params: { id }, body: { ids: [] } }),
  ],
  [
    'mark one as read',
    (id: number, as: Person) =>
      call('POST /api/openchannel/interactions/:id/read', { as, params: { id }, body: { seq: 1 } }),
  ],
])('who was not added to the account cannot %s, and does not learn that there is one', async (_, act) => {
  const { id } = await write()
  const [foreign, unknown] = [await act(id, stranger), await act(999_999_999, stranger)]
  expect(foreign.status).toBe(404)
  expect(foreign.body).toEqual(unknown.body)
  expect(await read(id)).toMatchObject({ state: 'new', unread: 1 })
})

test('closing names the disposition, by name or by id, and frees nothing twice', async () => {
  const { id } = await write()
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  expect((await put(id, { closed: true, disposition: 'Sold' })).body).toMatchObject({
    closed: true,
    state: 'closed',
    disposition: 'Sold',
    UserId: agent.id,
  })
  expect((await put(id, { closed: true, disposition: 7 })).body).toMatchObject({ disposition: '7' })
  expect((await events(id)).map(({ type }) => type)).toEqual(['assigned', 'closed', 'changed'])
})

test('a program reopens without an agent, puts it into a queue, and gives it to an agent', async () => {
  const queue = await makeQueue()
  const { id, messageId } = await write()
  await put(id, { closed: true })
  expect((await put(id, { closed: false, UserId: null, queueId: null })).body).toMatchObject({
    closed: false,
    state: 'new',
    UserId: null,
  })
  const notified = await call('POST /api/rpc/openchannel/queues/:id/notify', {
    params: { id: queue },
    body: { messageId, channel: 'openchannel' },
  })
  expect(notified).toMatchObject({ status: 200, body: { interaction: { id }, queue: { id: queue } } })
  expect(await read(id)).toMatchObject({ state: 'queued', OpenchannelQueueId: queue })
  expect((await put(id, { UserId: colleague.id })).body).toMatchObject({
    state: 'assigned',
    UserId: colleague.id,
  })
  expect((await put(id, { UserId: null })).body).toMatchObject({ state: 'new', UserId: null })
  expect(await events(id)).toEqual([
    { type: 'closed', data: null },
    { type: 'reopened', data: null },
    { type: 'queued', data: { queue: `Queue ${queue}` } },
    { type: 'assigned', data: { agent: 'Luca Verdi' } },
    { type: 'released', data: null },
  ])
})

test('nothing is put into a queue that does not exist, for a message that does not, or by who does not see it', async () => {
  const queue = await makeQueue()
  const { id, messageId } = await write()
  const notify = (queueId: number, message: number, as: Person) =>
    call('POST /api/rpc/openchannel/queues/:id/notify', {
      as,
      params: { id: queueId },
      body: { messageId: message },
    })
  for (const answer of [
    await notify(queue, 999_999_999, agent),
    await notify(999_999_999, messageId, agent),
    await notify(queue, messageId, stranger),
  ])
    expect(answer).toMatchObject({ status: 404, body: { code: 'GE-105' } })
  expect(await read(id)).toMatchObject({ state: 'new' })
})

test('an interaction is not given to somebody who does not see its account', async () => {
  const { id } = await write()
  expect(await put(id, { UserId: stranger.id })).toMatchObject({ status: 400, body: { code: 'IN-102' } })
  const transfer = await call('POST /api/openchannel/interactions/:id/transfer', {
    as: agent,
    params: { id },
    body: { userId: 999_999 },
  })
  expect(transfer).toMatchObject({ status: 400, body: { code: 'IN-102' } })
})

test('who is given an interaction by somebody else finds it unread', async () => {
  const { id } = await write()
  expect((await put(id, { UserId: colleague.id })).body).toMatchObject({ UserId: colleague.id, unread: 1 })
})

test('what is closed can be given to nobody until it is reopened', async () => {
  const { id } = await write()
  await put(id, { closed: true })
  expect(await put(id, { UserId: agent.id })).toMatchObject({ status: 409, body: { code: 'IN-103' } })
  expect((await put(id, { closed: false, UserId: agent.id })).body).toMatchObject({
    state: 'assigned',
    UserId: agent.id,
  })
})

test('reopening names the interaction that is open already', async () => {
  const first = await write()
  await put(first.id, { closed: true })
  const second = await write(account, first.from)
  expect(second.id).not.toBe(first.id)
  const answer = await call('POST /api/openchannel/interactions/:id/reopen', {
    as: agent,
    params: { id: first.id },
  })
  expect(answer).toMatchObject({ status: 409, body: { code: 'IN-101', interactionId: second.id } })
  expect(await put(first.id, { closed: false })).toMatchObject({ status: 409, body: { code: 'IN-101' } })
})

test('reopening at the same moment as the customer writes leaves one open interaction', async () => {
  for (let round = 0; round < 5; round++) {
    const { id, from } = await write()
    await put(id, { closed: true })
    const [reopened, written] = await Promise.all([
      call('POST /api/openchannel/interactions/:id/reopen', { as: agent, params: { id } }),
      write(account, from),
    ])
    expect([200, 409]).toContain(reopened.status)
    expect((await read(written.id)).closed).toBe(false)
    expect((await read(id)).closed).toBe(written.id !== id)
  }
})

test('who reopens has it; reopening what is open changes nothing', async () => {
  const { id } = await write()
  const reopen = (as: Person) => call('POST /api/openchannel/interactions/:id/reopen', { as, params: { id } })
  await put(id, { closed: true, disposition: 'Done' })
  expect((await reopen(agent)).body).toMatchObject({ state: 'assigned', UserId: agent.id, disposition: null })
  expect((await reopen(colleague)).body).toMatchObject({ state: 'assigned', UserId: agent.id })
})

test('tags are replaced as a set, and an unknown tag changes nothing', async () => {
  const { id } = await write()
  const [one, two] = await Promise.all(['late', 'angry'].map(makeTag))
  const tag = (ids: (number | undefined)[]) =>
    call('POST /api/openchannel/interactions/:id/tags', { as: agent, params: { id }, body: { ids } })
  expect((await tag([one, two])).body).toMatchObject({
    ids: [two, one],
    Tags: [{ name: 'angry' }, { name: 'late' }],
  })
  await tag([one])
  expect(await tag([two, 999_999])).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'ids' } })
  expect((await read(id)).Tags.map((found) => found.name)).toEqual(['late'])
  expect((await events(id)).map(({ data }) => data)).toEqual([{ tags: 'angry, late' }, { tags: 'late' }])
})

test('what its agent has seen is read, what came after stays unread', async () => {
  const { id, from } = await write()
  const seen = (as: Person, seq: number) =>
    call('POST /api/openchannel/interactions/:id/read', { as, params: { id }, body: { seq } })
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  expect(await read(id)).toMatchObject({ unread: 0 })
  await write(account, from)
  const { seq } = await ctx.db
    .selectFrom('interaction')
    .select('seq')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await write(account, from)
  expect(await read(id)).toMatchObject({ unread: 2 })
  await seen(colleague, seq)
  expect(await read(id)).toMatchObject({ unread: 2 })
  expect((await seen(agent, seq)).status).toBe(204)
  expect(await read(id)).toMatchObject({ unread: 1 })
  await seen(agent, seq)
  expect((await events(id)).filter(({ type }) => type === 'read')).toHaveLength(1)
})

test('an agent passes on to a colleague with a note, and to a queue', async () => {
  const { id } = await write()
  const queue = await makeQueue()
  const transfer = (body: object) =>
    call('POST /api/openchannel/interactions/:id/transfer', { as: agent, params: { id }, body })
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  expect(await transfer({})).toMatchObject({ status: 400, body: { code: 'IN-102' } })
  expect((await transfer({ userId: colleague.id, note: 'Knows the case' })).body).toMatchObject({
    UserId: colleague.id,
  })
  expect((await transfer({ queueId: queue })).body).toMatchObject({ state: 'queued', UserId: null })
  expect((await events(id)).slice(1)).toEqual([
    { type: 'transferred', data: { agent: 'Luca Verdi', note: 'Knows the case' } },
    { type: 'transferred', data: { queue: `Queue ${queue}` } },
  ])
})

test('a tag or a queue that is deleted at the same moment is refused as one that does not exist', async () => {
  const { id } = await write()
  const [tag, queue] = [await makeTag('going'), await makeQueue()]
  const deletion = await ctx.pool.connect()
  await deletion.query('begin')
  await deletion.query('delete from tag where id = $1', [tag])
  await deletion.query('delete from queue where id = $1', [queue])
  const asked = Promise.all([
    call('POST /api/openchannel/interactions/:id/tags', { as: agent, params: { id }, body: { ids: [tag] } }),
    call('POST /api/openchannel/interactions/:id/transfer', {
      as: agent,
      params: { id },
      body: { queueId: queue },
    }),
  ])
  await new Promise((resume) => setTimeout(resume, 100))
  await deletion.query('commit')
  deletion.release()
  expect(await asked).toMatchObject([
    { status: 400, body: { code: 'GE-101', field: 'ids' } },
    { status: 400, body: { code: 'IN-102', field: 'queueId' } },
  ])
})

test('messages are listed oldest first, page by page', async () => {
  const { id, from } = await write()
  for (let n = 0; n < 4; n++) await write(account, from)
  const page = (query: object) =>
    call('GET /api/openchannel/interactions/:id/messages', { as: agent, params: { id }, query })
  const { body } = await page({ limit: 3 })
  expect(body.count).toBe(5)
  const { body: rest } = await page({ limit: 3, cursor: body.cursor })
  const ids = [...body.rows, ...rest.rows].map((message) => message.id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  expect(ids).toHaveLength(5)
  expect(rest.cursor).toBeNull()
  expect((await page({ limit: 2, offset: 4 })).body.rows.map((message) => message.id)).toEqual(ids.slice(4))
  expect(body.rows[0]).toMatchObject({ direction: 'in', body: 'Hello', secret: false, AttachmentId: null })
})

async function makeQueue(): Promise<number> {
  const { id } = await ctx.db
    .insertInto('queue')
    .values({ name: `${Math.random()}` })
    .returning('id')
    .executeTakeFirstOrThrow()
  await ctx.db
    .updateTable('queue')
    .set({ name: `Queue ${id}` })
    .where('id', '=', id)
    .execute()
  return id
}

async function makeTag(name: string): Promise<number> {
  const { id } = await ctx.db.insertInto('tag').values({ name }).returning('id').executeTakeFirstOrThrow()
  return id
}

test('an interaction goes from the Receive URL through its queue to an agent who is here, who accepts and closes', async () => {
  const queue = await makeQueue()
  await ctx.db.insertInto('queue_agent').values({ queue_id: queue, user_id: agent.id }).execute()
  const routed = await server.makeAccount({ agents: [agent], actions: [{ type: 'queue', queueId: queue }] })
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: routed.id },
    body: { notificationTemplate: '{{message.body}} in {{ list.name }}{{contact.nothing}}' },
  })
  const presence = await call('PUT /api/me/presence', { as: agent, body: { state: 'available' } })
  expect(presence.body).toMatchObject({ state: 'available', capacity: 5 })
  const { id } = await write(routed)
  const offer = await vi.waitFor(async () => {
    const { body } = await call('GET /api/openchannel/offers', { as: agent })
    expect(body.rows).toMatchObject([{ interactionId: id, preview: 'Hello', notice: 'Hello in Default' }])
    return body.rows[0]
  }, 30_000)
  expect(offer?.timeoutSeconds).toBe(20)
  expect(await read(id)).toMatchObject({ state: 'offered' })
  const accepted = await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  expect(accepted.body).toMatchObject({ state: 'assigned', UserId: agent.id, unread: 0 })
  const closed = await call('POST /api/openchannel/interactions/:id/close', {
    as: agent,
    params: { id },
    body: { disposition: 'Solved' },
  })
  expect(closed.body).toMatchObject({ closed: true, disposition: 'Solved' })
  expect((await events(id)).map(({ type }) => type)).toEqual(['queued', 'offered', 'assigned', 'closed'])
})
