// How soon an endpoint that was down has its answers: the first of a backlog, and all of it, in order. `npm run bench -- recovery 10000`.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { client, dataFolder, startProgram } from '../program.ts'

const ANSWERS = 10_000
const PER_INTERACTION = 10
const AT_ONCE = 64
const PATIENCE_MS = 300_000
const OUTAGE_MS = 60_000

export async function run(wanted?: number): Promise<void> {
  const interactions = Math.max(1, Math.round((wanted ?? ANSWERS) / PER_INTERACTION))
  const total = interactions * PER_INTERACTION
  const folder = await dataFolder()
  const endpoint = await openEndpoint()
  const agent = new Agent({ connections: AT_ONCE })
  try {
    const server = await startProgram({ dataDir: folder.path, env: { LOG_LEVEL: 'warn' } })
    try {
      const api = client(server.origin)
      const { receiveUrl } = await api.send<{ receiveUrl: string }>('POST', '/api/openchannel/accounts', {
        name: 'Down',
        replyUrl: endpoint.url,
      })
      const { key } = await api.send<{ key: string }>('POST', '/api/keys', { name: 'bench' })
      const headers = { authorization: `Bearer ${key}` }
      process.stdout.write(
        `recovery: ${total} answers on ${interactions} interactions for an endpoint that is down\n`,
      )
      await together(interactions, async (n) => {
        const message = { from: `+39${n}`, mapKey: 'phone', body: 'Where is my order?' }
        const { interaction } = await post<{ interaction: { id: number } }>(receiveUrl, agent, message)
        for (let part = 0; part < PER_INTERACTION; part++) {
          const body = { OpenchannelInteractionId: interaction.id, body: `${part}` }
          await post(`${server.origin}/api/openchannel/messages`, agent, body, headers)
        }
      })
      await sleep(OUTAGE_MS)
      const whileDown = endpoint.recover()
      const recoveredAt = performance.now()
      while (endpoint.taken.length < total && performance.now() - recoveredAt < PATIENCE_MS) await sleep(50)
      const [first = Number.NaN] = endpoint.taken
      const seconds = (at: number | undefined): string =>
        (((at ?? Number.NaN) - recoveredAt) / 1000).toFixed(1)
      process.stdout.write(
        `recovery: ${whileDown} calls while it was down; first answer after ${seconds(first)} s, half after ${seconds(endpoint.taken[total >> 1])} s, ` +
          `all after ${seconds(endpoint.taken[total - 1])} s; ${total - endpoint.taken.length} missing, ${endpoint.disorder()} out of order\n`,
      )
    } finally {
      await server.stop()
    }
  } finally {
    await agent.close()
    endpoint.close()
    await folder.remove()
  }
}

async function openEndpoint() {
  let isDown = true
  let callsWhileDown = 0
  let disorder = 0
  const taken: number[] = []
  const next = new Map<number, number>()
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    if (isDown) {
      callsWhileDown++
      response.writeHead(503).end()
      return
    }
    const { body, Interaction } = JSON.parse(Buffer.concat(chunks).toString()) as {
      body: string
      Interaction: { id: number }
    }
    const expected = next.get(Interaction.id) ?? 0
    if (Number(body) !== expected) disorder++
    next.set(Interaction.id, Number(body) + 1)
    taken.push(performance.now())
    response.end('{}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reply`,
    /** When each was taken. */
    taken,
    /** Answers how often it was called before. */
    recover(): number {
      isDown = false
      return callsWhileDown
    },
    disorder: () => disorder,
    close(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function together(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

async function post<T>(
  url: string,
  agent: Agent,
  body: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as T
}
