// How many messages a second pass a relay with a thousand servers connected, beside what the same server takes without one.

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer } from 'node:http'
import { freePort } from '@patchbay/kit/free-port.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { type Link, openLink } from '@patchbay/server/relays/link.ts'
import { dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'
import { hasWrk, runWrk } from './wrk.ts'

const SERVERS = Number(process.env.BENCH_SERVERS ?? 1000)
const CONNECTIONS = 64
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15)

export async function run(): Promise<void> {
  if (!hasWrk()) {
    process.stdout.write(
      'relay: wrk is not installed (on Debian: apt-get install wrk), so nothing was measured.\n',
    )
    return
  }
  const folder = await dataFolder()
  const operatorToken = randomBytes(24).toString('base64url')
  const port = await freePort()
  const relay = await startProgram({
    dataDir: folder.path,
    port,
    startFile: '../relay/start.js',
    env: {
      RELAY_PORT: String(port),
      RELAY_ADMIN_TOKEN: operatorToken,
      RELAY_RATE_PER_SECOND: '1000000',
      RELAY_RATE_BURST: '1000000',
      LOG_LEVEL: 'warn',
    },
  })
  // All servers are one program here, which answers at once: what is measured is the relay and its links.
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.end('{"message":{"id":1}}'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: serverPort } = server.address() as { port: number }
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const door = createDoor({
    allow: parseOutboundAllow(['127.0.0.0/8', '::1/128'], { host: '127.0.0.1', publicUrl: relay.origin }),
  })
  const links: Link[] = []
  try {
    const startedAt = performance.now()
    const target = { host: '127.0.0.1', port: serverPort, agent }
    for (let number = 0; number < SERVERS; number++) links.push(await connect(number, target))
    process.stdout.write(
      `relay: ${links.length} servers activated, registered and connected in ${Math.round(performance.now() - startedAt)} ms\n`,
    )
    const drive = (url: string) =>
      runWrk({ url, connections: CONNECTIONS, seconds: SECONDS, script: messages(), folder: folder.path })
    const direct = await drive(`http://127.0.0.1:${serverPort}`)
    const before = cpuSeconds(relay.child.pid ?? 0)
    const relayed = await drive(relay.origin)
    const seconds = cpuSeconds(relay.child.pid ?? 0) - before
    for (const [name, { perSecond, p50Ms, p99Ms, failures }] of [
      ['asked directly', direct],
      ['by the relay', relayed],
    ] as const)
      process.stdout.write(
        `  ${name.padEnd(16)} ${perSecond.toFixed(0).padStart(6)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   failures ${failures}\n`,
      )
    const each = (seconds / (relayed.perSecond * SECONDS)) * 1e6
    process.stdout.write(`  the relay's own work: ${each.toFixed(0)} us each\n`)
  } finally {
    await Promise.all(links.map((link) => link.close()))
    await door.close()
    agent.destroy()
    server.close()
    server.closeAllConnections()
    await relay.stop()
    await folder.remove()
  }

  async function connect(
    number: number,
    target: { host: string; port: number; agent: Agent },
  ): Promise<Link> {
    const { code } = await ask<{ code: string }>('POST', '/api/codes', operatorToken)
    const { key } = await ask<{ key: string }>('POST', '/api/servers', '', { code, name: `server ${number}` })
    const digests = [createHash('sha256').update(`token-${number}`).digest('hex')]
    await ask('PUT', '/api/servers/me', key, {
      name: `server ${number}`,
      accounts: [{ id: 1, digests }],
      keys: [],
    })
    const log = createLog({ program: 'bench', level: 'silent' })
    return new Promise((connected) => {
      const link = openLink({ url: relay.origin, key, door, log, target, onConnected: () => connected(link) })
    })
  }

  async function ask<T>(method: string, path: string, key: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${relay.origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`)
    return (await answer.json()) as T
  }
}

function messages(): string {
  return `
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local body = '{"from":"+393401234567","body":"Where is my order?","mapKey":"phone"}'
function request()
  local number = math.random(0, ${SERVERS - 1})
  return wrk.format(nil, "/api/openchannel/accounts/1/notify?token=token-" .. number, nil, body)
end
`
}
