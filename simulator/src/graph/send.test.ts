/** The Send API: what goes out, what is refused and how, and what subscribers hear of it. */
import { beforeAll, expect, test } from 'vitest'
import { connected, ids, type Json } from '../testing.ts'

let box: Awaited<ReturnType<typeof connected>>
let psid: string
beforeAll(async () => {
  box = await connected()
  psid = (await box.write('Hello')).psid
})
const day = 86_400_000
const send = (given: object) => box.send({ recipient: { id: psid }, messaging_type: 'RESPONSE', ...given })
const text = (content: string, given: object = {}) => send({ message: { text: content }, ...given })
const refusal = async (sending: Promise<{ status: number; body: Json }>) => {
  const { status, body } = await sending
  expect(status).toBe(400)
  return body.error
}
/** Multipart as clients write it; a part's type may be left out. */
const upload = (path: string, fields: Record<string, string>, file: { name: string; type?: string }) => {
  const mark = 'a-mark-between-parts'
  const lines = Object.entries(fields).map(
    ([name, value]) => `--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const type = file.type === undefined ? '' : `Content-Type: ${file.type}\r\n`
  const head = `--${mark}\r\nContent-Disposition: form-data; name="filedata"; filename="${file.name}"\r\n${type}\r\n`
  return fetch(`${box.origin}/v26.0/${path}?access_token=${box.token}`, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${mark}` },
    body: `${lines.join('')}${head}the bytes\r\n--${mark}--\r\n`,
  })
}

test('an answer goes out, and its echo, delivery and, once it is read, reading are heard', async () => {
  const answer = await send({ message: { text: 'Good morning', metadata: 'our id 7' } })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ recipient_id: psid, message_id: expect.stringMatching(/^m_/) })
  await box.control('customer/read', box.customer)
  await box.settle()
  const mid = answer.body.message_id
  const echo = box.subscriber.events().find(({ message }) => message?.mid === mid)
  expect(echo).toMatchObject({
    sender: { id: ids.bikes },
    recipient: { id: psid },
    message: { is_echo: true, app_id: Number(box.app.id), metadata: 'our id 7', text: 'Good morning' },
  })
  const delivery = box.subscriber.events().find((event) => event.delivery?.mids?.includes(mid))
  expect(delivery.delivery.watermark).toBe(echo.timestamp)
  expect(delivery.sender.id).toBe(psid)
  const read = box.subscriber.events().find((event) => event.read?.watermark >= echo.timestamp)
  expect(read.sender.id).toBe(psid)
})

test('the recipient may come as form text, also in the quotes of the samples', async () => {
  const answer = await fetch(`${box.origin}/me/messages`, {
    method: 'POST',
    body: new URLSearchParams({
      access_token: box.token,
      recipient: `{'id':'${psid}'}`,
      message: '{"text":"form"}',
    }),
  })
  expect(answer.status).toBe(200)
})

test.each([
  ['nobody the page knows', () => text('x', { recipient: { id: '1234567890123456' } }), 100, 2018001],
  ['an empty message', () => send({ message: {} }), 100, 2018034],
  ['no message at all', () => send({}), 100, 2018034],
  [
    'a text with a file',
    () => send({ message: { text: 'a', attachment: { type: 'image', payload: { url: 'http://x/' } } } }),
    100,
    undefined,
  ],
  ['several attachments', () => send({ message: { attachment: [] } }), 100, undefined],
  ['a text of 2000 characters', () => text('ä'.repeat(2000)), 100, undefined],
  ['an action beside a message', () => text('x', { sender_action: 'typing_on' }), 100, 2018014],
  [
    'a retired tag',
    () => text('x', { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' }),
    100,
    undefined,
  ],
  ['an unknown type', () => text('x', { messaging_type: 'CHAT' }), 100, undefined],
  [
    'a file nobody can fetch',
    () => send({ message: { attachment: { type: 'image', payload: { url: 'http://127.0.0.1:1/a.png' } } } }),
    100,
    2018008,
  ],
  [
    'an upload of somebody else',
    () => send({ message: { attachment: { type: 'image', payload: { attachment_id: '1' } } } }),
    100,
    2018074,
  ],
] as const)('refused is %s', async (_what, sending, code, subcode) => {
  const error = await refusal(sending())
  expect(error).toMatchObject({ code, message: expect.any(String), fbtrace_id: expect.any(String) })
  expect(error.error_subcode).toBe(subcode)
})

test('1999 characters fit', async () => {
  expect((await text('ä'.repeat(1999))).status).toBe(200)
})

test('signals are answered without a message', async () => {
  for (const sender_action of ['typing_on', 'typing_off', 'mark_seen'])
    expect((await send({ sender_action })).body).toEqual({ recipient_id: psid })
})

test('a file comes by multipart, reaches the customer, and is echoed by its address alone', async () => {
  const message = JSON.stringify({ attachment: { type: 'file', payload: {} } })
  const fields = { recipient: JSON.stringify({ id: psid }), message, messaging_type: 'RESPONSE' }
  const answer = await upload(`${ids.bikes}/messages`, fields, {
    name: 'offer 7.pdf',
    type: 'application/pdf',
  })
  const { message_id } = JSON.parse(await answer.text())
  await box.settle()
  const echo = box.subscriber.events().find((event) => event.message?.mid === message_id)
  const [attachment] = echo.message.attachments
  expect(attachment).toEqual({
    type: 'file',
    payload: { url: expect.stringContaining('/offer%207.pdf?'), attachment_id: expect.any(Number) },
  })
  const file = await fetch(attachment.payload.url)
  expect(file.headers.get('content-type')).toBe('application/pdf')
  expect(await file.text()).toBe('the bytes')
})

test.each([
  ['without a type', { name: 'a.png' }, 'image', 2018047],
  ['of another kind', { name: 'a.txt', type: 'text/plain' }, 'image', 2018047],
] as const)('a file %s is refused', async (_what, file, type, subcode) => {
  const message = JSON.stringify({ attachment: { type, payload: {} } })
  const answer = await upload('me/messages', { recipient: JSON.stringify({ id: psid }), message }, file)
  expect(answer.status).toBe(400)
  expect(JSON.parse(await answer.text()).error).toMatchObject({ code: 100, error_subcode: subcode })
})

test('an upload is used again for 90 days', async () => {
  const message = JSON.stringify({ attachment: { type: 'image', payload: { is_reusable: true } } })
  const answer = await upload('me/message_attachments', { message }, { name: 'a.png', type: 'image/png' })
  const { attachment_id } = JSON.parse(await answer.text())
  expect(attachment_id).toMatch(/^\d{16}$/)
  const again = () => send({ message: { attachment: { type: 'image', payload: { attachment_id } } } })
  expect((await again()).status).toBe(200)
  const own = await connected()
  const stranger = await own.write('Hello')
  const foreign = own.send({
    recipient: { id: stranger.psid },
    message: { attachment: { type: 'image', payload: { attachment_id } } },
  })
  expect((await foreign).body.error).toMatchObject({ error_subcode: 2018074 })
})

test('the window is 24 hours, for a human agent seven days, and opens again', async () => {
  const own = await connected()
  const said = await own.write('Hello')
  const reply = (given: object = {}) =>
    own.send({ recipient: { id: said.psid }, message: { text: 'late' }, ...given })
  const human = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
  await own.control('clock/advance', { ms: day - 60_000 })
  expect((await reply()).status).toBe(200)
  await own.control('clock/advance', { ms: 120_000 })
  expect((await reply()).body.error).toMatchObject({
    code: 10,
    error_subcode: 2018278,
    type: 'OAuthException',
  })
  expect((await reply(human)).status).toBe(200)
  await own.control('world/app', { id: own.app.id, hasHumanAgent: false })
  expect((await reply(human)).body.error).toMatchObject({ code: 200 })
  await own.control('world/app', { id: own.app.id, hasHumanAgent: true })
  await own.control('clock/advance', { ms: 6 * day })
  expect((await reply(human)).body.error).toMatchObject({ code: 10, error_subcode: 2018278 })
  const mid = said.mid
  await own.control('customer/react', { ...own.customer, mid, emoji: '👍' })
  expect((await reply()).status).toBe(200)
})

test('a blocked page, a thread of another app, and a removed permission or task each have their refusal', async () => {
  const own = await connected()
  const { psid: id } = await own.write('Hello')
  const reply = async () => (await own.send({ recipient: { id }, message: { text: 'x' } })).body.error
  await own.control('world/block', { ...own.customer, isBlocked: true })
  expect(await reply()).toMatchObject({ code: 551, error_subcode: 1545041 })
  await own.control('world/block', { ...own.customer, isBlocked: false })

  await own.control('admin/take-thread', { ...own.customer, app: '263902037430900' })
  expect(await reply()).toMatchObject({ error_subcode: 2018300 })
  await own.write('Anybody there?')
  const standby = own.subscriber.taken.at(-1)?.body.entry[0]
  expect(standby.standby[0].message.text).toBe('Anybody there?')
  expect(standby.messaging).toBeUndefined()
  await own.control('admin/take-thread', own.customer)
  expect(await reply()).toBeUndefined()

  const grant = { app: own.app.id, person: ids.anna, permission: 'pages_messaging' }
  await own.control('world/permission', { ...grant, status: 'removed' })
  expect(await reply()).toMatchObject({ code: 200 })
  await own.control('world/permission', { ...grant, status: 'granted' })
  await own.control('world/role', { person: ids.anna, page: ids.bikes, tasks: ['MODERATE'] })
  expect(await reply()).toMatchObject({ code: 200 })
})

test('an answer from the inbox is echoed as that of the inbox', async () => {
  const { mid } = await box.control('admin/answer', { ...box.customer, text: 'From the inbox' })
  await box.settle()
  const echo = box.subscriber.events().find(({ message }) => message?.mid === mid)
  expect(echo.message).toMatchObject({ is_echo: true, app_id: 26390203743090, text: 'From the inbox' })
  expect(echo.message.metadata).toBeUndefined()
})

test('reactions, edits, unsent messages and taps are events of their own', async () => {
  const { mid } = await box.write('Helo')
  await box.control('customer/edit', { ...box.customer, mid, text: 'Hello' })
  await box.control('customer/react', { ...box.customer, mid, emoji: '😢' })
  await box.control('customer/react', { ...box.customer, mid })
  await box.control('customer/tap', { ...box.customer, title: 'Get Started', payload: 'START' })
  await box.control('customer/unsend', { ...box.customer, mid })
  await box.settle()
  const bodies = box.subscriber
    .events()
    .slice(-5)
    .map(({ sender: _s, recipient: _r, timestamp: _t, ...body }) => body)
  expect(bodies).toEqual([
    { message_edit: { mid, text: 'Hello', num_edit: 1 } },
    { reaction: { mid, action: 'react', emoji: '😢', reaction: 'sad' } },
    { reaction: { mid, action: 'unreact' } },
    { postback: { mid: expect.any(String), title: 'Get Started', payload: 'START' } },
    { message: { mid, is_deleted: true } },
  ])
})
