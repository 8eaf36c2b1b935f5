// How long a customer's message takes to the agent's socket, beside the answer to the same POST, and what a socket costs.
import { setTimeout as sleep } from 'node:timers/promises'
import { newKey } from '@patchbay/kit/crypto.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request } from 'undici'
import { dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'
import {
  type Account,
  type BenchDesk,
  benchEnv,
  connectDesks,
  makeAccounts,
  makeAgents,
  residentBytes,
} from './desks.ts'

const ACCOUNTS = 100
const AGENTS_OF_EACH = Number(process.env.BENCH_AGENTS ?? 1000) / ACCOUNTS
const RATE = Number(process.env.BENCH_RATE ?? 2000)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)
const CUSTOMERS_OF_EACH = 100

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const agent = new Agent({ connections: 64 })
  const desks: BenchDesk[] = []
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), ...benchEnv },
    })
    try {
      const accounts = await makeAccounts(server.origin, ACCOUNTS)
      const keys = await makeAgents(postgres.url, accounts, AGENTS_OF_EACH)
      const before = await residentBytes(server.child.pid)
      const clock = createClock()
      const connectedMs = await took(async () => {
        desks.push(...(await connectDesks(server.port, keys, clock.heard)))
      })
      await sleep(1000)
      const bytesEach = ((await residentBytes(server.child.pid)) - before) / keys.length
      process.stdout.write(
        `push: ${keys.length} sockets connected and in sync in ${Math.round(connectedMs)} ms, ${(bytesEach / 1024).toFixed(1)} KB each\n`,
      )
      const post = (account: Account, from: string, body: string): Promise<unknown> =>
        send(account.receiveUrl, agent, { from, mapKey: 'phone', body })
      await drive(accounts, clock, post, { rate: 100, seconds: 2 })
      clock.forget()
      const used = () => [cpuSeconds(server.child.pid ?? 0), cpuSeconds(process.pid, 'postgres')] as const
      const [serverBefore, databaseBefore] = used()
      await drive(accounts, clock, post, { rate: RATE, seconds: SECONDS })
      await sleep(500)
      const [serverAfter, databaseAfter] = used()
      const each = (seconds: number): string => ((seconds / (RATE * SECONDS)) * 1e6).toFixed(0)
      clock.report(RATE)
      process.stdout.write(
        `  server ${each(serverAfter - serverBefore)} us, database ${each(databaseAfter - databaseBefore)} us each\n`,
      )
    } finally {
      for (const desk of desks) desk.cut()
      await server.stop()
    }
  } finally {
    await agent.close()
    await postgres.stop()
    await folder.remove()
  }
}

/** Messages say their number, by which the time of their sending is found. */
function createClock() {
  const sentAt: number[] = []
  let pushedMs: number[] = []
  let answeredMs: number[] = []
  let sent = 0
  return {
    // Not read as JSON: a thousand desks are a thousand machines elsewhere, and here they share one with the server.
    heard(text: string): void {
      const now = performance.now()
      for (const [, number] of text.matchAll(/"preview":"(\d+)"/g)) {
        const at = sentAt[Number(number)]
        if (at !== undefined) pushedMs.push(now - at)
      }
    },
    async send(post: (body: string) => Promise<unknown>): Promise<void> {
      const number = sentAt.push(performance.now()) - 1
      sent += 1
      await post(String(number))
      answeredMs.push(performance.now() - (sentAt[number] ?? 0))
    },
    forget(): void {
      pushedMs = []
      answeredMs = []
      sent = 0
    },
    report(rate: number): void {
      const missing = Math.max(0, 1 - pushedMs.length / (sent * AGENTS_OF_EACH))
      process.stdout.write(
        `${line('answered to the sender', answeredMs)}${line('on the agents’ sockets', pushedMs)}` +
          `  ${sent} messages at ${rate}/s, each to ${AGENTS_OF_EACH} agents; ${(missing * 100).toFixed(1)} % overtaken by a newer row\n`,
      )
    },
  }
}

function line(name: string, ms: number[]): string {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)
  return `  ${name.padEnd(24)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms\n`
}

async function drive(
  accounts: readonly Account[],
  clock: ReturnType<typeof createClock>,
  post: (account: Account, from: string, body: string) => Promise<unknown>,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<void> {
  const underWay: Promise<void>[] = []
  const from = performance.now()
  for (let n = 0; n < rate * seconds; ) {
    const due = Math.min(rate * seconds, ((performance.now() - from) / 1000) * rate)
    for (; n < due; n++) {
      const account = accounts[n % accounts.length]
      const customer = `+39${Math.floor(n / accounts.length) % CUSTOMERS_OF_EACH}`
      if (account) underWay.push(clock.send((body) => post(account, customer, body)))
    }
    await sleep(2)
  }
  await Promise.all(underWay)
}

async function send(url: string, dispatcher: Agent, body: object): Promise<unknown> {
  const answer = await request(url, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`the Receive URL answered ${answer.statusCode}: ${text}`)
  return text
}

async function took(work: () => Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}
