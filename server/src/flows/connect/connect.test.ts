import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'

const server = await startTestServer()
const { call } = server

let respond: (request: IncomingMessage, response: ServerResponse, body: string) => void = () => {}
const service = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  respond(request, response, body)
})
await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
afterAll(() => new Promise((closed) => service.close(closed)))
const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`

async function make(fields: object = {}) {
  const { body } = await call('POST /api/openchannel/accounts', { body: { name: 'Shop', ...fields } })
  return body
}

async function tryReply(id: number, body: { replyUrl?: string } = {}, on = server) {
  const answer = await on.call('POST /api/openchannel/accounts/:id/try-reply', { params: { id }, body })
  expect(answer.status).toBe(200)
  return answer.body
}

test('a sample message reaches its interaction over HTTP', async () => {
  const { id, token = '' } = await make()
  const send = () =>
    call('POST /api/openchannel/accounts/:id/try-receive', {
      params: { id },
      body: { from: '+39055', body: 'Hi' },
    })
  const first = await send()
  expect(first.body).toMatchObject({ status: 200, interactionId: expect.any(Number) })
  expect(JSON.parse(first.body.body)).toMatchObject({ interaction: { id: first.body.interactionId } })
  expect((await send()).body.interactionId).toBe(first.body.interactionId)
  expect(JSON.stringify(first.body)).not.toContain(token)
})

test('a sample answer arrives signed and whole, and its answer is shown', async () => {
  const { id, uid } = await make({ replyUrl: `${origin}/reply` })
  const { body: key } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id },
    body: { rotate: true },
  })
  let got: unknown
  let headers: IncomingMessage['headers'] = {}
  respond = (request, response, body) => {
    headers = request.headers
    got = new Webhook(key.secret).verify(body, request.headers as Record<string, string>)
    response.end('{"id":"m1"}')
  }
  const answer = await tryReply(id)
  expect(answer).toMatchObject({ ok: true, status: 200, diagnosis: 'ok', body: '{"id":"m1"}' })
  expect(got).toMatchObject({
    body: expect.any(String),
    OpenchannelAccountId: id,
    OpenchannelAccountUid: uid,
    UserId: server.admin.id,
    Contact: { firstName: 'Test', facebook: null, tags: [] },
  })
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-attempt': '1' })
  expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2)
})

test.each([
  [302, 'redirect'],
  [401, 'auth'],
  [403, 'auth'],
  [404, 'not-found'],
  [410, 'not-found'],
  [422, 'client-error'],
  [429, 'client-error'],
  [500, 'server-error'],
  [503, 'server-error'],
])('an answer of %i is diagnosed as %s, with words', async (status, diagnosis) => {
  const { id } = await make()
  respond = (_request, response) => response.writeHead(status, { location: '/elsewhere' }).end('why')
  const answer = await tryReply(id, { replyUrl: origin })
  expect(answer).toMatchObject({ ok: false, status, diagnosis, body: 'why' })
  expect(answer.detail).toContain(String(status))
})

test('what goes wrong before an answer is diagnosed as well', async () => {
  const { id } = await make()
  const closed = createServer()
  await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening))
  const { port } = closed.address() as AddressInfo
  await new Promise((done) => closed.close(done))
  respond = (request) => request.socket.destroy()
  const cases: [string | undefined, string][] = [
    [undefined, 'no-reply-url'],
    ['', 'no-reply-url'],
    ['ftp://example.com', 'bad-url'],
    ['nonsense', 'bad-url'],
    ['http://user:pass@example.com', 'bad-url'],
    [`http://127.0.0.1:${port}/`, 'refused'],
    ['http://10.0.0.1/', 'blocked-address'],
    ['http://169.254.169.254/latest', 'blocked-address'],
    [origin.replace('http', 'https'), 'tls'],
    [origin, 'reset'],
  ]
  for (const [replyUrl, diagnosis] of cases) {
    const answer = await tryReply(id, replyUrl === undefined ? {} : { replyUrl })
    expect(answer, replyUrl).toMatchObject({ ok: false, status: null, diagnosis })
    expect(answer.detail.length, replyUrl).toBeGreaterThan(10)
  }
})

test('a secret that the receiver repeats is not shown, wherever it stands', async () => {
  const { id } = await make()
  const { body: key } = await call('POST /api/openchannel/accounts/:id/secret', { params: { id }, body: {} })
  respond = (request, response) => {
    const signature = String(request.headers['webhook-signature'])
    response.writeHead(200, { 'set-cookie': 'a=canary', 'x-echo': signature, 'x-secret': key.secret })
    response.end(`${key.secret} ${signature}`)
  }
  const answer = await tryReply(id, { replyUrl: `${origin}/?key=canary-key` })
  expect(answer.body).toBe('[secret] [secret]')
  expect(answer.headers).toMatchObject({
    'set-cookie': '[secret]',
    'x-echo': '[secret]',
    'x-secret': '[secret]',
  })
  expect(JSON.stringify(answer)).not.toMatch(/canary|whsec_|v1,/)
})

test('the trial shows what was sent, what came back and how long each step took', async () => {
  const { id } = await make()
  let sent = ''
  respond = (_request, response, body) => {
    sent = body
    response.writeHead(202, { 'x-request-id': '7' }).end('taken')
  }
  const answer = await tryReply(id, { replyUrl: origin.replace('127.0.0.1', 'localhost') })
  expect(answer).toMatchObject({
    ok: true,
    status: 202,
    body: 'taken',
    headers: { 'x-request-id': '7' },
    request: { body: sent, headers: { 'x-attempt': '1', 'webhook-signature': '[secret]' } },
    timing: {
      dnsMs: expect.any(Number),
      connectMs: expect.any(Number),
      tlsMs: null,
      firstByteMs: expect.any(Number),
    },
  })
  expect(answer.request.headers['webhook-id']).toMatch(/^test_/)
})

test('a receiver that misbehaves after its status is judged by the status', async () => {
  const { id } = await make()
  respond = (_request, response) => {
    response.writeHead(500, { 'content-length': '1000' }).write('half', () => response.destroy())
  }
  expect(await tryReply(id, { replyUrl: origin })).toMatchObject({
    ok: false,
    status: 500,
    diagnosis: 'server-error',
  })
  respond = (_request, response) => response.end('x'.repeat(300_000))
  const long = await tryReply(id, { replyUrl: origin })
  expect(long).toMatchObject({ ok: true, status: 200 })
  expect(long.body.length).toBe(4096)
  respond = (request) => request.socket.end('SSH-2.0-OpenSSH_9.9\r\n')
  expect(await tryReply(id, { replyUrl: origin })).toMatchObject({
    ok: false,
    status: null,
    diagnosis: 'protocol',
  })
})

test('only admins may try the addresses of an account', async () => {
  const { id } = await make()
  const as = await server.makeUser('supervisor')
  const body = { from: '1', body: 'x' }
  expect(
    await call('POST /api/openchannel/accounts/:id/try-receive', { as, params: { id }, body }),
  ).toMatchObject({ status: 403 })
  expect(
    await call('POST /api/openchannel/accounts/:id/try-reply', { as, params: { id }, body: {} }),
  ).toMatchObject({ status: 403 })
})
