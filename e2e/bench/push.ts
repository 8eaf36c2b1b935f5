// How long a customer's message takes to the agent's socket, beside the answer to the same POST, and what a socket costs.
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { newKey, randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request, WebSocket } from 'undici'
import { client, dataFolder, startProgram } from '../program.ts'

const ACCOUNTS = 100
const AGENTS_OF_EACH = Number(process.env.BENCH_AGENTS ?? 1000) / ACCOUNTS
const RATE = Number(process.env.BENCH_RATE ?? 500)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6)
const CUSTOMERS_OF_EACH = 100
const AT_ONCE = 100

interface Account {
  id: number
  receiveUrl: string
}

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const agent = new Agent({ connections: 64 })
  const desks: WebSocket[] = []
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), LOG_LEVEL: 'warn', ...(process.env.BENCH_PROFILE && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.BENCH_PROFILE}` }) },
    })
    try {
      const accounts = await makeAccounts(server.origin)
      const keys = await makeAgents(postgres.url, accounts)
      const before = await residentBytes(server.child.pid)
      const clock = createClock()
      const connectedMs = await took(() => connectAll(server.origin, keys, desks, clock.heard))
      await sleep(1000)
      const each = ((await residentBytes(server.child.pid)) - before) / keys.length
      process.stdout.write(
        `push: ${keys.length} sockets connected and in sync in ${Math.round(connectedMs)} ms, ${(each / 1024).toFixed(1)} KB each\n`,
      )
      const post = (account: Account, from: string, body: string): Promise<unknown> =>
        send(account.receiveUrl, agent, { from, mapKey: 'phone', body })
      await drive(accounts, clock, post, { rate: 100, seconds: 2 })
      clock.forget()
      await drive(accounts, clock, post, { rate: RATE, seconds: SECONDS })
      await sleep(500)
      clock.report(RATE)
    } finally {
      for (const desk of desks) desk.close()
      await server.stop()
    }
  } finally {
    await agent.close()
    await postgres.stop()
    await folder.remove()
  }
}

async function makeAccounts(origin: string): Promise<Account[]> {
  const api = client(origin)
  const names = Array.from({ length: ACCOUNTS }, (_, n) => `Bench ${n}`)
  return Promise.all(
    names.map((name) =>
      api.send<Account>('POST', '/api/openchannel/accounts', {
        name,
        ratePerSecond: 1_000_000,
        rateBurst: 1_000_000,
      }),
    ),
  )
}

/** Answers a key of each agent. By SQL, since a thousand passwords take a minute to digest. */
async function makeAgents(url: string, accounts: readonly Account[]): Promise<string[]> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const keys = accounts.flatMap(() => Array.from({ length: AGENTS_OF_EACH }, () => randomToken('pbk_')))
  await pool.query(
    `with made as (
       insert into app_user (email, name, fullname, role)
       select n || '@bench.example', 'bench' || n, 'Agent ' || n, 'agent' from generate_series(1, cardinality($1::bytea[])) n
       returning id, substring(name from 6)::int as n
     ), keyed as (
       insert into api_key (user_id, name, start, last4, digest)
       select id, 'bench', '', '', ($1::bytea[])[n] from made
     )
     insert into account_agent (account_id, user_id) select ($2::bigint[])[1 + (n - 1) / $3::int], id from made`,
    [keys.map((key) => sha256(key)), accounts.map(({ id }) => id), AGENTS_OF_EACH],
  )
  await close()
  return keys
}

async function connectAll(
  origin: string,
  keys: readonly string[],
  desks: WebSocket[],
  heard: (text: string) => void,
): Promise<void> {
  const connect = (key: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const desk = new WebSocket(`${origin.replace('http', 'ws')}/api/socket?apikey=${key}`)
      desks.push(desk)
      desk.addEventListener('open', () =>
        desk.send(JSON.stringify({ type: 'hello', cursor: null, threads: {} })),
      )
      desk.addEventListener('error', () => reject(new Error('a socket could not be opened')))
      desk.addEventListener('message', ({ data }) => {
        const text = String(data)
        if (text.startsWith('{"type":"synced"')) resolve()
        else heard(text)
      })
    })
  for (let start = 0; start < keys.length; start += AT_ONCE)
    await Promise.all(keys.slice(start, start + AT_ONCE).map(connect))
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

async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

async function took(work: () => Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}
