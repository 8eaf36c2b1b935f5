/** How an interaction can be closed: with which dispositions, when one must be named, and by two agents at once. */
import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, receive } = server
const agent = await server.makeUser('agent')
const other = await server.makeUser('agent')

async function make(name: string, place: object = {}): Promise<number> {
  const { status, body } = await call('POST /api/dispositions', { body: { name, ...place } })
  expect(status, body.detail).toBe(201)
  return body.id
}

let customers = 0
async function start(account: Awaited<ReturnType<typeof server.makeAccount>>): Promise<number> {
  const { body } = await receive(account, { mapKey: 'phone', from: `+39${++customers}`, body: 'Hello' })
  return body.interaction?.id ?? 0
}

const put = (id: number, body: object) =>
  call('PUT /api/openchannel/interactions/:id', { as: agent, params: { id }, body })
const choices = async (id: number) => {
  const { body } = await call('GET /api/openchannel/interactions/:id/dispositions', {
    as: agent,
    params: { id },
  })
  return { required: body.required, paths: body.rows.map(({ path }) => path) }
}
const eventsOf = async (id: number) =>
  server.ctx.db
    .selectFrom('interaction_log')
    .select(['type', 'data'])
    .where('interaction_id', '=', id)
    .orderBy('seq')
    .execute()

const sales = await server.makeAccount({ name: 'Sales chat', agents: [agent, other] })
const support = await server.makeAccount({ name: 'Support chat', agents: [agent] })

test('where no disposition is defined any word is taken, and none is asked for', async () => {
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: support.id },
    body: { dispositionRequired: true },
  })
  const id = await start(support)
  expect(await choices(id)).toEqual({ required: false, paths: [] })
  expect((await put(id, { closed: true, disposition: 'as ever' })).body).toMatchObject({
    disposition: 'as ever',
    dispositionId: null,
  })
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: support.id },
    body: { dispositionRequired: false },
  })
})

test('an interaction can end in what is for all, for its list, its account and its queue, the narrower first', async () => {
  const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Orders' } })
  const { body: account } = await call('GET /api/openchannel/accounts/:id', { params: { id: sales.id } })
  const spam = await make('Spam')
  const wonId = await make('Won', { parentId: await make('Sale', { accountId: sales.id }) })
  await make('Known customer', { listId: account.listId })
  await make('Order changed', { queueId: queue.id })
  await make('Bug', { accountId: support.id })

  const id = await start(sales)
  expect(await choices(id)).toEqual({
    required: false,
    paths: ['Sale', 'Sale / Won', 'Known customer', 'Spam'],
  })
  await put(id, { queueId: queue.id })
  expect((await choices(id)).paths).toEqual(['Order changed', 'Sale', 'Sale / Won', 'Known customer', 'Spam'])
  expect((await choices(await start(support))).paths).toEqual(['Bug', 'Known customer', 'Spam'])

  expect((await put(id, { closed: true, disposition: 'sale/won' })).body).toMatchObject({
    disposition: 'Sale / Won',
    dispositionId: wonId,
  })
  expect((await put(id, { disposition: spam })).body).toMatchObject({
    disposition: 'Spam',
    dispositionId: spam,
  })
  expect((await put(id, { disposition: String(wonId) })).body).toMatchObject({ dispositionId: wonId })
  expect((await put(id, { closed: false, UserId: null, queueId: null })).body).toMatchObject({
    disposition: null,
    dispositionId: null,
  })
})

test('a disposition by its name is taken where one alone has it; else the refusal names those that could be meant', async () => {
  await make('Won', { parentId: await make('Rental', { accountId: sales.id }) })
  const lost = await make('Lost', { parentId: await make('Lease', { accountId: sales.id }) })
  const id = await start(sales)
  expect((await put(id, { closed: true, disposition: 'Won' })).body).toMatchObject({
    code: 'IN-105',
    field: 'disposition',
    allowed: ['Sale / Won', 'Rental / Won'],
  })
  expect((await put(id, { closed: true, disposition: ' LOST ' })).body).toMatchObject({
    dispositionId: lost,
    disposition: 'Lease / Lost',
  })
})

test('an unknown disposition is refused and leaves the interaction open', async () => {
  const id = await start(support)
  for (const disposition of ['Sale', 999_999, 'Nothing of the kind'])
    expect((await put(id, { closed: true, disposition })).body).toMatchObject({
      status: 400,
      code: 'IN-105',
      allowed: ['Bug', 'Known customer', 'Spam'],
    })
  expect((await call('GET /api/openchannel/interactions/:id', { params: { id } })).body.closed).toBe(false)
})

test('who closes must say how it ended where the account or the queue asks for it, and only there', async () => {
  const { body: queue } = await call('POST /api/openchannel/queues', {
    body: { name: 'Complaints', dispositionRequired: true },
  })
  const id = await start(support)
  expect((await put(id, { closed: true })).body).toMatchObject({ closed: true, disposition: null })

  const queued = await start(support)
  await put(queued, { queueId: queue.id })
  expect((await put(queued, { closed: true })).body).toMatchObject({ status: 409, code: 'IN-104' })
  expect(
    (
      await call('POST /api/openchannel/interactions/:id/close', {
        as: agent,
        params: { id: queued },
        body: { disposition: ' ' },
      })
    ).body,
  ).toMatchObject({ code: 'IN-104', allowed: ['Bug', 'Known customer', 'Spam'] })
  expect((await put(queued, { closed: true, disposition: 'Bug' })).body).toMatchObject({ closed: true })
  expect((await put(queued, { disposition: null })).body).toMatchObject({ code: 'IN-104' })
  expect((await put(queued, { closed: true })).body).toMatchObject({ closed: true, disposition: 'Bug' })

  const patch = (dispositionRequired: boolean) =>
    call('PATCH /api/openchannel/accounts/:id', { params: { id: support.id }, body: { dispositionRequired } })
  expect((await patch(true)).body.dispositionRequired).toBe(true)
  const asked = await start(support)
  expect((await put(asked, { closed: true })).body).toMatchObject({ code: 'IN-104' })
  await put(asked, { disposition: 'Bug' })
  expect((await put(asked, { closed: true })).body).toMatchObject({ closed: true, disposition: 'Bug' })
  await patch(false)
})

test('two agents who close at once close it once; the later word stays, and the thread tells of both', async () => {
  const id = await start(sales)
  const close = (as: typeof agent, disposition: string) =>
    call('POST /api/openchannel/interactions/:id/close', { as, params: { id }, body: { disposition } })
  const answers = await Promise.all([close(agent, 'Spam'), close(other, 'Sale / Won')])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  const told = (await eventsOf(id)).slice(2)
  expect(told.map(({ type }) => type)).toEqual(['closed', 'changed'])
  const words = told.map(({ data }) => (data as { disposition: string }).disposition)
  expect(new Set(words)).toEqual(new Set(['Spam', 'Sale / Won']))
  expect((await call('GET /api/openchannel/interactions/:id', { params: { id } })).body.disposition).toBe(
    words[1],
  )
})
