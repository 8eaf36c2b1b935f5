// How many customers' messages a second are stored durably, beside what the bare framework answers to the same POST.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { client, dataFolder, freePort, startProgram } from '../program.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

const CONTACTS = 60_000
const NEW_SHARE = 0.1
const CONNECTIONS = 64
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15)
const FIRST_PHONE = 393_400_000_000

interface Account {
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
      const account = await makeAccount(server.origin)
      process.stdout.write(`ingest: seeding ${CONTACTS} contacts\n`)
      const { version } = await seed(postgres.url, account)
      process.stdout.write(`ingest: PostgreSQL ${version}, ${CONNECTIONS} connections, ${SECONDS} s each\n`)
      const script = message()
      const drive = (url: string, seconds = SECONDS): Promise<Measured> =>
        runWrk({ url, connections: CONNECTIONS, seconds, script, folder: folder.path })
      await drive(account.receiveUrl, 3)
      const ours = await drive(account.receiveUrl)
      const bare = await withBare(drive)
      report(ours, bare, await countStored(postgres.url))
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await folder.remove()
  }
}

async function makeAccount(origin: string): Promise<Account> {
  const api = client(origin)
  const queue = await api.send<{ id: number }>('POST', '/api/openchannel/queues', { name: 'Bench' })
  const account = await api.send<Account>('POST', '/api/openchannel/accounts', {
    name: 'Bench',
    ratePerSecond: 1_000_000,
    rateBurst: 1_000_000,
  })
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/actions`, {
    actions: [{ type: 'queue', queueId: queue.id }],
  })
  return account
}

// The known contacts wait in a queue as they would after their first message; each new one is opened, routed and queued.
async function seed(url: string, account: Account): Promise<{ version: string }> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  try {
    await pool.query(`
      insert into contact (id, list_id, first_name, phone)
        select i, ${account.listId}, ${phone}, ${phone} from generate_series(1, ${CONTACTS}) as i;
      insert into contact_key (list_id, field, value, contact_id, claimed)
        select ${account.listId}, field, ${phone}, i, field = 'phone'
        from generate_series(1, ${CONTACTS}) as i, unnest(array['phone', 'firstName']) as field;
      select setval('contact_id_seq', ${CONTACTS});
      insert into interaction (account_id, contact_id, state, waiting_since, seq)
        select ${account.id}, i, 'queued', now(), 1 from generate_series(1, ${CONTACTS}) as i;
      update interaction set queue_id = (select id from queue);
      insert into event (interaction_id, seq, type) select id, 1, 'opened' from interaction;
      insert into queue_entry (interaction_id, account_id, queue_id) select id, account_id, queue_id from interaction;
      analyze;
      checkpoint`)
    const { rows } = await pool.query<{ server_version: string }>('show server_version')
    return { version: rows[0]?.server_version ?? '' }
  } finally {
    await close()
  }
}

const phone = `'+' || (${FIRST_PHONE} + i)`

function message(): string {
  return `
math.randomseed(os.time())
local fresh = ${CONTACTS}
local headers = { ['content-type'] = 'application/json' }
function request()
  local customer
  if math.random() < ${NEW_SHARE} then
    fresh = fresh + 1
    customer = fresh + os.time() * 1000000
  else
    customer = math.random(${CONTACTS})
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

async function countStored(url: string): Promise<number> {
  const { pool, close } = await openDatabase({ url, max: 1 })
  const { rows } = await pool.query<{ count: number }>('select count(*) as count from message').finally(close)
  return rows[0]?.count ?? 0
}

function report(ours: Measured, bare: Measured, stored: number): void {
  const line = (name: string, { perSecond, p50Ms, p99Ms, failures }: Measured): string =>
    `  ${name.padEnd(24)} ${Math.round(perSecond).toString().padStart(7)}/s   p50 ${p50Ms.toFixed(1)} ms   p99 ${p99Ms.toFixed(1)} ms   failures ${failures}\n`
  process.stdout.write(
    `${line('stored durably', ours)}${line('bare Fastify, a constant', bare)}` +
      `  ratio ${(ours.perSecond / bare.perSecond).toFixed(3)}; ${stored} messages stored in all\n`,
  )
}
