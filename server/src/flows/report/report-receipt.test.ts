/** Receipts: what is known of an answer only grows, whatever comes twice, late or at once. */
import { expect, test } from 'vitest'
import { createDesk } from '../desk/testing.ts'
import { testDesk, until } from '../reply/reply-testing.ts'
import { report, siblingOf } from './report-testing.ts'

const desk = await testDesk()
const { server } = desk
const { account, agent } = await desk.open((await desk.replyUrl()).url)
const { pool } = server.ctx
let answers = 0

/** An answer that the Reply URL took under the id that is answered. */
async function answered() {
  const interactionId = await desk.write(account)
  const { body } = await server.call('POST /api/openchannel/messages', {
    body: { OpenchannelInteractionId: interactionId, body: 'Your order left.' },
    as: { headers: (await server.makeKey(agent)).headers },
  })
  await until(async () => (await stateOf(body.id))[0] === 'sent')
  const channelId = `mid.${++answers}`
  await pool.query('update message set channel_id = $2 where id = $1', [body.id, channelId])
  return { id: body.id, channelId, interactionId }
}

async function stateOf(id: number) {
  const { rows } = await pool.query('select status, status_reason from message where id = $1', [id])
  return [rows[0].status, rows[0].status_reason]
}

async function eventsOf(interactionId: number): Promise<string[]> {
  const { rows } = await pool.query(
    `select data ->> 'status' as status from event
     where interaction_id = $1 and type = 'status' and data ->> 'status' <> 'sent' order by seq`,
    [interactionId],
  )
  return rows.map(({ status }) => status)
}

test('names the answer by the id of our reply or by that of the channel, and tells where it stands', async () => {
  const { id, channelId, interactionId } = await answered()
  const first = await report(account, 'receipts', { messageId: channelId, status: 'delivered' })
  expect(first).toMatchObject({ status: 200, body: { message: { id, status: 'delivered' } } })
  const second = await report(account, 'receipts', { id: String(id), status: 'read' })
  expect(second).toMatchObject({ status: 200, body: { message: { id, status: 'read' } } })
  expect(await eventsOf(interactionId)).toEqual(['delivered', 'read'])
})

test('is taken as a form too, and with a slash at the end', async () => {
  const { id } = await answered()
  const response = await fetch(siblingOf(account, 'receipts/'), {
    method: 'POST',
    body: new URLSearchParams({ id: String(id), status: 'read' }),
  })
  expect(response.status).toBe(200)
  expect(await stateOf(id)).toEqual(['read', null])
})

const known: [given: string[], end: string][] = [
  [['delivered', 'read'], 'read'],
  [['read', 'delivered'], 'read'],
  [['read', 'read', 'delivered'], 'read'],
  [['failed'], 'failed'],
  [['failed', 'delivered'], 'delivered'],
  [['delivered', 'failed'], 'delivered'],
  [['read', 'failed', 'delivered'], 'read'],
  [['delivered', 'sent'], 'delivered'],
  [['failed', 'sent'], 'failed'],
]
for (const [given, end] of known)
  test(`${given.join(', then ')} ends as ${end}`, async () => {
    const { id } = await answered()
    for (const status of given) {
      const reason = status === 'failed' ? 'Blocked by the customer' : undefined
      const { body } = await report(account, 'receipts', { id, status, reason })
      expect(body).toMatchObject({ message: { id } })
    }
    expect(await stateOf(id)).toEqual([end, end === 'failed' ? 'Blocked by the customer' : null])
  })

test('twenty copies and contradictions at once leave one event for each step forward', async () => {
  const { id, channelId, interactionId } = await answered()
  const statuses = Array.from({ length: 20 }, (_, n) => ['delivered', 'failed', 'read'][n % 3])
  const answersOf = await Promise.all(
    statuses.map((status) => report(account, 'receipts', { messageId: channelId, status })),
  )
  expect(answersOf.map(({ status }) => status)).toEqual(statuses.map(() => 200))
  expect(await stateOf(id)).toEqual(['read', null])
  const events = await eventsOf(interactionId)
  expect(new Set(events).size).toBe(events.length)
  expect(events.at(-1)).toBe('read')
})

test('says that it failed without a reason in words for the agent', async () => {
  const { id } = await answered()
  await report(account, 'receipts', { id, status: 'failed' })
  expect(await stateOf(id)).toEqual(['failed', 'The channel could not deliver it.'])
})

const PRIVATE = 'As a private reply.'
const toldHow: [given: [status: string, reason?: string][], end: string, words: string | null][] = [
  [[['sent', PRIVATE]], 'sent', PRIVATE],
  [[['sent', PRIVATE], ['sent', PRIVATE], ['delivered'], ['read']], 'read', PRIVATE],
  [[['delivered'], ['sent', PRIVATE], ['read']], 'read', PRIVATE],
  [
    [
      ['delivered', PRIVATE],
      ['read', 'As a link.'],
      ['delivered', PRIVATE],
    ],
    'read',
    'As a link.',
  ],
  [
    [
      ['sent', PRIVATE],
      ['failed', 'Blocked.'],
    ],
    'failed',
    'Blocked.',
  ],
  [
    [
      ['failed', 'Blocked.'],
      ['sent', PRIVATE],
    ],
    'failed',
    'Blocked.',
  ],
  [[['failed', 'Blocked.'], ['delivered']], 'delivered', null],
]
for (const [given, end, words] of toldHow)
  test(`how it went is kept: ${given.map((one) => one.join(' ')).join(', then ')}`, async () => {
    const { id, interactionId } = await answered()
    for (const [status, reason] of given) await report(account, 'receipts', { id, status, reason })
    expect(await stateOf(id)).toEqual([end, words])
    const steps = (await eventsOf(interactionId)).filter((step) => step === 'delivered')
    expect(steps.length).toBeLessThanOrEqual(1)
  })

test('that says how an answer went before its delivery is settled is kept when it is', async () => {
  const { id } = await answered()
  await pool.query(`update message set status = 'sending' where id = $1`, [id])
  await report(account, 'receipts', { id, status: 'sent', reason: PRIVATE })
  expect(await stateOf(id)).toEqual(['sent', PRIVATE])
})

test('changes the bubble of an agent who looks at it', async () => {
  const { id, interactionId } = await answered()
  const there = createDesk(server, agent)
  await there.connect()
  await there.open(interactionId)
  const shown = () => there.state.threads.get(interactionId)?.items.find(({ message }) => message?.id === id)
  expect(shown()?.message?.status).toBe('sent')
  await report(account, 'receipts', { id, status: 'read' })
  await until(() => shown()?.message?.status === 'read')
  await report(account, 'receipts', { id, status: 'sent', reason: PRIVATE })
  await until(() => shown()?.message?.statusReason === PRIVATE)
  expect(shown()?.message?.status).toBe('read')
  await there.cut()
})

test('by the channel’s id waits a moment for an answer of the Reply URL that is still being stored', async () => {
  const { id, channelId } = await answered()
  await pool.query('update message set channel_id = null where id = $1', [id])
  const early = report(account, 'receipts', { messageId: channelId, status: 'delivered' })
  await pool.query('update message set channel_id = $2 where id = $1', [id, channelId])
  expect(await early).toMatchObject({ status: 200, body: { message: { id, status: 'delivered' } } })
})

test('under an id that a receiver answered many times means the newest answer', async () => {
  const [first, second] = [await answered(), await answered()]
  await pool.query(`update message set channel_id = 'same' where id = any($1)`, [[first.id, second.id]])
  await report(account, 'receipts', { messageId: 'same', status: 'read' })
  expect([await stateOf(first.id), await stateOf(second.id)]).toEqual([
    ['sent', null],
    ['read', null],
  ])
})

test('of what is no answer of this account is refused, and changes nothing', async () => {
  const { id, channelId, interactionId } = await answered()
  const foreign = await server.makeAccount()
  const { rows } = await pool.query(`select id from message where interaction_id = $1 and direction = 'in'`, [
    interactionId,
  ])
  const wrong: [typeof account, object][] = [
    [foreign, { id, status: 'read' }],
    [foreign, { messageId: channelId, status: 'read' }],
    [account, { id: 999_999, status: 'read' }],
    [account, { id: rows[0].id, status: 'read' }],
  ]
  for (const [to, body] of wrong)
    expect(await report(to, 'receipts', body)).toMatchObject({ status: 404, body: { code: 'OC-116' } })
  expect(await stateOf(id)).toEqual(['sent', null])
})

const refused: [name: string, body: object, status: number, code: string, field: string][] = [
  ['no id', { status: 'read' }, 400, 'OC-103', 'messageId'],
  ['no status', { id: 1 }, 400, 'OC-103', 'status'],
  ['another status', { id: 1, status: 'lost' }, 400, 'OC-113', 'status'],
  ['an id that is none', { id: '12x', status: 'read' }, 400, 'OC-113', 'id'],
  ['an id beyond all numbers', { id: '99999999999999999999', status: 'read' }, 400, 'OC-113', 'id'],
  ['an object as id', { messageId: {}, status: 'read' }, 400, 'OC-113', 'messageId'],
]
for (const [name, body, status, code, field] of refused)
  test(`with ${name} is refused`, async () => {
    expect(await report(account, 'receipts', body)).toMatchObject({ status, body: { code, field } })
  })

test('is for whoever holds the token, never for a cookie, and a list is no report', async () => {
  const body = JSON.stringify({ id: 1, status: 'read' })
  const url = siblingOf(account, 'receipts')
  const bare = url.replace(/\?.*/, '')
  const type = { 'content-type': 'application/json' }
  const status = async (to: string, headers: object, text = body) =>
    (await fetch(to, { method: 'POST', headers: { ...type, ...headers }, body: text })).status
  expect(await status(bare, {})).toBe(401)
  expect(await status(bare, server.admin.headers)).toBe(401)
  expect(await status(`${bare}?token=pbt_wrong`, {})).toBe(401)
  expect(await status(bare, { authorization: `Bearer ${account.token}` })).toBe(404)
  expect(await status(url, {}, `[${body}]`)).toBe(400)
  expect(await status(url, { 'content-type': 'multipart/form-data; boundary=b' })).toBe(415)
  expect((await fetch(url)).status).toBe(404)
})
