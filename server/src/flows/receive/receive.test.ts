/** Which interaction a message goes to, what is written with it, and that the same message is stored once. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { post, send } from './receive-testing.ts'

const server = await startTestServer()
const { pool } = server.ctx
let people = 0
const person = (): { from: string; mapKey: string } => ({ from: `p${++people}`, mapKey: 'facebook' })

async function interaction(id: number): Promise<Record<string, unknown>> {
  const { rows } = await pool.query('select * from interaction where id = $1', [id])
  return rows[0]
}

async function events(id: number): Promise<[seq: number, type: string][]> {
  const { rows } = await pool.query(
    'select seq, type from interaction_log where interaction_id = $1 order by seq',
    [id],
  )
  return rows.map(({ seq, type }) => [seq, type])
}

async function close(id: number, minutesAgo = 0): Promise<void> {
  const body = { disposition: 'Solved' }
  const { status } = await server.call('POST /api/openchannel/interactions/:id/close', {
    params: { id },
    body,
  })
  expect(status).toBe(200)
  await pool.query('update interaction set closed_at = closed_at - make_interval(mins => $2) where id = $1', [
    id,
    minutesAgo,
  ])
}

describe('the interaction', () => {
  test('is opened by the first message and takes the next', async () => {
    const account = await server.makeAccount()
    const who = person()
    const first = await send(account, { ...who, body: 'one', to: 'page-1' })
    const second = await send(account, { ...who, body: 'two' })
    expect(second.body.interaction).toEqual(first.body.interaction)
    expect(await interaction(first.body.interaction.id)).toMatchObject({
      state: 'new',
      seq: 3,
      unread: 2,
      to_address: 'page-1',
      last_message_id: second.body.message.id,
      last_message_direction: 'in',
      last_message_preview: 'two',
      contact_id: first.body.contact.id,
      waiting_since: expect.any(Date),
      closed_at: null,
    })
    expect(await events(first.body.interaction.id)).toEqual([
      [1, 'opened'],
      [2, 'message'],
      [3, 'message'],
    ])
  })

  test('stays with its agent', async () => {
    const account = await server.makeAccount()
    const who = person()
    const { body } = await send(account, { ...who, body: 'one' })
    await pool.query(
      `update interaction set state = 'assigned', user_id = $2, waiting_since = null, unread = 0 where id = $1`,
      [body.interaction.id, server.admin.id],
    )
    await send(account, { ...who, body: 'two' })
    expect(await interaction(body.interaction.id)).toMatchObject({
      state: 'assigned',
      user_id: server.admin.id,
      unread: 1,
      waiting_since: null,
    })
  })

  test('is another one on another thread, and on another account', async () => {
    const account = await server.makeAccount()
    const who = person()
    const plain = await send(account, { ...who, body: '1' })
    const thread = {
      threadId: '134968929707951_998877665544',
      externalUrl: 'https://www.facebook.com/1/posts/9',
    }
    const wall = await send(account, { ...who, body: '2', ...thread })
    const again = await send(account, { ...who, body: '3', ...thread })
    const elsewhere = await send(await server.makeAccount(), { ...who, body: '4' })
    const ids = [plain, wall, elsewhere].map(({ body }) => body.interaction.id)
    expect(new Set(ids).size).toBe(3)
    expect(again.body.interaction).toEqual(wall.body.interaction)
    expect(await interaction(wall.body.interaction.id)).toMatchObject({
      thread_id: thread.threadId,
      external_url: thread.externalUrl,
    })
    expect(new Set([plain, wall, elsewhere].map(({ body }) => body.contact.id)).size).toBe(1)
  })

  test('is a new one after closing', async () => {
    const account = await server.makeAccount()
    const who = person()
    const first = await send(account, { ...who, body: '1' })
    await close(first.body.interaction.id)
    const second = await send(account, { ...who, body: '2' })
    expect(second.body.interaction).not.toEqual(first.body.interaction)
    expect(await interaction(first.body.interaction.id)).toMatchObject({
      state: 'closed',
      last_message_preview: '1',
    })
  })

  test('is the last one again when the account reopens and it closed lately, else a new one', async () => {
    const account = await server.makeAccount()
    const params = { id: account.id }
    await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { reopenWithinMinutes: 10 } })
    const who = person()
    const { id } = (await send(account, { ...who, body: '1' })).body.interaction
    await close(id, 5)
    expect((await send(account, { ...who, body: '2' })).body.interaction.id).toBe(id)
    expect(await interaction(id)).toMatchObject({
      state: 'new',
      closed_at: null,
      disposition: null,
      user_id: null,
    })
    expect(await events(id)).toEqual([
      [1, 'opened'],
      [2, 'message'],
      [3, 'closed'],
      [4, 'reopened'],
      [5, 'message'],
    ])
    await close(id, 11)
    const late = await send(account, { ...who, body: '3' })
    expect(late.body.interaction.id).not.toBe(id)
    // Of several that closed lately it is the one that closed last.
    await close(late.body.interaction.id, 5)
    expect((await send(account, { ...who, body: '4' })).body.interaction).toEqual(late.body.interaction)
  })

  test('is routed when it opens and the account has actions, and only then', async () => {
    const { body: queue } = await server.call('POST /api/openchannel/queues', { body: { name: 'Support' } })
    const routed = await server.makeAccount({ actions: [{ type: 'queue', queueId: queue.id }] })
    const { body } = await send(routed, { ...person(), body: '1' })
    await expect
      .poll(() => interaction(body.interaction.id))
      .toMatchObject({ state: 'queued', queue_id: queue.id })
    const unrouted = await send(await server.makeAccount(), { ...person(), body: '1' })
    expect(await interaction(unrouted.body.interaction.id)).toMatchObject({ state: 'new' })
    const { rows } = await pool.query('select 1 from route_request where interaction_id = $1', [
      unrouted.body.interaction.id,
    ])
    expect(rows).toEqual([])
  })

  test('numbers are spent on interactions, not on messages', async () => {
    const account = await server.makeAccount()
    const who = person()
    const first = await send(account, { ...who, body: '1' })
    for (let i = 0; i < 20; i++) await send(account, { ...who, body: 'more' })
    const next = await send(account, { ...person(), body: '1' })
    expect(next.body.interaction.id).toBe(first.body.interaction.id + 1)
  })

  test('the account remembers when its first message came', async () => {
    const account = await server.makeAccount()
    const read = async () =>
      (await server.call('GET /api/openchannel/accounts/:id', { params: { id: account.id } })).body
    expect((await read()).firstMessageAt).toBeNull()
    await send(account, { ...person(), body: '1' })
    const { firstMessageAt } = await read()
    expect(firstMessageAt).not.toBeNull()
    await send(account, { ...person(), body: '2' })
    expect((await read()).firstMessageAt).toBe(firstMessageAt)
  })
})

describe('the message', () => {
  test('keeps its text, when it was written, and that it was marked', async () => {
    const account = await server.makeAccount()
    const body = 'Buongiorno, il mio ordine 48213 è ancora "processing" 😢\\ {\n}\u0000'
    const { body: accepted } = await send(account, { ...person(), body, timestamp: 1_772_355_600 })
    const { rows } = await pool.query('select * from message where id = $1', [accepted.message.id])
    expect(rows[0]).toMatchObject({
      body: body.replace('\0', '\u2400'),
      written_at: new Date('2026-03-01T09:00:00Z'),
      marked: true,
      seq: 2,
    })
  })

  test('of a form is the same as of JSON', async () => {
    const account = await server.makeAccount()
    const form =
      'from=%2B393475550142&body=Hello+from+a+form&mapKey=phone&firstName=Lia&tags=vip%2Cnewsletter'
    const type = 'application/x-www-form-urlencoded'
    const { body } = await post(account.receiveUrl, { body: form, type })
    const { rows } = await pool.query('select body from message where id = $1', [body.message.id])
    expect(rows[0].body).toBe('Hello from a form')
    const contact = await server.call('GET /api/contacts/:id', { params: { id: body.contact.id } })
    expect(contact.body).toMatchObject({
      phone: '+393475550142',
      firstName: 'Lia',
      tags: ['vip', 'newsletter'],
    })
  })
})

describe('a sender’s id', () => {
  const cases: [name: string, body: object, headers: Record<string, string>][] = [
    ['in the body', { messageId: 'id-1' }, {}],
    ['as Idempotency-Key', {}, { 'idempotency-key': 'id-1' }],
    ['as webhook-id', {}, { 'webhook-id': 'id-1' }],
  ]
  for (const [name, extra, headers] of cases)
    test(`${name} makes a repetition answer the first result`, async () => {
      const { receiveUrl } = await server.makeAccount()
      const body = { ...person(), body: 'Hello', ...extra }
      const first = await post(receiveUrl, { body, headers })
      const second = await post(receiveUrl, { body, headers })
      expect(second).toMatchObject({ status: 200, body: { ...first.body, duplicate: true } })
      const { rows } = await pool.query('select unread, seq from interaction where id = $1', [
        first.body.interaction.id,
      ])
      expect(rows[0]).toEqual({ unread: 1, seq: 2 })
    })

  test('counts within its account only', async () => {
    const body = { ...person(), body: 'Hello', messageId: 'same' }
    const first = await send(await server.makeAccount(), body)
    const second = await send(await server.makeAccount(), body)
    expect(second.body.duplicate).toBe(false)
    expect(second.body.message).not.toEqual(first.body.message)
  })

  const changes: [field: string, change: object][] = [
    ['from', { from: 'somebody else' }],
    ['mapKey', { mapKey: 'twitter' }],
    ['body', { body: 'Another text' }],
    ['threadId', { threadId: 't2' }],
  ]
  for (const [field, change] of changes)
    test(`with another ${field} is refused, and the difference named`, async () => {
      const account = await server.makeAccount()
      const body = { ...person(), body: 'Hello', messageId: 'm' }
      await send(account, body)
      const answer = await post(account.receiveUrl, { body: { ...body, ...change } })
      expect(answer).toMatchObject({ status: 409, body: { code: 'OC-106', fields: [field] } })
    })

  test('with other contact fields or another time is a repetition', async () => {
    const account = await server.makeAccount()
    const body = { ...person(), body: 'Hello', messageId: 'm' }
    await send(account, body)
    const again = await send(account, { ...body, firstName: 'Giulia', timestamp: 1 })
    expect(again.body.duplicate).toBe(true)
  })

  test('sent many times at once is stored once, and all learn the same', async () => {
    const account = await server.makeAccount()
    const body = { ...person(), body: 'Hello', messageId: 'm' }
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(account, body)))
    expect(new Set(answers.map(({ body }) => body.message.id)).size).toBe(1)
    expect(new Set(answers.map(({ body }) => body.interaction.id)).size).toBe(1)
    const { rows } = await pool.query('select count(*) from message where account_id = $1', [account.id])
    expect(rows[0].count).toBe(1)
    expect((await send(account, body)).body.duplicate).toBe(true)
  })

  test('is found after its interaction closed', async () => {
    const account = await server.makeAccount()
    const body = { ...person(), body: 'Hello', messageId: 'm' }
    const first = await send(account, body)
    await close(first.body.interaction.id)
    expect((await send(account, body)).body).toEqual({ ...first.body, duplicate: true })
  })
})
