// How many customers' messages a second are stored durably, beside what the bare framework answers to the same POST.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { freePort } from '@patchbay/kit/free-port.ts'
import { client, dataFolder, startProgram } from '../program.ts'
import { cpuSeconds } from './cpu.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

export const CONTACTS = 60_000
const NEW_SHARE = 0.1
const CONNECTIONS = 64
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 15)
export const FIRST_PHONE = 393_400_000_000

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
  const postgres = await startEmbedded({ dataDir: join(folder.path, 'postgres') })
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
        `ingest: PostgreSQL ${version?.server_version}, ${CONNECTIONS} connections, ${SECONDS} s each\n`,
      )
      const script = messages(CONTACTS, NEW_SHARE)
      const drive = (url: string, seconds = SECONDS): Promise<Measured> =>
        runWrk({ url, connections: CONNECTIONS, seconds, script, folder: folder.path })
      const count = async (): Promise<number> =>
        (await ask<{ count: number }>(postgres.url, 'select count(*)::int as count from message'))?.count ?? 0
      const cost = async (url: string): Promise<Measured & { cost: string }> => {
        const before = { messages: await count(), server: serverSeconds(), database: databaseSeconds() }
        const measured = await drive(url)
        const [server, database] = [serverSeconds() - before.server, databaseSeconds() - before.database]
        const messages = (await count()) - before.messages
        const each = (seconds: number): string => ((seconds / messages) * 1e6).toFixed(1)
        return { ...measured, cost: `   server ${each(server)} us, database ${each(database)} us each` }
      }
      const serverSeconds = (): number => cpuSeconds(server.child.pid ?? 0)
      const databaseSeconds = (): number => cpuSeconds(process.pid, 'postgres')
      await drive(plain.receiveUrl, 3)
      const unrouted = await cost(plain.receiveUrl)
      const ours = await cost(routed.receiveUrl)
      const bare = await withBare(drive)
      print('bare Fastify, a constant', bare)
      print('stored, account without actions', unrouted, bare, unrouted.cost)
      print('stored and routed to a queue', ours, bare, ours.cost)
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

async function withBare(drive: (url: string) => Promise<Measured>): Promise<Measured> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    return await drive(`http://localhost:${port}/notify`)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

export async function ask<Row extends object>(url: string, query: string): Promise<Row | undefined> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const { rows } = await pool.query<Row>(query).finally(close)
  return rows[0]
}

export function print(
  name: string,
  { perSecond, p50Ms, p99Ms, failures }: Measured,
  bare?: Measured,
  cost = '',
): void {
  const ratio = bare ? `   ${(perSecond / bare.perSecond).toFixed(3)} of bare` : ''
  const figures = `p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   failures ${failures}`
  process.stdout.write(
    `  ${name.padEnd(32)} ${Math.round(perSecond).toString().padStart(6)}/s   ${figures}${ratio}${cost}\n`,
  )
}
