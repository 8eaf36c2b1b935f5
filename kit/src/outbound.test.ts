// What the guarded door does with receivers of every kind.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { DoorError } from './door-error.ts'
import { createDoor } from './outbound.ts'
import { parseOutboundAllow } from './outbound-policy.ts'

const where = { host: '127.0.0.1', publicUrl: 'http://localhost' }
const allow = parseOutboundAllow(undefined, where)
const door = createDoor({ allow, resolve: async () => ['127.0.0.1'] })
const closers: (() => void)[] = [() => door.close()]
afterAll(() => {
  for (const close of closers) close()
})

async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://receiver.example:${(server.address() as AddressInfo).port}`
}

async function tcpReceiver(listener: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    listener(socket)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let body = ''
  for await (const chunk of request) body += chunk
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
}

const failure = (promise: Promise<unknown>): Promise<DoorError> =>
  promise.then(
    () => {
      throw new Error('the call succeeded')
    },
    (error: DoorError) => error,
  )

test('a POST arrives with its headers, its body and the name as Host', async () => {
  const base = await receiver(echo)
  const answer = await door.request({
    method: 'POST',
    url: `${base}/reply?x=1`,
    headers: { 'content-type': 'application/json', 'x-attempt': '2' },
    body: '{"id":1}',
  })
  const seen = JSON.parse(answer.body.toString())
  expect(seen).toMatchObject({ method: 'POST', url: '/reply?x=1', body: '{"id":1}' })
  expect(seen.headers).toMatchObject({
    host: new URL(base).host,
    'x-attempt': '2',
    'accept-encoding': 'identity',
  })
  expect(answer).toMatchObject({ status: 200, truncated: false, remoteAddress: '127.0.0.1' })
  expect(answer.headers['content-type']).toBe('application/json')
})

test('a second call to the same place travels on the same connection and costs no connecting', async () => {
  const ports = new Set<number | undefined>()
  const base = await receiver((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('ok')
  })
  const first = await door.request({ method: 'GET', url: base })
  const second = await door.request({ method: 'GET', url: base })
  expect(first.timing.connectMs).toBeGreaterThan(0)
  expect(second.timing).toMatchObject({ dnsMs: 0, connectMs: 0, tlsMs: 0 })
  expect(ports.size).toBe(1)
})

test('a redirect is answered as it is and not followed', async () => {
  let calls = 0
  const base = await receiver((_request, response) => {
    calls++
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  expect((await door.request({ method: 'POST', url: base, body: 'x' })).status).toBe(302)
  expect(calls).toBe(1)
})

test('of an endless body 64 KiB are read', async () => {
  const base = await receiver((_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(16_384, 120)) && !response.destroyed);
      response.once('drain', more)
    }
    more()
  })
  const answer = await door.request({ method: 'GET', url: base })
  expect(answer).toMatchObject({ status: 200, truncated: true })
  expect(answer.body.length).toBe(65_536)
})

test('a compressed body stays compressed', async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000))
  const base = await receiver((_request, response) =>
    response.setHeader('content-encoding', 'gzip').end(bomb),
  )
  const answer = await door.request({ method: 'GET', url: base })
  expect(answer.body.equals(bomb)).toBe(true)
})

test('a receiver that never answers is given up after the time in all', async () => {
  const base = await receiver(() => {})
  const error = await failure(door.request({ method: 'GET', url: base, timeoutMs: 100 }))
  expect(error).toMatchObject({ code: 'timeout', retryable: true, status: undefined })
})

test('a receiver that drips its body is given up after the time in all, and its status is told', async () => {
  const base = await receiver((_request, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(drip))
  })
  const error = await failure(door.request({ method: 'GET', url: base, timeoutMs: 150 }))
  expect(error).toMatchObject({ code: 'timeout', status: 200 })
})

test.each<[string, (socket: Socket) => void, string]>([
  ['resets the connection', (socket) => socket.resetAndDestroy(), 'reset'],
  ['hangs up', (socket) => socket.once('data', () => socket.end()), 'reset'],
  ['speaks no HTTP', (socket) => socket.end('hello\r\n\r\n'), 'protocol'],
  [
    'sends endless headers',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`),
    'protocol',
  ],
])('a receiver that %s fails in a way that says so', async (_what, listener, code) => {
  const error = await failure(
    door.request({ method: 'POST', url: await tcpReceiver(listener), body: 'x', timeoutMs: 2_000 }),
  )
  expect(error).toBeInstanceOf(DoorError)
  expect(error).toMatchObject({ code, retryable: true })
})

test('a port where nobody listens is a connect failure in plain words', async () => {
  const base = await tcpReceiver(() => {})
  closers.pop()?.()
  const error = await failure(door.request({ method: 'GET', url: `${base}/?token=very-secret` }))
  expect(error).toMatchObject({ code: 'connect', retryable: true })
  expect(error.message).toMatch(/refused the connection: nothing listens there/)
  expect(error.message).not.toContain('very-secret')
})

test('plain HTTP behind an https address is a TLS failure', async () => {
  const base = await receiver(echo)
  const error = await failure(door.request({ method: 'GET', url: base.replace('http:', 'https:') }))
  expect(error).toMatchObject({ code: 'tls', retryable: true })
})

test('a name without addresses is a DNS failure', async () => {
  const nameless = createDoor({ allow, resolve: async () => [] })
  expect(await failure(nameless.request({ method: 'GET', url: 'http://nobody.example/' }))).toMatchObject({
    code: 'dns',
    retryable: true,
  })
})

test('a cancelled call ends at once', async () => {
  const base = await receiver(() => {})
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 50)
  const error = await failure(door.request({ method: 'GET', url: base, signal: controller.signal }))
  expect(error.code).toBe('cancelled')
})

test('a repeatable call survives a kept connection that the receiver closed meanwhile', async () => {
  let calls = 0
  const base = await tcpReceiver((socket) => {
    socket.on('data', () => {
      // Every connection serves one request and breaks at the next, without announcing it.
      if (calls++ % 2 === 0)
        socket.write('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok')
      else socket.destroy()
    })
  })
  await door.request({ method: 'POST', url: base, body: 'x' })
  expect(await failure(door.request({ method: 'POST', url: base, body: 'x' }))).toMatchObject({
    code: 'reset',
  })
  await door.request({ method: 'POST', url: base, body: 'x' })
  expect(await door.request({ method: 'POST', url: base, body: 'x', repeatable: true })).toMatchObject({
    status: 200,
  })
})

test('an exempt URL may be called exactly as it is, and opens nothing else at its origin', async () => {
  const base = await receiver(echo)
  const closed = createDoor({
    allow: parseOutboundAllow([], where),
    resolve: async () => ['127.0.0.1'],
    exempt: (url) => url === `${base}/echo/7`,
  })
  expect(await closed.request({ method: 'POST', url: `${base}/echo/7`, body: 'x' })).toMatchObject({
    status: 200,
  })
  for (const path of ['/echo/8', '/echo/7/', '/echo/7?x', '/']) {
    expect(await failure(closed.request({ method: 'POST', url: base + path, body: 'x' }))).toMatchObject({
      code: 'blocked-address',
      retryable: false,
    })
  }
  await closed.close()
})
