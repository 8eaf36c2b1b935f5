import { accountEvents } from '@patchbay/protocol/api/accounts.ts'
import type { EventOut } from '@patchbay/protocol/open-channel.ts'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { testDesk, until } from '../reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const { db, pool } = server.ctx
const { call } = server

/** An account whose events go to an address of their own. */
async function subscribed(events: readonly string[] = accountEvents) {
  const there = await desk.replyUrl()
  const listener = await desk.replyUrl()
  const { account, agent } = await desk.open(there.url)
  const params = { id: account.id }
  const { status } = await call('PATCH /api/openchannel/accounts/:id', {
    params,
    body: { events, eventsUrl: listener.url },
  })
  expect(status).toBe(200)
  return { there, listener, account, agent }
}
const toldOf = (listener: { posted: { text: string }[] }): EventOut[] =>
  listener.posted.map(({ text }) => JSON.parse(text) as EventOut)
const typesOf = (listener: { posted: { text: string }[] }): string[] =>
  toldOf(listener).map(({ type }) => type)

test('what happens to an interaction is told in its order, signed, and to those who asked for it alone', async () => {
  const { there, listener, account, agent } = await subscribed()
  const silent = await desk.open(there.url)
  await desk.write(silent.account)
  const id = await desk.write(account, { body: 'Where is my order?', threadId: 't-1' })
  const other = await server.makeUser('agent')
  await server.addAgent(account, other)
  const as = agent
  const params = { id }
  const statuses = [
    await call('POST /api/openchannel/interactions/:id/accept', { as, params }),
    await call('POST /api/openchannel/interactions/:id/transfer', {
      as,
      params,
      body: { userId: other.id, note: 'between us' },
    }),
    await call('POST /api/openchannel/interactions/:id/close', { as: other, params, body: {} }),
    await call('POST /api/openchannel/interactions/:id/reopen', { as: other, params }),
  ].map(({ status }) => status)
  expect(statuses).toEqual([200, 200, 200, 200])
  await until(() => listener.posted.length === 7)
  expect(typesOf(listener)).toEqual([
    'interaction.opened',
    'message.received',
    'interaction.assigned',
    'interaction.transferred',
    'interaction.closed',
    'interaction.reopened',
    // Who opens it again at the desk has it.
    'interaction.assigned',
  ])
  const [, received, assigned, , closed] = toldOf(listener)
  expect(received).toEqual({
    type: 'message.received',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: {
      OpenchannelAccountId: account.id,
      OpenchannelAccountUid: account.uid,
      OpenchannelInteractionId: id,
      ContactId: expect.any(Number),
      UserId: null,
      Interaction: {
        id,
        to: null,
        threadId: 't-1',
        externalUrl: null,
        subject: null,
        createdAt: expect.any(String),
        closed: false,
        UserId: null,
        queueId: null,
        disposition: null,
      },
      message: {
        id: expect.any(Number),
        channelId: null,
        direction: 'in',
        body: 'Where is my order?',
        AttachmentId: null,
        createdAt: expect.any(String),
      },
    },
  })
  expect(assigned?.data).toMatchObject({ UserId: agent.id, Interaction: { UserId: agent.id } })
  expect(closed?.data).toMatchObject({ UserId: other.id, Interaction: { closed: true } })
  expect(listener.posted.map(({ text }) => text).join()).not.toContain('between us')
  const secret = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  for (const { headers, text } of listener.posted)
    expect(new Webhook(secret.body.secret).verify(text, headers as Record<string, string>)).toMatchObject({})
  const { rows } = await pool.query('select from delivery where account_id = $1 and purpose = 1', [
    silent.account.id,
  ])
  expect(rows).toEqual([])
})

test('a receipt and a failure of an answer are told, and an answer that is only sent is not', async () => {
  const { there, listener, account, agent } = await subscribed(['message.delivered', 'message.failed'])
  const OpenchannelInteractionId = await desk.write(account)
  const send = (body: string) =>
    call('POST /api/openchannel/messages', { as: agent, body: { OpenchannelInteractionId, body } })
  const sent = await send('Hello')
  await until(() => there.posted.length === 1)
  there.status = 400
  const failed = await send('Nobody takes this')
  await until(() => listener.posted.length === 1)
  expect(toldOf(listener)).toMatchObject([
    {
      type: 'message.failed',
      data: { message: { id: failed.body.id }, reason: 'The Reply URL answered 400 Bad Request.' },
    },
  ])
  await fetch(account.receiveUrl.replace('/notify', '/receipts'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: sent.body.id, status: 'delivered' }),
  })
  await until(() => listener.posted.length === 2)
  expect(toldOf(listener)[1]).toMatchObject({
    type: 'message.delivered',
    data: { message: { id: sent.body.id, body: 'Hello' } },
  })
})

test('without an address of their own events go to the Reply URL, and neither they nor the answers wait for the other', async () => {
  const { there, account, agent } = await subscribed(['message.received'])
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: account.id },
    body: { eventsUrl: 'http://127.0.0.1:9/events' },
  })
  const OpenchannelInteractionId = await desk.write(account)
  const state = async () =>
    (
      await db
        .selectFrom('endpoint')
        .select(['state', 'purpose'])
        .where('account_id', '=', account.id)
        .execute()
    ).filter(({ state }) => state === 'open')
  await until(async () => {
    await desk.write(account)
    return (await state()).length > 0
  })
  expect((await state()).map(({ purpose }) => purpose)).toEqual([1])
  await call('POST /api/openchannel/messages', {
    as: agent,
    body: { OpenchannelInteractionId, body: 'Not behind any event.' },
  })
  await until(() => there.posted.length === 1)
  await call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body: { eventsUrl: '' } })
  await until(() => there.posted.some(({ text }) => text.includes('"message.received"')))
})

test('an event is written with what it tells of, or not at all', async () => {
  const { listener, account } = await subscribed(['message.received'])
  const { rows } = await pool.query(`select pg_get_functiondef('tell_event'::regproc) as definition`)
  const definition: string = rows[0].definition
  const marker = 'return true;'
  expect(definition).toContain(marker)
  await pool.query(definition.replace(marker, `raise exception 'the disk is full' using errcode = '53100';`))
  try {
    const refused = await server.receive(account, { from: '1', body: 'lost?', mapKey: 'phone' })
    expect(refused.status).toBeGreaterThanOrEqual(500)
  } finally {
    await pool.query(definition)
  }
  const stored = await pool.query('select from message where account_id = $1', [account.id])
  expect(stored.rowCount).toBe(0)
  await desk.write(account, { body: 'kept' })
  await until(() => listener.posted.length === 1)
  expect(toldOf(listener)[0]?.data.message?.body).toBe('kept')
})

test('addresses of events and alarms are checked when they are saved, as the Reply URL is', async () => {
  const { account } = await desk.open()
  const save = (body: object) =>
    call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body })
  for (const field of ['eventsUrl', 'alarmUrl'])
    for (const address of ['nonsense', 'ftp://example.com/', 'https://me:pass@example.com/']) {
      const { status, body } = await save({ [field]: address })
      expect([status, body.code, body.field]).toEqual([400, 'AC-101', field])
    }
  for (const alarmEmail of ['nobody', 'a@b.example, c@d.example']) {
    const { status, body } = await save({ alarmEmail })
    expect([status, body.code, body.field]).toEqual([400, 'GE-101', 'alarmEmail'])
  }
  expect(
    (await save({ eventsUrl: ' https://example.com/events ', alarmEmail: 'ops@example.com' })).status,
  ).toBe(200)
})
