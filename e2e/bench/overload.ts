// Offers three times what the program can store: how much is stored, how the rest is refused, and what memory does meanwhile.
import { readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request } from 'undici'
import { dataFolder, type Program, startProgram } from '../program.ts'
import { type Account, benchEnv, makeAccounts, residentBytes } from './desks.ts'

const ACCOUNTS = 20
/** The database rests so long in each batch, so that a generator on the same machine can offer three times what it takes. */
const BATCH_RESTS_S = 0.8
const STEPS = [400, 800, 1200]
const STEP_SECONDS = 5
const OVERLOAD_SECONDS = 10
/** Resident memory tells of the highest tide, since little of what is freed goes back to the system: what is kept shows after a collection. */
const ROUNDS = 4
const QUIET_MS = 4_000
const CLOSED_MS = 10_000
const TIMES = 3

interface Outcome {
  stored: number
  perSecond: number
  refused: number
  /** Refusals that do not say when to come back, other answers, and calls without any. */
  impolite: number
  tookMs: number[]
  /** How soon those who are refused know it. */
  refusedMs: number[]
}

export async function run(): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const agent = new Agent({ connections: 6_000, pipelining: 1 })
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: {
        DATABASE_URL: postgres.url,
        SECRET_KEY: newKey(),
        NODE_OPTIONS: `--import=${import.meta.dirname}/memory.js`,
        MEMORY_FILE: memoryFile(folder.path),
        ...benchEnv,
      },
    })
    try {
      const accounts = await makeAccounts(server.origin, ACCOUNTS)
      const offer = (rate: number, seconds: number) => drive(accounts, agent, rate, seconds)
      await slowDown(postgres.url)
      await offer(STEPS[0] ?? 0, 3)
      const before = await inUse(server)
      let peak = 0
      for (const rate of STEPS) peak = Math.max(peak, (await offer(rate, STEP_SECONDS)).perSecond)
      const overloads: Outcome[] = []
      const memory: string[] = []
      for (let round = 0; round < ROUNDS; round++) {
        overloads.push(await offer(Math.round(TIMES * peak), OVERLOAD_SECONDS))
        await sleep(QUIET_MS)
        memory.push(mb(await residentBytes(server.child.pid)))
      }
      const after = await inUse(server)
      const again = (await offer(Math.round(peak / 2), STEP_SECONDS)).refused
      await agent.destroy()
      await sleep(CLOSED_MS)
      const closed = await inUse(server)
      process.stdout.write(
        `overload: peak ${Math.round(peak)}/s with a database that rests ${BATCH_RESTS_S * 1000} ms in each batch; then ` +
          `${TIMES} times that for ${OVERLOAD_SECONDS} s, ${ROUNDS} times\n${overloads.map((one) => line(one, peak)).join('')}` +
          `overload: afterwards at half the peak ${again} refused; resident after each overload ${memory.join(', ')} MB; ` +
          `in use after a collection ${before} MB before the first, ${after} MB after the last, ${closed} MB without its connections\n`,
      )
    } finally {
      await server.stop()
    }
  } finally {
    await agent.destroy()
    await postgres.stop()
    await folder.remove()
  }
}

const memoryFile = (folder: string): string => `${folder}/memory.json`

/** Megabytes of the heap and of buffers beside it, after garbage was collected. */
async function inUse({ child, dataDir }: Program): Promise<string> {
  const file = memoryFile(dataDir)
  await rm(file, { force: true })
  child.kill('SIGUSR2')
  for (;;) {
    const found = await readFile(file, 'utf8').catch(() => '')
    if (found !== '') {
      const { heapUsed, external } = JSON.parse(found) as NodeJS.MemoryUsage
      return mb(heapUsed + external)
    }
    await sleep(50)
  }
}

async function slowDown(url: string): Promise<void> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  await pool
    .query(`
    create function rest() returns trigger language plpgsql as $$
    begin
      perform pg_sleep(${BATCH_RESTS_S});
      return null;
    end $$;
    create trigger rest after insert on message for each statement execute function rest()`)
    .finally(close)
}

/** At fixed instants, whether or not earlier calls were answered. Resolves when all are. */
async function drive(
  accounts: readonly Account[],
  agent: Agent,
  rate: number,
  seconds: number,
): Promise<Outcome> {
  const outcome: Outcome = { stored: 0, perSecond: 0, refused: 0, impolite: 0, tookMs: [], refusedMs: [] }
  const underWay: Promise<void>[] = []
  const from = performance.now()
  let isLate = false
  for (let n = 0; n < rate * seconds; ) {
    const due = Math.min(rate * seconds, ((performance.now() - from) / 1000) * rate)
    isLate ||= due - n > rate
    for (; n < due; n++) {
      const account = accounts[n % accounts.length]
      if (account) underWay.push(offerOne(account, agent, n, outcome))
    }
    await sleep(2)
  }
  await Promise.all(underWay)
  // Also what was stored after the last call counts, and the time that it took.
  outcome.perSecond = outcome.stored / ((performance.now() - from) / 1000)
  if (isLate) process.stdout.write(`  the generator could not keep up with ${rate}/s\n`)
  return outcome
}

async function offerOne(account: Account, agent: Agent, n: number, outcome: Outcome): Promise<void> {
  const startedAt = performance.now()
  try {
    const answer = await request(account.receiveUrl, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: `+39${n % 5_000}`, mapKey: 'phone', body: `Message ${n}` }),
    })
    await answer.body.dump()
    const { statusCode, headers } = answer
    if (statusCode === 200) {
      outcome.stored++
      outcome.tookMs.push(performance.now() - startedAt)
    } else if ((statusCode === 503 || statusCode === 429) && headers['retry-after']) {
      outcome.refused++
      outcome.refusedMs.push(performance.now() - startedAt)
    } else outcome.impolite++
  } catch {
    outcome.impolite++
  }
}

function line({ perSecond, refused, impolite, tookMs, refusedMs }: Outcome, peak: number): string {
  const share = (perSecond / peak).toFixed(2)
  return (
    `  ${Math.round(perSecond)}/s stored, ${share} of the peak   p50 ${at(tookMs, 0.5)} ms   p99 ${at(tookMs, 0.99)} ms   ` +
    `${refused} refused with Retry-After after p50 ${at(refusedMs, 0.5)} ms, ${impolite} otherwise\n`
  )
}

function at(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0)
}

function mb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0)
}
