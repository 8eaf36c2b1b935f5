// What existing clients call on interactions, and what the desk and scripts call beside it.
import type { Interaction, Message } from '@patchbay/protocol/api/interactions.ts'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  eventually,
  makeAccount,
  makeUser,
  type OwnAccount,
  type Person,
  type Problem,
  send,
} from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let agent: Person
let asAgent: Client

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api, { replyUrl: 'http://127.0.0.1:9/nobody' })
  agent = await makeUser(api)
  asAgent = client(program.origin, agent)
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids: [agent.user.id] })
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

interface Rows<T> {
  count: number
  rows: T[]
  cursor?: string | null
}
const interactions = '/api/openchannel/interactions'
let customers = 0
const open = async (own = account): Promise<number> =>
  (await send(own.receiveUrl, { from: `c${++customers}`, body: `Hello ${customers}`, mapKey: 'phone' }))
    .interaction.id
const get = (id: number) => api.get<Interaction>(`${interactions}/${id}`)
const put = (id: number, body: object, as = api) => as.send<Interaction>('PUT', `${interactions}/${id}`, body)
const queueWith = async (agents: number[]): Promise<Queue> => {
  const name = `Queue ${Math.random().toString(36).slice(2)}`
  const { id } = await api.send<Queue>('POST', '/api/openchannel/queues', { name, agentTimeoutSeconds: 60 })
  return api.send('PUT', `/api/openchannel/queues/${id}/agents`, { ids: agents })
}
async function refusal(asked: Promise<Response>): Promise<[number, string]> {
  const answer = await asked
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return [answer.status, ((await answer.json()) as Problem).code]
}

describe('an interaction', () => {
  test('tells what clients read: closed, UserId, Tags, and where it belongs', async () => {
    const id = await open()
    expect(await get(id)).toMatchObject({
      ...{ id, closed: false, state: 'new', UserId: null, Tags: [], OpenchannelAccountId: account.id },
      ...{
        ContactId: expect.any(Number),
        threadId: null,
        externalUrl: null,
        closedAt: null,
        disposition: null,
      },
    })
    expect(await refusal(api.raw('GET', `${interactions}/999999`))).toEqual([404, 'GE-105'])
  })

  test('is closed with a disposition by name or id, and opened again with nobody on it', async () => {
    const id = await open()
    expect(await put(id, { UserId: agent.user.id })).toMatchObject({
      UserId: agent.user.id,
      state: 'assigned',
      closed: false,
    })
    expect(await put(id, { closed: true, disposition: 'Solved' })).toMatchObject({
      closed: true,
      state: 'closed',
      disposition: 'Solved',
      closedAt: expect.any(String),
    })
    const again = await put(id, { closed: false, UserId: null, queueId: null })
    expect(again).toMatchObject({
      closed: false,
      state: 'new',
      UserId: null,
      closedAt: null,
      disposition: null,
    })
    expect(await put(id, { closed: true })).toMatchObject({ closed: true, disposition: null })
    expect(await put(id, { closed: true, disposition: 7 })).toMatchObject({ closed: true, disposition: '7' })
  })

  test('is not opened beside another open one of the same contact', async () => {
    const message = { from: 'twin', body: 'x', mapKey: 'phone' }
    const first = (await send(account.receiveUrl, message)).interaction.id
    await put(first, { closed: true })
    await send(account.receiveUrl, message)
    expect(await refusal(api.raw('PUT', `${interactions}/${first}`, { closed: false }))).toEqual([
      409,
      'IN-101',
    ])
  })

  test('has exactly the tags last set', async () => {
    const id = await open()
    const make = (name: string) => api.send<{ id: number }>('POST', '/api/tags', { name, color: 'ok' })
    const [one, two] = [await make('one'), await make('two')]
    const set = (ids: number[]) => api.send('POST', `${interactions}/${id}/tags`, { ids })
    await set([one.id, two.id])
    expect((await get(id)).Tags.map((tag) => tag.id).sort()).toEqual([one.id, two.id].sort())
    await set([two.id])
    expect((await get(id)).Tags).toEqual([{ id: two.id, name: 'two', color: 'ok' }])
    expect(await refusal(api.raw('POST', `${interactions}/${id}/tags`, { ids: [999_999] }))).toEqual([
      400,
      'GE-101',
    ])
    expect((await get(id)).Tags).toHaveLength(1)
    await set([])
    expect((await get(id)).Tags).toEqual([])
  })

  test('goes into the queue that the rpc names, and is offered there', async () => {
    const queue = await queueWith([])
    const { interaction, message } = await send(account.receiveUrl, {
      from: 'rpc',
      body: 'x',
      mapKey: 'phone',
    })
    const notified = await api.raw('POST', `/api/rpc/openchannel/queues/${queue.id}/notify`, {
      messageId: message.id,
      channel: 'openchannel',
    })
    expect(notified.status).toBe(200)
    expect(await get(interaction.id)).toMatchObject({ state: 'queued', OpenchannelQueueId: queue.id })
    const to = (id: number, messageId: number) =>
      api.raw('POST', `/api/rpc/openchannel/queues/${id}/notify`, { messageId })
    expect(await refusal(to(999_999, message.id))).toEqual([404, 'GE-105'])
    expect(await refusal(to(queue.id, 999_999))).toEqual([404, 'GE-105'])
  })
})

describe('lists of interactions', () => {
  test('are filtered by account and time, and paged by limit and offset or by cursor', async () => {
    const own = await makeAccount(api)
    const before = new Date(Date.now() - 60_000).toISOString()
    const ids: number[] = []
    for (let n = 0; n < 5; n++) ids.unshift(await open(own))
    const list = (query: object) => {
      const params = new URLSearchParams({ OpenchannelAccountId: String(own.id), ...query })
      return api.get<Rows<Interaction>>(`${interactions}?${params}`)
    }
    const idsOf = async (query: object) => (await list(query)).rows.map(({ id }) => id)
    expect(await list({})).toMatchObject({ count: 5 })
    expect(await idsOf({})).toEqual(ids)
    expect(await idsOf({ limit: '2', offset: '2' })).toEqual(ids.slice(2, 4))
    const created = (range: object) => ({ createdAt: JSON.stringify(range) })
    const now = new Date(Date.now() + 1000).toISOString()
    expect(await list(created({ $gte: before, $lte: now }))).toMatchObject({ count: 5 })
    expect(await list(created({ $gte: now }))).toMatchObject({ count: 0, rows: [] })
    expect(await list(created({ $lte: before }))).toMatchObject({ count: 0 })
    expect(await list({ 'createdAt[$gte]': before, 'createdAt[$lte]': now })).toMatchObject({ count: 5 })
    const { id, createdAt } = await get(ids[2] as number)
    expect(await idsOf(created({ $gte: createdAt, $lte: createdAt }))).toContain(id)
    const paged: number[] = []
    let cursor: string | null | undefined
    do {
      const page = await list({ limit: '2', ...(cursor && { cursor }) })
      paged.push(...page.rows.map(({ id }) => id))
      cursor = page.cursor
    } while (cursor)
    expect(paged).toEqual(ids)
    await put(ids[0] as number, { closed: true })
    expect(await idsOf({ closed: 'true' })).toEqual(ids.slice(0, 1))
  })

  test.each([
    'limit=201',
    'limit=0',
    'limit=x',
    'offset=-1',
    'cursor=x',
    'createdAt=x',
    'createdAt={"$gte":"x"}',
    'createdAt={"$gt":"2026-01-01"}',
    'OpenchannelAccountId=x',
    'closed=maybe',
    'createdAt=%00',
  ])('refuse %s', async (query) => {
    expect(await refusal(api.raw('GET', `${interactions}?${query}`))).toEqual([400, 'GE-101'])
  })
})

test('messages are listed oldest first with notes, at most 200 at a time', async () => {
  const id = await open()
  for (let n = 2; n <= 4; n++)
    await api.send('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: id,
      body: `note ${n}`,
      secret: true,
    })
  const list = (query = '') => api.get<Rows<Message>>(`${interactions}/${id}/messages${query}`)
  const { count, rows } = await list()
  expect([count, rows.map(({ body }) => body)]).toEqual([
    4,
    [expect.stringMatching(/^Hello/), 'note 2', 'note 3', 'note 4'],
  ])
  expect(rows[0]).toMatchObject({
    direction: 'in',
    secret: false,
    AttachmentId: null,
    createdAt: expect.any(String),
  })
  expect(rows[1]).toMatchObject({ direction: 'out', secret: true })
  expect((await list('?limit=2&offset=1')).rows.map(({ body }) => body)).toEqual(['note 2', 'note 3'])
  expect(await refusal(api.raw('GET', `${interactions}/${id}/messages?limit=201`))).toEqual([400, 'GE-101'])
})

describe('an agent', () => {
  test('sees interactions of the accounts to which he or his team was added, and no other, anywhere', async () => {
    const hidden = await makeAccount(api)
    const id = await open(hidden)
    const taken = await send(hidden.receiveUrl, { from: 'hidden', body: 'x', mapKey: 'phone' })
    const paths = ['', '/messages', '/thread'].map((end) => `${interactions}/${id}${end}`)
    for (const path of [
      ...paths,
      `/api/contacts/${taken.contact.id}`,
      `/api/openchannel/accounts/${hidden.id}`,
    ])
      expect([path, (await asAgent.raw('GET', path)).status]).toEqual([path, 404])
    for (const end of ['accept', 'decline', 'close', 'reopen', 'transfer'])
      expect([
        end,
        (await asAgent.raw('POST', `${interactions}/${id}/${end}`, { queueId: 1 })).status,
      ]).toEqual([end, 404])
    expect((await asAgent.raw('PUT', `${interactions}/${id}`, { closed: true })).status).toBe(404)
    expect(
      (await asAgent.raw('POST', '/api/openchannel/messages', { OpenchannelInteractionId: id, body: 'x' }))
        .status,
    ).toBe(404)
    const seen = (await asAgent.get<Rows<Interaction>>(`${interactions}?limit=200`)).rows
    expect(new Set(seen.map((row) => row.OpenchannelAccountId))).toEqual(new Set([account.id]))
    expect(await asAgent.get(`${interactions}?OpenchannelAccountId=${hidden.id}`)).toMatchObject({
      count: 0,
      rows: [],
    })
    expect(
      (await asAgent.get<Rows<{ id: number }>>('/api/openchannel/accounts')).rows.map((row) => row.id),
    ).toEqual([account.id])

    const team = await api.send<{ id: number }>('POST', '/api/teams', { name: 'Night' })
    await api.send('PUT', `/api/teams/${team.id}/users`, { ids: [agent.user.id] })
    await api.send('PUT', `/api/openchannel/accounts/${hidden.id}/teams`, { ids: [team.id] })
    expect((await asAgent.raw('GET', `${interactions}/${id}`)).status).toBe(200)
    await api.send('PUT', `/api/teams/${team.id}/users`, { ids: [] })
    expect((await asAgent.raw('GET', `${interactions}/${id}`)).status).toBe(404)
  })

  test('accepts what is offered, declines it, passes it on, closes and reopens it', async () => {
    const colleague = await makeUser(api)
    const asColleague = client(program.origin, colleague)
    const own = await makeAccount(api)
    await api.send('PUT', `/api/openchannel/accounts/${own.id}/agents`, {
      ids: [agent.user.id, colleague.user.id],
    })
    const queue = await queueWith([agent.user.id, colleague.user.id])
    await api.send('PUT', `/api/openchannel/accounts/${own.id}/actions`, {
      actions: [{ type: 'queue', queueId: queue.id }],
    })
    const available = (as: Client) => as.send('PUT', '/api/me/presence', { state: 'available' })
    expect(await available(asAgent)).toMatchObject({ state: 'available', reason: null })
    expect(await asAgent.get('/api/me')).toMatchObject({
      id: agent.user.id,
      presence: { state: 'available' },
    })
    const id = await open(own)
    const offered = (as: Client) =>
      eventually(
        async () =>
          (await as.get<Rows<{ interactionId: number }>>('/api/openchannel/offers')).count > 0
            ? true
            : undefined,
        'an offer',
      )
    await offered(asAgent)
    expect(await get(id)).toMatchObject({ state: 'offered', OpenchannelQueueId: queue.id })
    await available(asColleague)
    const act = (as: Client, verb: string, body?: object) =>
      as.raw('POST', `${interactions}/${id}/${verb}`, body)
    expect((await act(asAgent, 'decline', { reason: 'lunch' })).status).toBe(200)
    await offered(asColleague)
    expect(await refusal(act(asAgent, 'accept'))).toEqual([409, 'OF-101'])
    expect((await act(asColleague, 'accept')).status).toBe(200)
    expect(await get(id)).toMatchObject({ state: 'assigned', UserId: colleague.user.id })
    expect(await refusal(act(asAgent, 'decline'))).toEqual([409, 'OF-102'])
    expect((await act(asColleague, 'transfer', { userId: agent.user.id, note: 'Yours' })).status).toBe(200)
    expect(await get(id)).toMatchObject({ UserId: agent.user.id })
    expect(await refusal(act(asAgent, 'transfer', {}))).toEqual([400, 'IN-102'])
    expect((await act(asAgent, 'close', { disposition: 'Done' })).status).toBe(200)
    expect(await refusal(act(asAgent, 'accept'))).toEqual([409, 'IN-103'])
    expect((await act(asAgent, 'reopen')).status).toBe(200)
    expect(await get(id)).toMatchObject({ state: 'assigned', UserId: agent.user.id, closed: false })
    for (const as of [asAgent, asColleague])
      await as.send('PUT', '/api/me/presence', { state: 'paused', reason: 'Break' })
    expect(await asAgent.get('/api/me')).toMatchObject({ presence: { state: 'paused', reason: 'Break' } })
    expect(await refusal(asAgent.raw('PUT', '/api/me/presence', { state: 'asleep' }))).toEqual([
      400,
      'GE-101',
    ])
  })
})
