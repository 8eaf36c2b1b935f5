// Starts relays and servers that are linked to them, each test its own; the end of the test file ends them.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@patchbay/kit/log.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { openLink } from '@patchbay/server/relays/link.ts'
import { afterAll, expect } from 'vitest'
import { createApp } from './app.ts'
import { openRegistry } from './registry.ts'

export const adminToken = 'the-token-of-the-operator-of-this-relay'
const log = createLog({ program: 'relay', level: 'silent' })
const door = createDoor({
  allow: parseOutboundAllow(['127.0.0.0/8', '::1/128'], { host: '127.0.0.1', publicUrl: 'http://localhost' }),
})
export const digest = (text: string) => createHash('sha256').update(text).digest('hex')
export const soon = { timeout: 20_000, interval: 20 }
const ends: (() => unknown)[] = [() => door.close()]
export const folder = await mkdtemp(join(tmpdir(), 'patchbay-relay-'))

afterAll(async () => {
  for (const end of ends.reverse()) await end()
  await rm(folder, { recursive: true, force: true })
})

/** What the relay answers, as far as a test looks at it. */
export interface Answer {
  serverId: string
  key: string
  code: string
  refused: number
  rows: { links: number }[]
}

export async function startRelay(
  options: { name?: string; ratePerSecond?: number; rateBurst?: number } = {},
) {
  const { name = randomBytes(4).toString('hex'), ratePerSecond = 1000, rateBurst = 1000 } = options
  const registry = await openRegistry(join(folder, name))
  const config = { publicUrl: 'http://localhost', trustedProxies: [], ratePerSecond, rateBurst }
  const http = await createApp({
    config,
    adminToken,
    registry,
    log,
    metrics: createMetrics(),
    door,
    pingMs: 200,
  })
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  let isOpen = true
  const stop = async () => {
    if (!isOpen) return
    isOpen = false
    await http.close()
    await registry.close()
  }
  ends.push(stop)
  const call = async (method: string, path: string, key = adminToken, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Answer }
  }
  const activate = async (): Promise<{ serverId: string; key: string }> => {
    const { body } = await call('POST', '/api/codes')
    return (await call('POST', '/api/servers', '', { code: body.code, name: 'desk.example.com' })).body
  }
  return { url, stop, call, activate, name }
}
export type Relay = Awaited<ReturnType<typeof startRelay>>

/** A server that nobody can connect to but by its link. */
export async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const http = createServer(answer).listen(0, '127.0.0.1')
  await once(http, 'listening')
  ends.push(() => {
    http.closeAllConnections()
    http.close()
  })
  const { port } = http.address() as { port: number }
  const agent = new Agent({ keepAlive: true })
  ends.push(() => agent.destroy())
  return { http, target: { host: '127.0.0.1', port, agent } }
}

export async function linked(
  relay: Relay,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  accounts = [{ id: 7, digests: [digest('pbt_seven')] }],
  keys = [digest('pbk_seven')],
) {
  const server = await startServer(answer)
  const { serverId, key } = await relay.activate()
  const registration = { name: 'desk.example.com', accounts, keys }
  const { body } = await relay.call('PUT', '/api/servers/me', key, registration)
  const link = open(relay, key, server.target)
  await expect.poll(() => link.state().state, soon).toBe('connected')
  return { ...server, link, serverId, key, refused: body.refused }
}

export function open(relay: Relay, key: string, target: Parameters<typeof openLink>[0]['target']) {
  const waits = { firstMs: 20, mostMs: 100, refusedMs: 200, silentMs: 2_000 }
  const link = openLink({ url: relay.url, key, door, log, target, onConnected: () => undefined, waits })
  ends.push(() => link.close())
  return link
}

export const taken = (request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { url, method, headers } = request
    response.writeHead(200, { 'content-type': 'application/json', 'x-from': 'the server' })
    response.end(
      JSON.stringify({ url, method, type: headers['content-type'], body: Buffer.concat(chunks).toString() }),
    )
  })
}

export const notify = (relay: Relay, query: string, init: RequestInit = {}) =>
  fetch(`${relay.url}/api/openchannel/accounts/7/notify${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"from":"1","body":"Hello"}',
    ...init,
  })
