// How many customers' messages a second are stored durably, beside what the bare framework answers to the same POST.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { client, dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'
import { median, spread } from './figures.ts'
import { startPostgres } from './postgres.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

export const CONTACTS = 60_000
const NEW_SHARE = 0.1
const CONNECTIONS = 64
// A machine that others use is not the same from one minute to the next: short periods by turns.
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5)
export const FIRST_PHONE = 393_400_000_000

/** Processor time for each message. */
interface Period extends Measured {
  serverUs: number
  databaseUs: number
}

export interface Account {
  id: number
  listId: number
  receiveUrl: string
}

export async function run(): Promise<void> {
  if (!hasWrk()) {
    process.stdout.write(
      'ingest: wrk is not installed (on Debian: apt-get install wrk), so nothing was measured.\n',
    )
    return
  }
  const folder = await dataFolder()
  const postgres = await startPostgres(folder.path)
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), LOG_LEVEL: 'warn' },
    })
    try {
      const [routed, plain] = await makeAccounts(server.origin)
      process.stdout.write(`ingest: seeding ${CONTACTS} contacts\n`)
      await seed(postgres.url, routed, 'queued')
      await seed(postgres.url, plain, 'new')
      const version = await ask<{ server_version: string }>(postgres.url, 'show server_version')
      process.stdout.write(
        `ingest: PostgreSQL ${version?.server_version}, ${CONNECTIONS} connections, medians of ${ROUNDS} periods of ${SECONDS} s by turns\n`,
      )
      const script = messages(CONTACTS, NEW_SHARE)
      const drive = (url: string, seconds = SECONDS): Promise<Measured> =>
        runWrk({ url, connections: CONNECTIONS, seconds, script, folder: folder.path })
      const serverSeconds = (): number => cpuSeconds(server.child.pid ?? 0)
      const timed = async (url: string): Promise<Period> => {
        const before = { server: serverSeconds(), database: postgres.cpuSeconds() }
        const measured = await drive(url)
        const us = (seconds: number): number => (seconds / (measured.perSecond * SECONDS)) * 1e6
        return {
          ...measured,
          serverUs: us(serverSeconds() - before.server),
          databaseUs: us(postgres.cpuSeconds() - before.database),
        }
      }
      await drive(plain.receiveUrl, 3)
      await withBare(async (bareUrl) => {
        const periods: Record<'bare' | 'plain' | 'routed', Period[]> = { bare: [], plain: [], routed: [] }
        for (let round = 0; round < ROUNDS; round++) {
          periods.bare.push(await timed(bareUrl))
          periods.plain.push(await timed(plain.receiveUrl))
          periods.routed.push(await timed(routed.receiveUrl))
        }
        report('bare Fastify, a constant', periods.bare)
        report('stored, account without actions', periods.plain, periods.bare)
        report('stored and routed to a queue', periods.routed, periods.bare)
      })
      const stored = await ask<{ count: number }>(postgres.url, 'select count(*) as count from message')
      process.stdout.write(`  ${stored?.count} messages stored in all\n`)
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await folder.remove()
  }
}

async function makeAccounts(origin: string): Promise<[routed: Account, plain: Account]> {
  const api = client(origin)
  const make = (name: string): Promise<Account> =>
    api.send('POST', '/api/openchannel/accounts', { name, ratePerSecond: 1_000_000, rateBurst: 1_000_000 })
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', { name: 'Bench' })
  const [routed, plain] = [await make('Routed'), await make('Plain')]
  const actions = [{ type: 'queue', queueId: queue.id }]
  await api.send('PUT', `/api/openchannel/accounts/${routed.id}/actions`, { actions })
  return [routed, plain]
}

// The known contacts wait as they do after their first message, in the queue or in the account; new ones are opened, and routed where
// there is a queue.
export async function seed(url: string, account: Account, state: 'new' | 'queued'): Promise<void> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const isQueued = state === 'queued'
  try {
    await pool.query(`
      insert into contact (id, list_id, first_name, phone)
        select i, ${account.listId}, ${phone}, ${phone} from generate_series(1, ${CONTACTS}) as i on conflict do nothing;
      insert into contact_key (list_id, field, value, contact_id, claimed)
        select ${account.listId}, field, ${phone}, i, field = 'phone'
        from generate_series(1, ${CONTACTS}) as i, unnest(array['phone', 'firstName']) as field on conflict do nothing;
      select setval('contact_id_seq', ${CONTACTS});
      insert into interaction (account_id, contact_id, state, waiting_since, seq, queue_id)
        select ${account.id}, i, '${state}', now(), 1, ${isQueued ? '(select id from queue)' : 'null'}
        from generate_series(1, ${CONTACTS}) as i;
      insert into event (interaction_id, seq, type) select id, 1, 'opened' from interaction where account_id = ${account.id};
      insert into queue_entry (interaction_id, account_id, queue_id)
        select id, account_id, queue_id from interaction where account_id = ${account.id} and ${isQueued};
      analyze;
      checkpoint`)
  } finally {
    await close()
  }
}

const phone = `'+' || (${FIRST_PHONE} + i)`

/** For wrk: a message each of one of the contacts, with a share of new ones. */
export function messages(contacts: number, newShare: number): string {
  return `
math.randomseed(os.time())
local fresh = ${contacts}
local headers = { ['content-type'] = 'application/json' }
function request()
  local customer
  if math.random() < ${newShare} then
    fresh = fresh + 1
    customer = fresh + os.time() * 1000000
  else
    customer = math.random(${contacts})
  end
  local body = string.format(
    '{"from":"+%.0f","mapKey":"phone","body":"Hello, where is my order %d? It was to be here on Monday."}',
    ${FIRST_PHONE} + customer, customer % 100000)
  return wrk.format('POST', nil, headers, body)
end`
}

async function withBare(work: (url: string) => Promise<void>): Promise<void> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    await work(`http://localhost:${port}/notify`)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

function report(name: string, periods: readonly Period[], bare?: readonly Period[]): void {
  const of = (what: (period: Period) => number): number => median(periods.map(what))
  const shares = bare?.map(({ perSecond }, round) => (periods[round]?.perSecond ?? 0) / perSecond)
  print(name, {
    perSecond: of(({ perSecond }) => perSecond),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    failures: periods.reduce((sum, { failures }) => sum + failures, 0),
  })
  if (shares)
    process.stdout.write(
      `    ${spread(shares, 3)} of bare;  server ${of(({ serverUs }) => serverUs).toFixed(1)} us, database ${of(({ databaseUs }) => databaseUs).toFixed(1)} us each\n`,
    )
}

export async function ask<Row extends object>(url: string, query: string): Promise<Row | undefined> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const { rows } = await pool.query<Row>(query).finally(close)
  return rows[0]
}

export function print(name: string, { perSecond, p50Ms, p99Ms, failures }: Measured): void {
  const figures = `p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   failures ${failures}`
  process.stdout.write(
    `  ${name.padEnd(32)} ${Math.round(perSecond).toString().padStart(6)}/s   ${figures}\n`,
  )
}
