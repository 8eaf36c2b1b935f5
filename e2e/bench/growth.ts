// What ten million stored messages do to taking in another, to opening an interaction and to the lists of the inbox.
import { newKey } from '@patchbay/kit/crypto.ts'
import { openDatabase, type Pool } from '@patchbay/kit/database.ts'
import { startEmbedded } from '@patchbay/kit/embedded-postgres.ts'
import { Agent, request } from 'undici'
import { client, dataFolder, startProgram } from '../program.ts'
import { type Account, benchEnv, makeAccounts } from './desks.ts'
import { FIRST_PHONE, messages } from './ingest.ts'
import { hasWrk, type Measured, runWrk } from './wrk.ts'

const MESSAGES = 10_000_000
const MESSAGES_OF_EACH_INTERACTION = 20
const INTERACTIONS_OF_EACH_CONTACT = 2
/** One interaction in so many is open. */
const OPEN_ONE_IN = 50
const AT_ONCE = 50_000
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15)
const CONNECTIONS = 64
const LOOKS = 300

export async function run(count = MESSAGES): Promise<void> {
  const folder = await dataFolder()
  const postgres = await startEmbedded({ dataDir: `${folder.path}/postgres` })
  const agent = new Agent({ connections: 1 })
  const { pool, close } = await openDatabase({ url: postgres.url, max: 1 })
  try {
    const server = await startProgram({
      dataDir: folder.path,
      env: { DATABASE_URL: postgres.url, SECRET_KEY: newKey(), ...benchEnv },
    })
    try {
      const [account] = await makeAccounts(server.origin, 1)
      if (!account) return
      const { key } = await client(server.origin).send<{ key: string }>('POST', '/api/keys', {
        name: 'bench',
      })
      const interactions = Math.ceil(count / MESSAGES_OF_EACH_INTERACTION)
      const contacts = Math.ceil(interactions / INTERACTIONS_OF_EACH_CONTACT)
      await fillContacts(pool, account, contacts)
      const ingest = (): Promise<Measured | undefined> => driveIngest(account, contacts, folder.path)
      await ingest()
      const small = await ingest()
      // What was under way when its sender was ended is stored still.
      const { rows } = await pool.query<{ first: number }>(
        'select coalesce(max(id), 0) + 1000 as first from interaction',
      )
      const first = rows[0]?.first ?? 1
      await fill(pool, account, { first, interactions, contacts })
      const looks = await look(server.origin, key, agent, { first, interactions })
      await ingest()
      const large = await ingest()
      for (const [name, tookMs] of looks) process.stdout.write(line(name, tookMs))
      if (small && large)
        process.stdout.write(
          `growth: ${Math.round(small.perSecond)}/s taken in before, ${Math.round(large.perSecond)}/s after ` +
            `(${(((large.perSecond - small.perSecond) / small.perSecond) * 100).toFixed(1)} %)\n`,
        )
      else process.stdout.write('growth: wrk is not installed, so taking in was not measured.\n')
    } finally {
      await server.stop()
    }
  } finally {
    await agent.close()
    await close()
    await postgres.stop()
    await folder.remove()
  }
}

async function fillContacts(pool: Pool, { id }: Account, contacts: number): Promise<void> {
  await pool.query(`
    insert into contact (id, list_id, first_name, phone)
      select n, list_id, phone, phone
      from generate_series(1, ${contacts}) n, lateral (select '+' || (${FIRST_PHONE} + n) as phone) p, account where account.id = ${id};
    insert into contact_key (list_id, field, value, contact_id, claimed)
      select list_id, field, phone, id, field = 'phone' from contact, unnest(array['phone', 'firstName']) as field;
    select setval('contact_id_seq', ${contacts});
    analyze`)
}

interface Stock {
  first: number
  interactions: number
  contacts: number
}

/** A year of a large contact centre: mostly closed, spread over time, every table and index that a message touches. */
async function fill(pool: Pool, { id }: Account, { first, interactions, contacts }: Stock): Promise<void> {
  const each = MESSAGES_OF_EACH_INTERACTION
  const startedAt = performance.now()
  for (let from = 0; from < interactions; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, interactions)
    const at = `now() - interval '365 days' * (1 - n::float8 / ${interactions})`
    // Beside each other one contact has one open interaction; those that others opened meanwhile stay.
    const isOpen = `n % ${OPEN_ONE_IN} = 0 and n < ${contacts}`
    await pool.query(`
      insert into interaction (id, account_id, contact_id, thread_id, state, seq, last_message_id, last_message_at,
          last_message_direction, last_message_preview, waiting_since, created_at, closed_at)
        select ${first} + n, ${id}, 1 + n % ${contacts}, 'stock', case when ${isOpen} then 'new' else 'closed' end, ${each} + 1,
               ${first} * 1000::bigint + n * ${each} + ${each - 1}, ${at}, 'in', 'Where is my order?', case when ${isOpen} then ${at} end,
               ${at}, case when ${isOpen} then null else ${at} end
        from generate_series(${from}, ${to - 1}) n on conflict do nothing;
      insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, status, created_at)
        select ${first} * 1000::bigint + n * ${each} + m, ${first} + n, ${id}, 1 + n % ${contacts}, m + 2,
               case m % 2 when 0 then 'in' else 'out' end, 'Where is my order ' || n || '? It was to be here on Monday, and I wait.',
               case m % 2 when 0 then 'received' else 'sent' end, ${at}
        from generate_series(${from}, ${to - 1}) n, generate_series(0, ${each - 1}) m;
      insert into event (interaction_id, seq, type, message_id, at)
        select ${first} + n, m + 1, case m when 0 then 'opened' else 'message' end,
               case when m > 0 then ${first} * 1000::bigint + n * ${each} + m - 1 end, ${at}
        from generate_series(${from}, ${to - 1}) n, generate_series(0, ${each}, 2) m`)
    const stored = (to * each).toLocaleString('en')
    process.stdout.write(
      `growth: ${stored} messages after ${Math.round((performance.now() - startedAt) / 1000)} s\n`,
    )
  }
  await pool.query(`
    select setval('interaction_id_seq', (select max(id) from interaction));
    select setval('message_id_seq', (select max(id) from message))`)
  await pool.query('vacuum (analyze)')
  await pool.query('checkpoint')
}

async function driveIngest(
  account: Account,
  contacts: number,
  folder: string,
): Promise<Measured | undefined> {
  if (!hasWrk()) return undefined
  const script = messages(contacts, 0.1)
  return runWrk({ url: account.receiveUrl, connections: CONNECTIONS, seconds: SECONDS, script, folder })
}

async function look(
  origin: string,
  key: string,
  agent: Agent,
  { first, interactions }: Omit<Stock, 'contacts'>,
): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>()
  const get = async (name: string, path: string): Promise<void> => {
    const startedAt = performance.now()
    const headers = { authorization: `Bearer ${key}` }
    const { statusCode, body } = await request(`${origin}${path}`, { dispatcher: agent, headers })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text}`)
    const times = took.get(name) ?? []
    times.push(performance.now() - startedAt)
    took.set(name, times)
  }
  for (let n = 0; n < LOOKS; n++) {
    const id = first + Math.floor(Math.random() * interactions)
    await get('an interaction opened', `/api/openchannel/interactions/${id}/thread?limit=50`)
    for (const view of ['waiting', 'mine', 'team', 'closed'])
      await get(`inbox list, ${view}`, `/api/openchannel/inbox?view=${view}&limit=50`)
  }
  return took
}

function line(name: string, tookMs: number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)
  return `  ${name.padEnd(24)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms\n`
}
