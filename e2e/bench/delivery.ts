// How long an agent's answer takes from the call that sends it to the first POST at the Reply URL, beside the same POSTs made directly.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import { client, dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'

const ENDPOINTS = Number(process.env.BENCH_ENDPOINTS ?? 1000)
const RATES = [200, 1000]
const SECONDS = 3
/** Calls under way at once while the interactions are made. */
const AT_ONCE = 32

/** What two endpoints in five do in the last part. */
const evils = ['hang', 'endless', 'reset', 'fail', 'drip'] as const
type Evil = (typeof evils)[number]

interface Target {
  accountId: number
  isEvil: boolean
  replyUrl: string
  interactionId: number
}

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const receiver = await openReceiver()
  const agent = new Agent({ connections: 256 })
  try {
    const server = await startProgram({ dataDir: folder.path, env: { LOG_LEVEL: 'warn' } })
    try {
      process.stdout.write(`delivery: making ${ENDPOINTS} endpoints\n`)
      const targets = await makeTargets(server.origin, receiver.port)
      const { key } = await client(server.origin).send<{ key: string }>('POST', '/api/keys', {
        name: 'bench',
      })
      const answer = (target: Target, body: string): Promise<unknown> =>
        post(`${server.origin}/api/openchannel/messages`, agent, {
          body: { body, OpenchannelInteractionId: target.interactionId },
          headers: { authorization: `Bearer ${key}` },
        })
      await receiver.measure(200, 2, targets, answer)
      for (const rate of RATES) {
        const direct = await receiver.measure(rate, SECONDS, targets, (target, body) =>
          post(target.replyUrl, agent, { body: { body } }),
        )
        report(rate, 'posted directly', direct)
        const used = () => [cpuSeconds(root), cpuSeconds(root, 'postgres')] as const
        const root = server.child.pid ?? 0
        const before = used()
        report(rate, 'sent as answers', await receiver.measure(rate, SECONDS, targets, answer))
        const [all, database] = used().map((seconds, i) => seconds - (before[i] ?? 0))
        const each = (seconds: number): string => ((seconds / (rate * SECONDS)) * 1e6).toFixed(0)
        process.stdout.write(
          `  server ${each((all ?? 0) - (database ?? 0))} us, database ${each(database ?? 0)} us for each answer\n`,
        )
      }
      await corrupt(server.origin, targets)
      const rate = RATES.at(-1) ?? 0
      // What is bad hangs from now on: at first the good ones share with it, then breakers know.
      report(rate, '600 good of 1000', await receiver.measure(rate, SECONDS, targets, answer))
      report(rate, 'a little later', await receiver.measure(rate, SECONDS, targets, answer))
    } finally {
      await server.stop()
    }
  } finally {
    await agent.close()
    receiver.close()
    await folder.remove()
  }
}

async function makeTargets(origin: string, port: number): Promise<Target[]> {
  const api = client(origin)
  const make = async (_: unknown, n: number): Promise<Target> => {
    // Every address of 127.0.0.0/8 leads here, and each is an origin of its own.
    const replyUrl = `http://127.1.${n >> 8}.${n & 255}:${port}/reply`
    const account = await api.send<{ id: number; receiveUrl: string }>('POST', '/api/openchannel/accounts', {
      name: `Endpoint ${n}`,
      replyUrl,
    })
    const message = { from: `+39${n}`, mapKey: 'phone', body: 'Where is my order?' }
    const { interaction } = (await post(account.receiveUrl, new Agent(), { body: message })) as {
      interaction: { id: number }
    }
    return { accountId: account.id, isEvil: false, replyUrl, interactionId: interaction.id }
  }
  const targets: Target[] = []
  for (let n = 0; n < ENDPOINTS; n += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, ENDPOINTS - n) }, (_, i) => make(_, n + i))
    targets.push(...(await Promise.all(some)))
  }
  return targets
}

/** Two in five turn bad, each kind as often as the others. */
async function corrupt(origin: string, targets: Target[]): Promise<void> {
  const api = client(origin)
  const bad = targets.filter((_, n) => n % 5 < 2)
  for (const [n, target] of bad.entries()) {
    target.isEvil = true
    const replyUrl = new URL(`/${evils[n % evils.length]}`, target.replyUrl).href
    await api.send('PATCH', `/api/openchannel/accounts/${target.accountId}`, { replyUrl })
  }
}

const behave: Record<Evil, (response: ServerResponse) => void> = {
  hang: () => {},
  endless: (response) => {
    const more = setInterval(() => response.write(Buffer.alloc(16_384, 97)), 20)
    response.writeHead(500).on('close', () => clearInterval(more))
  },
  reset: (response) => response.destroy(),
  fail: (response) => response.writeHead(503).end(),
  drip: ({ socket }) => {
    const more = setInterval(() => socket?.write('x-more: yes\r\n'), 200)
    socket?.write('HTTP/1.1 200 OK\r\n')
    socket?.on('error', () => {}).on('close', () => clearInterval(more))
  },
}
const isEvil = (word: string): word is Evil => (evils as readonly string[]).includes(word)

async function openReceiver() {
  /** By the text of the answer: when it was to be sent, then how long it took. */
  const due = new Map<string, number>()
  const tookMs: number[] = []
  const server: Server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const word = incoming.url?.slice(1) ?? ''
    if (isEvil(word)) return behave[word](response)
    const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body: string }
    const dueAt = due.get(body)
    if (dueAt !== undefined) tookMs.push(performance.now() - dueAt)
    due.delete(body)
    response.end('{}')
  })
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening))
  let runs = 0

  // Sends at fixed instants whether or not earlier answers have arrived, and counts from those instants: a pause of the server is
  // then seen in all that it held up.
  async function measure(
    rate: number,
    seconds: number,
    targets: readonly Target[],
    send: (target: Target, body: string) => Promise<unknown>,
  ): Promise<{ tookMs: number[]; lost: number; refused: number }> {
    const total = rate * seconds
    const prefix = `Answer ${++runs}.`
    const startAt = performance.now() + 50
    const sending: Promise<unknown>[] = []
    let refused = 0
    let expected = 0
    tookMs.length = 0
    for (let n = 0; n < total; ) {
      const now = performance.now()
      for (; n < total && startAt + (n * 1000) / rate <= now; n++) {
        const body = `${prefix}${n}`
        const target = targets[n % targets.length] as Target
        if (!target.isEvil) {
          due.set(body, startAt + (n * 1000) / rate)
          expected++
        }
        sending.push(
          send(target, body).catch(() => {
            refused++
          }),
        )
      }
      await new Promise((later) => setTimeout(later, 1))
    }
    await Promise.all(sending)
    const deadline = performance.now() + 3000
    while (tookMs.length + refused < expected && performance.now() < deadline)
      await new Promise((later) => setTimeout(later, 20))
    return { tookMs: tookMs.toSorted((a, b) => a - b), lost: expected - tookMs.length - refused, refused }
  }

  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { port: (server.address() as AddressInfo).port, measure, close }
}

async function post(
  url: string,
  agent: Agent,
  { body, headers }: { body: object; headers?: Record<string, string> },
): Promise<unknown> {
  const answer = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 300)}`)
  return JSON.parse(text)
}

function report(
  rate: number,
  what: string,
  measured: { tookMs: number[]; lost: number; refused: number },
): void {
  const at = (share: number): string =>
    (measured.tookMs[Math.floor((measured.tookMs.length - 1) * share)] ?? Number.NaN).toFixed(1).padStart(7)
  const troubles = `${measured.refused} refused, ${measured.lost} not arrived within 3 s`
  process.stdout.write(
    `delivery: ${String(rate).padStart(5)}/s ${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms (${troubles})\n`,
  )
}
