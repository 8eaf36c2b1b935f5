// What a channel reports at the siblings of the Receive URL, seen from outside: receipts and a customer who types.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  eventually,
  makeAccount,
  makeKey,
  type OwnAccount,
  type Posted,
  post,
  type Service,
  send,
  startService,
} from './service.ts'

let program: Program
let service: Service
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  service = await startService()
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api, { replyUrl: service.replyUrl })
})

afterAll(async () => {
  await program?.stop()
  await service?.stop()
  await removeFolder?.()
})

const report = (name: string, body: unknown): Promise<Posted> =>
  post(account.receiveUrl.replace('/notify', `/${name}`), body)

/** An answer that the service took under this id. */
async function answered(channelId: string): Promise<{ id: number; interactionId: number }> {
  const accepted = await send(account.receiveUrl, { from: channelId, body: 'Hello', mapKey: 'facebook' })
  service.answers.push({ status: 200, body: { id: channelId } })
  const { id } = await api.send<{ id: number }>('POST', '/api/openchannel/messages', {
    OpenchannelInteractionId: accepted.interaction.id,
    body: 'Your order left today.',
  })
  await service.callsFor(accepted.interaction.id, 1)
  return { id, interactionId: accepted.interaction.id }
}

interface Row {
  id: number
  status: string
  statusReason: string | null
}

const rowOf = async (interactionId: number, id: number): Promise<Row | undefined> => {
  const path = `/api/openchannel/interactions/${interactionId}/messages`
  const { rows } = await api.get<{ rows: Row[] }>(path)
  return rows.find((row) => row.id === id)
}

test('a receipt finds the answer by either id, moves it forward only, and clients read where it stands', async () => {
  const { id, interactionId } = await answered('mid.1')
  expect(await report('receipts', { messageId: 'mid.1', status: 'read' })).toMatchObject({
    status: 200,
    body: { message: { id, status: 'read' } },
  })
  expect(await report('receipts', { id, status: 'delivered' })).toMatchObject({
    status: 200,
    body: { message: { id, status: 'read' } },
  })
  expect(await rowOf(interactionId, id)).toMatchObject({ status: 'read', statusReason: null })
})

test('a failure after sent stands at the answer with the reason of the channel', async () => {
  const { id, interactionId } = await answered('mid.2')
  await eventually(
    async () => ((await rowOf(interactionId, id))?.status === 'sent' ? true : undefined),
    'the answer to be sent',
  )
  await report('receipts', { id, status: 'failed', reason: 'The customer blocked the page.' })
  expect(await rowOf(interactionId, id)).toMatchObject({
    status: 'failed',
    statusReason: 'The customer blocked the page.',
  })
})

test('a key with the scope notify may report as well, a cookie or nothing never', async () => {
  const { id } = await answered('mid.3')
  const bare = `${program.origin}/api/openchannel/accounts/${account.id}`
  const { key } = await makeKey(api, ['notify'])
  for (const [path, body] of [
    ['receipts', { id, status: 'read' }],
    ['typing', { from: 'mid.3', mapKey: 'facebook' }],
  ] as const) {
    expect((await post(`${bare}/${path}?apikey=${key}`, body)).status).toBe(200)
    expect(await post(`${bare}/${path}`, body)).toMatchObject({ status: 401, body: { code: 'OC-102' } })
    expect(await post(`${bare}/${path}?token=${account.token}x`, body)).toMatchObject({ status: 401 })
  }
})

test('what happened in the channel is read by clients as it is now, and one event counts once', async () => {
  const person = { from: 'ev.1', mapKey: 'facebook' }
  const accepted = await send(account.receiveUrl, { ...person, body: 'Helo', messageId: 'in.1' })
  const edit = {
    ...person,
    eventId: 'edit.1',
    type: 'message.edited',
    messageId: 'in.1',
    data: { body: 'Hello' },
  }
  expect(await report('events', edit)).toMatchObject({ status: 200, body: { outcome: 'taken' } })
  const other = { ...edit, data: { body: 'Something else' } }
  expect(await report('events', other)).toMatchObject({ status: 200, body: { outcome: 'repeated' } })
  const sent = { ...person, eventId: 'sent.1', type: 'message.sent', data: { body: 'By phone' } }
  expect(await report('events', sent)).toMatchObject({ status: 200, body: { outcome: 'taken' } })
  const path = `/api/openchannel/interactions/${accepted.interaction.id}/messages`
  expect((await api.get<{ rows: object[] }>(path)).rows).toMatchObject([
    { direction: 'in', body: 'Hello' },
    { direction: 'out', body: 'By phone', status: 'sent' },
  ])
  const gone = { ...edit, eventId: 'gone.1', type: 'message.deleted' }
  expect(await report('events', gone)).toMatchObject({ status: 200, body: { outcome: 'taken' } })
  expect(JSON.stringify(await api.get(path))).not.toContain('Hello')
  expect(service.calls.some(({ text }) => text.includes('By phone'))).toBe(false)
  expect(await report('events', { type: 'something.new' })).toMatchObject({
    status: 200,
    body: { outcome: 'ignored' },
  })
})

test('after its window an answer is refused with a code, by every client', async () => {
  const person = { from: 'ev.2', mapKey: 'facebook' }
  const accepted = await send(account.receiveUrl, { ...person, body: 'Hello' })
  const until = new Date(Date.now() - 1000).toISOString()
  await report('events', { ...person, eventId: 'w.1', type: 'window', data: { until } })
  const answer = { OpenchannelInteractionId: accepted.interaction.id, body: 'Too late' }
  const { key } = await makeKey(api)
  const authorization = { authorization: `Bearer ${key}` }
  const url = `${program.origin}/api/openchannel/messages`
  expect(await post(url, answer, authorization)).toMatchObject({ status: 409, body: { code: 'RE-105' } })
  expect((await post(url, { ...answer, secret: true }, authorization)).status).toBe(201)
  await report('events', { ...person, eventId: 'w.2', type: 'window', data: { until: null } })
  expect((await post(url, answer, authorization)).status).toBe(201)
})

test('nothing that a channel writes there is a mistake of ours', async () => {
  const odd = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"id":1e400}',
    '{"status":{}}',
    '{"from":[],"mapKey":{}}',
    '{"type":"window"}',
  ]
  for (const name of ['receipts', 'typing', 'events'])
    for (const text of [
      ...odd,
      `{"from":"\\u0000","mapKey":"phone","messageId":"\\ud800","status":"read"}`,
    ]) {
      const { status, body } = await report(name, text)
      expect([name, text, status < 500]).toEqual([name, text, true])
      if (status !== 200) expect(body.code).toMatch(/^OC-\d{3}$/)
    }
})
