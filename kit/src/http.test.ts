// Every error over HTTP is a problem document; limits hold; secrets stay out of the log; nothing accepted is lost at the end.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createHttp, type Http } from './http.ts'
import { createLog } from './log.ts'
import { Refusal } from './refusal.ts'

const lines: string[] = []
const opened: Http[] = []
afterAll(() => Promise.all(opened.map((app) => app.close())))
beforeEach(() => {
  lines.length = 0
})

async function serve(add: (app: Http) => void): Promise<{ app: Http; base: string; port: number }> {
  const log = createLog({ program: 'test', level: 'debug', write: (line) => lines.push(line) })
  const app = createHttp({ log, trustedProxies: ['127.0.0.1'] })
  opened.push(app)
  add(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const base = app.listeningOrigin
  return { app, base, port: Number(new URL(base).port) }
}

const { base, port } = await serve((app) => {
  const body = Type.Object({
    name: Type.String({ maxLength: 5 }),
    role: Type.Optional(Type.Enum(['admin', 'agent'])),
  })
  app.post('/checked', { schema: { body } }, async ({ body }) => body)
  app.post('/echo', async ({ body }) => ({ body }))
  app.get('/query', async ({ query }) => query)
  app.get('/item/:id', async ({ params }) => params)
  app.get('/refuse', async () => {
    throw new Refusal('OC-109', 'Too fast.', {
      retryAfterSeconds: 0.2,
      field: 'from',
      allowed: ['a'],
      extra: { limit: 3 },
    })
  })
  app.get('/bug', async () => {
    throw new Error('cannot reach postgresql://user:hunter2@db, ?token=abc')
  })
  app.get('/ip', async ({ ip, protocol }) => ({ ip, protocol }))
  app.post('/slow', async () => {
    await sleep(150)
    return { done: true }
  })
})

const post = (path: string, body: string, type = 'application/json'): Promise<Response> =>
  fetch(base + path, { method: 'POST', body, headers: { 'content-type': type } })

async function problem(answer: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const document = (await response.json()) as Record<string, unknown>
  expect(document.status).toBe(response.status)
  return document
}

/** Speaks raw HTTP; answers what came back until the server closed or `forMs` passed. */
function speak(text: string | Buffer, forMs = 2_000): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    setTimeout(() => socket.destroy(), forMs).unref()
  })
}

test('a refusal becomes its problem document with its headers', async () => {
  const response = await fetch(`${base}/refuse`)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await response.json()).toEqual({
    type: '/docs/errors#OC-109',
    title: 'Too fast',
    status: 429,
    code: 'OC-109',
    detail: 'Too fast.',
    field: 'from',
    allowed: ['a'],
    limit: 3,
  })
})

test('a mistake of ours tells an id and nothing else; the log has the rest under that id, without secrets', async () => {
  const document = await problem(fetch(`${base}/bug?apikey=pbk_123`))
  expect(document).toMatchObject({ status: 500, code: 'GE-110' })
  expect(JSON.stringify(document)).not.toMatch(/postgresql|token/)
  const line = lines.find((text) => text.includes(String(document.id)))
  expect(line).toContain('cannot reach postgresql')
  expect(lines.join()).not.toMatch(/abc|pbk_123/)
})

test.each([
  ['a missing field', { role: 'admin' }, { code: 'GE-101', field: 'name', detail: 'name is missing.' }],
  ['a wrong type', { name: { a: 1 } }, { code: 'GE-101', field: 'name' }],
  [
    'a value outside an enum',
    { name: 'x', role: 'boss' },
    { code: 'GE-101', field: 'role', allowed: ['admin', 'agent'] },
  ],
  ['a long value', { name: 'abcdef' }, { code: 'GE-101', field: 'name' }],
])('%s is a 400 that names the field', async (_what, body, expected) => {
  expect(await problem(post('/checked', JSON.stringify(body)))).toMatchObject({ status: 400, ...expected })
})

test.each([
  ['broken JSON', () => post('/echo', '{"a":'), 400, 'GE-108'],
  ['no body', () => post('/echo', ''), 400, 'GE-108'],
  ['deep JSON', () => post('/echo', '['.repeat(40) + ']'.repeat(40)), 400, 'GE-108'],
  [
    'a body above 256 KiB',
    () => post('/echo', JSON.stringify(Array.from({ length: 9 }, () => 'x'.repeat(30_000)))),
    413,
    'GE-106',
  ],
  ['another content type', () => post('/echo', 'a=1', 'text/plain'), 415, 'GE-107'],
  ['a path without a route', () => fetch(`${base}/nowhere?token=abc`), 404, 'GE-105'],
  ['a path that is no text', () => fetch(`${base}/%ff`), 404, 'GE-105'],
  ['a path parameter above 1 KiB', () => fetch(`${base}/item/${'x'.repeat(2_000)}`), 404, 'GE-105'],
  ['another method', () => fetch(`${base}/echo`, { method: 'DELETE' }), 404, 'GE-105'],
])('%s is a problem', async (_what, call, status, code) => {
  const document = await problem(call())
  expect(document).toMatchObject({ status, code })
  expect(JSON.stringify(document)).not.toContain('abc')
})

test('a body just below 256 KiB is taken', async () => {
  const value = Array.from({ length: 4 }, () => 'x'.repeat(64 * 1024 - 10))
  expect((await post('/echo', JSON.stringify(value))).status).toBe(200)
})

test('a chunked body without a length is measured while it comes', async () => {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const answer = await speak(
    `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(5)}`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 413 /)
})

test('a query of 8 KiB is taken', async () => {
  const value = 'x'.repeat(8_192)
  expect(await (await fetch(`${base}/query?q=${value}`)).json()).toEqual({ q: value })
})

test.each([
  ['headers above 16 KiB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`, '431', 'GE-111'],
  ['nonsense', 'HELLO\r\n\r\n', '400', 'GE-113'],
  [
    'two lengths',
    'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    '400',
    'GE-113',
  ],
  [
    'a length and chunks',
    'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
    'GE-113',
  ],
])('%s get a problem and a closed connection', async (_what, text, status, code) => {
  const answer = await speak(text)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toContain(`"code":"${code}"`)
})

test('answers carry the security headers', async () => {
  const { headers } = await fetch(`${base}/ip`)
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
  expect(headers.has('x-powered-by')).toBe(false)
  expect(headers.has('access-control-allow-origin')).toBe(false)
})

test('only a trusted proxy is believed about the client', async () => {
  const headers = { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'https' }
  expect(await (await fetch(`${base}/ip`, { headers })).json()).toEqual({ ip: '9.9.9.9', protocol: 'https' })
  const direct = createHttp({ log: createLog({ program: 'test', level: 'silent' }) })
  direct.get('/ip', async ({ ip }) => ({ ip }))
  expect((await direct.inject({ url: '/ip', headers })).json()).toEqual({ ip: '127.0.0.1' })
})

test('no token, key, cookie or password reaches the log', async () => {
  const secrets = ['t0ken', 'k3y', 'b4sic', 'c00kie', 'p4ss']
  await fetch(`${base}/query?token=t0ken&x=1&apikey=k3y`, {
    headers: { authorization: 'Basic b4sic', cookie: 'patchbay_server=c00kie' },
  })
  await post('/echo', JSON.stringify({ password: 'p4ss' }))
  expect(lines.join()).toContain('/query?token=[secret]&x=1&apikey=[secret]')
  for (const secret of secrets) expect(lines.join()).not.toContain(secret)
})

test('at the end accepted requests are finished, idle connections closed, and new ones refused', async () => {
  const ending = await serve((app) => {
    app.post('/slow', async () => {
      await sleep(200)
      return { done: true }
    })
  })
  const idle = connect(ending.port, '127.0.0.1')
  const idleClosed = new Promise((resolve) => idle.on('close', resolve))
  await sleep(50)
  const accepted = fetch(`${ending.base}/slow`, { method: 'POST' })
  await sleep(50)
  const before = performance.now()
  const closing = ending.app.close()
  const answer = await accepted
  expect(await answer.json()).toEqual({ done: true })
  await closing
  await idleClosed
  // Well before the connections that remain are cut.
  expect(performance.now() - before).toBeLessThan(4_000)
  await expect(fetch(`${ending.base}/slow`, { method: 'POST' })).rejects.toThrow()
})
