/** What happens in the channel: edits, deletions, reactions, answers written there, and the time to answer; each event counts once. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { expect, test } from 'vitest'
import { createDesk } from '../desk/testing.ts'
import { post } from '../receive/receive-testing.ts'
import { testDesk, until } from '../reply/reply-testing.ts'
import { report } from './report-testing.ts'

const desk = await testDesk()
const { server } = desk
const { account, agent } = await desk.open((await desk.replyUrl()).url)
const { pool } = server.ctx
let people = 0
let events = 0

interface Person {
  from: string
  mapKey: string
  messageId: string
  interactionId: number
}

async function write(fields: object = {}): Promise<Person> {
  const from = `c${++people}`
  const person = { from, mapKey: 'facebook', messageId: `in.${from}` }
  const { body } = await server.receive(account, { ...person, body: 'Hello', ...fields })
  return { ...person, interactionId: body.interaction?.id ?? 0 }
}

const tell = ({ from, mapKey, messageId }: Person, type: string, data: object = {}, more: object = {}) =>
  report(account, 'events', { eventId: `e${++events}`, type, from, mapKey, messageId, data, ...more })

const threadOf = async (id: number) =>
  (await server.call('GET /api/openchannel/interactions/:id/thread', { params: { id } })).body
const messagesOf = async (id: number): Promise<NonNullable<ThreadItem['message']>[]> =>
  (await threadOf(id)).items.flatMap(({ message }) => message ?? [])

test('an edit replaces the text, says when, and shows in the inbox', async () => {
  const person = await write()
  const answer = await tell(person, 'message.edited', { body: 'Hello there' })
  expect(answer).toMatchObject({
    status: 200,
    body: { outcome: 'taken', interaction: { id: person.interactionId } },
  })
  expect(await messagesOf(person.interactionId)).toMatchObject([
    { body: 'Hello there', editedAt: expect.any(String), deletedAt: null },
  ])
  expect((await threadOf(person.interactionId)).interaction.preview).toBe('Hello there')
  // The message itself sent again is still the one that came.
  expect(await server.receive(account, { ...person, body: 'Hello' })).toMatchObject({
    body: { duplicate: true },
  })
})

test('a deletion takes text and file out of the database, and the bytes of the file soon after', async () => {
  const form = new FormData()
  const fields = { from: `c${++people}`, mapKey: 'facebook', body: 'my card', messageId: 'in.card' }
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', new Blob(['4111']), 'card.txt')
  const { body } = await post(account.receiveUrl, { body: form })
  const person = { ...fields, interactionId: body.interaction.id }
  expect((await tell(person, 'message.deleted')).body).toMatchObject({ outcome: 'taken' })
  const { rows } = await pool.query('select body, attachment_id from message where id = $1', [
    body.message.id,
  ])
  expect(rows[0]).toEqual({ body: '', attachment_id: null })
  const { rows: files } = await pool.query(
    `select expires_at <= now() as over from attachment where name = 'card.txt'`,
  )
  expect(files).toEqual([{ over: true }])
  expect(await messagesOf(person.interactionId)).toMatchObject([
    { body: '', file: null, deletedAt: expect.any(String) },
  ])
  expect((await threadOf(person.interactionId)).interaction.preview).toBe('')
  expect((await tell(person, 'message.edited', { body: 'back again' })).body).toMatchObject({
    outcome: 'unchanged',
  })
  expect((await tell(person, 'message.reacted', { action: 'react', emoji: '👍' })).body).toMatchObject({
    outcome: 'unchanged',
  })
})

test('a file that another message holds too outlives a deletion', async () => {
  const { headers } = await server.makeKey(server.admin)
  const form = new FormData()
  form.set('file', new Blob(['x']), 'shared.txt')
  const upload = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body: form })
  const { id: AttachmentId } = (await upload.json()) as { id: number }
  const person = await write({ AttachmentId })
  await write({ AttachmentId })
  await tell(person, 'message.deleted')
  const { rows } = await pool.query('select expires_at from attachment where id = $1', [AttachmentId])
  expect(rows[0].expires_at).toBeNull()
})

test('a customer has one reaction to a message, and may take it back', async () => {
  const person = await write()
  const reactions = async () => (await messagesOf(person.interactionId))[0]?.reactions
  await tell(person, 'message.reacted', { action: 'react', emoji: '👍' })
  expect(await reactions()).toEqual(['👍'])
  await tell(person, 'message.reacted', { action: 'react', emoji: '❤️' })
  expect(await reactions()).toEqual(['❤️'])
  await tell(person, 'message.reacted', { action: 'unreact' })
  expect(await reactions()).toEqual([])
})

test('an answer is found by the id that the Reply URL gave it', async () => {
  const person = await write()
  const { body } = await server.call('POST /api/openchannel/messages', {
    body: { OpenchannelInteractionId: person.interactionId, body: 'Yes.' },
    as: { headers: (await server.makeKey(agent)).headers },
  })
  await pool.query(`update message set channel_id = 'out.1' where id = $1`, [body.id])
  await tell({ ...person, messageId: 'out.1' }, 'message.reacted', { action: 'react', emoji: '😀' })
  expect((await messagesOf(person.interactionId)).at(-1)).toMatchObject({ id: body.id, reactions: ['😀'] })
})

test('an answer written in the channel is shown as outgoing, is never delivered, and takes receipts', async () => {
  const person = await write()
  const sent = await tell({ ...person, messageId: 'echo.1' }, 'message.sent', { body: 'From the phone' })
  expect(sent.body).toMatchObject({ outcome: 'taken' })
  const messages = await messagesOf(person.interactionId)
  expect(messages.at(-1)).toMatchObject({
    direction: 'out',
    body: 'From the phone',
    elsewhere: true,
    status: 'sent',
    deliveryId: null,
  })
  expect((await threadOf(person.interactionId)).interaction).toMatchObject({
    preview: 'From the phone',
    lastDirection: 'out',
  })
  const { rows } = await pool.query('select 1 from delivery where interaction_id = $1', [
    person.interactionId,
  ])
  expect(rows).toEqual([])
  expect((await report(account, 'receipts', { messageId: 'echo.1', status: 'read' })).status).toBe(200)
  // Channels that report all that was sent report it under another event, too.
  const again = await tell({ ...person, messageId: 'echo.1' }, 'message.sent', { body: 'From the phone' })
  expect(again.body).toMatchObject({ outcome: 'unchanged', message: { id: messages.at(-1)?.id } })
  expect(await messagesOf(person.interactionId)).toHaveLength(2)
})

test('it may be a file, of the account and not too large for it', async () => {
  const { headers } = await server.makeKey(server.admin)
  const upload = async (text: string) => {
    const form = new FormData()
    form.set('file', new Blob([text]), 'offer.txt')
    const answer = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body: form })
    return ((await answer.json()) as { id: number }).id
  }
  const person = await write()
  const send = (data: object) => tell({ ...person, messageId: '' }, 'message.sent', data)
  expect((await send({ AttachmentId: await upload('x') })).body).toMatchObject({ outcome: 'taken' })
  expect((await messagesOf(person.interactionId)).at(-1)).toMatchObject({
    body: 'offer.txt',
    file: { name: 'offer.txt' },
  })
  expect(await send({ AttachmentId: 999_999 })).toMatchObject({
    status: 400,
    body: { code: 'OC-105', field: 'data.AttachmentId' },
  })
  expect(await send({})).toMatchObject({ status: 400, body: { code: 'OC-103', field: 'data.body' } })
  expect(await send({ body: 'Both', AttachmentId: String(await upload('y')) })).toMatchObject({ status: 200 })
})

test('what follows the end of a conversation belongs to the last one, which stays closed', async () => {
  const person = await write()
  await server.call('POST /api/openchannel/interactions/:id/close', {
    params: { id: person.interactionId },
    body: {},
  })
  const { body } = await tell({ ...person, messageId: 'late.1' }, 'message.sent', { body: 'One more thing' })
  expect(body).toMatchObject({ outcome: 'taken', interaction: { id: person.interactionId } })
  expect((await threadOf(person.interactionId)).interaction).toMatchObject({ state: 'closed' })
  expect((await tell({ ...person, from: 'nobody' }, 'message.sent', { body: 'x' })).body).toEqual({
    outcome: 'ignored',
    message: null,
    interaction: null,
  })
  expect((await tell(person, 'window', { until: null }, { threadId: 'other' })).body).toMatchObject({
    outcome: 'ignored',
  })
})

const hour = 3_600_000
const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString()

test('after the channel’s window an answer is refused, a note is not, and the customer’s next window opens it', async () => {
  const person = await write()
  const answer = async (body: object) => {
    const { status, body: answered } = await server.call('POST /api/openchannel/messages', {
      body: { OpenchannelInteractionId: person.interactionId, body: 'x', ...body },
      as: { headers: (await server.makeKey(agent)).headers },
    })
    return [status, answered.code]
  }
  await tell(person, 'window', { until: inHours(-1), humanAgentUntil: inHours(24) })
  expect((await threadOf(person.interactionId)).window).toEqual({
    until: expect.any(String),
    humanAgentUntil: expect.any(String),
  })
  expect(await answer({})).toEqual([201, undefined])
  await tell(person, 'window', { until: inHours(-24), humanAgentUntil: inHours(-1) })
  expect(await answer({})).toEqual([409, 'RE-105'])
  expect(await answer({ secret: true })).toEqual([201, undefined])
  await tell(person, 'window', { until: inHours(-1) })
  expect(await answer({})).toEqual([409, 'RE-105'])
  await tell(person, 'window', { until: Math.floor(Date.now() / 1000) + 3600 })
  expect(await answer({})).toEqual([201, undefined])
  await tell(person, 'window', { until: null })
  expect((await threadOf(person.interactionId)).window).toEqual({ until: null, humanAgentUntil: null })
})

test('all of it reaches an agent who looks, and what he fetches is the same', async () => {
  const person = await write()
  const there = createDesk(server, agent)
  await there.connect()
  await there.open(person.interactionId)
  const shown = () => there.state.threads.get(person.interactionId)
  await tell(person, 'message.edited', { body: 'Changed' })
  await tell(person, 'message.reacted', { action: 'react', emoji: '👍' })
  await tell({ ...person, messageId: 'echo.2' }, 'message.sent', { body: 'Elsewhere' })
  await tell({ ...person, messageId: 'echo.2' }, 'message.deleted')
  await tell(person, 'window', { until: inHours(5) })
  const { seq } = await threadOf(person.interactionId)
  await until(() => shown()?.seq === seq)
  const { interaction: _interaction, ...fetched } = await threadOf(person.interactionId)
  expect({ ...shown(), gap: undefined }).toEqual({ ...fetched, gap: undefined })
  expect(shown()?.items.flatMap(({ message }) => message ?? [])).toMatchObject([
    { body: 'Changed', reactions: ['👍'] },
    { body: '', elsewhere: true, deletedAt: expect.any(String) },
  ])
  await there.cut()
})

test('ten copies of an event at once, on two nodes, happen once', async () => {
  const person = await write()
  const other = await server.another()
  const url = new URL(account.receiveUrl.replace('/notify', '/events'))
  const body = {
    eventId: 'copies',
    type: 'message.sent',
    from: person.from,
    mapKey: person.mapKey,
    data: { body: 'Once' },
  }
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      post(new URL(url.pathname + url.search, n % 2 ? other.url : server.url), { body }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  const outcomes = answers.map((answer) => (answer.body as unknown as { outcome: string }).outcome)
  expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(9)
  expect(await messagesOf(person.interactionId)).toHaveLength(2)
})

test('an event that was refused may come again under its id', async () => {
  const person = await write()
  const event = { eventId: 'again', type: 'message.edited', from: person.from, mapKey: person.mapKey }
  const early = await report(account, 'events', { ...event, messageId: 'in.later', data: { body: 'New' } })
  expect(early).toMatchObject({ status: 404, body: { code: 'OC-116', field: 'messageId' } })
  await server.receive(account, { ...person, messageId: 'in.later', body: 'Old' })
  const late = await report(account, 'events', { ...event, messageId: 'in.later', data: { body: 'New' } })
  expect(late.body).toMatchObject({ outcome: 'taken' })
})

test('a message of another account is not known here', async () => {
  const person = await write()
  const foreign = await server.makeAccount()
  const { from, mapKey, messageId } = person
  const event = { eventId: 'f', type: 'message.deleted', from, mapKey, messageId }
  expect(await report(foreign, 'events', event)).toMatchObject({ status: 404 })
  expect(await messagesOf(person.interactionId)).toMatchObject([{ body: 'Hello', deletedAt: null }])
})

test('a type that this version does not know is answered and ignored', async () => {
  expect(await report(account, 'events', { type: 'message.pinned' })).toMatchObject({
    status: 200,
    body: { outcome: 'ignored' },
  })
})

const wrong: [name: string, change: object, code: string, field: string][] = [
  ['no type', { type: undefined }, 'OC-103', 'type'],
  ['no eventId', { eventId: undefined }, 'OC-103', 'eventId'],
  ['an eventId too long for an index', { eventId: 'x'.repeat(513) }, 'OC-113', 'eventId'],
  ['no messageId where one is needed', { messageId: undefined }, 'OC-103', 'messageId'],
  ['nobody', { from: undefined }, 'OC-103', 'from'],
  ['a mapKey that is none', { mapKey: 'telephone' }, 'OC-104', 'mapKey'],
  ['data that is a list', { data: [] }, 'OC-113', 'data'],
  ['an edit without a text', { data: {} }, 'OC-103', 'data.body'],
  ['an unknown action', { type: 'message.reacted', data: { action: 'x' } }, 'OC-113', 'data.action'],
  [
    'a reaction without an emoji',
    { type: 'message.reacted', data: { action: 'react' } },
    'OC-103',
    'data.emoji',
  ],
  ['a window without an end', { type: 'window', data: {} }, 'OC-103', 'data.until'],
  ['a window with an odd end', { type: 'window', data: { until: 'soon' } }, 'OC-113', 'data.until'],
]
for (const [name, change, code, field] of wrong)
  test(`an event with ${name} is refused, naming the field`, async () => {
    const event = {
      eventId: `w${++events}`,
      type: 'message.edited',
      from: 'a',
      mapKey: 'phone',
      messageId: 'm',
    }
    expect(await report(account, 'events', { ...event, data: { body: 'x' }, ...change })).toMatchObject({
      status: 400,
      body: { code, field },
    })
  })
