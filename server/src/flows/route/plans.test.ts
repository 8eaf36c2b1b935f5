/** Plans of what routing and delivery ask many times a second: made while nothing is stored, kept for as long as the connection lives. */
import type { PoolClient } from '@patchbay/kit/database.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { expect, test } from 'vitest'
import { migrationsDir } from '../../boot.ts'
import type { DB } from '../../database.gen.ts'

// No server on it: what a router or a desk reads beside the test would be counted too.
const { database } = await testDatabase<DB>(migrationsDir)
const { pool } = database
const STORED = 10_000
/** What one call for a few interactions may read, of indexes and of tables. */
const FEW = 60

const tables = [
  'interaction',
  'queue_entry',
  'offer',
  'lane',
  'delivery',
  'action_run',
  'action_call',
  'message',
  'route_request',
]

/** Rows read so far: entries of indexes, and what was read of a table without one. */
async function readOf(client: PoolClient): Promise<Record<string, number>> {
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query<{ name: string; read: number }>(
    `select t.relname as name, (t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0))::int as read
     from pg_stat_user_tables t left join pg_stat_user_indexes i on i.relid = t.relid
     where t.relname = any ($1) group by t.relname, t.seq_tup_read`,
    [tables],
  )
  return Object.fromEntries(rows.map(({ name, read }) => [name, read]))
}

async function readBy(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, number>> {
  const before = await readOf(client)
  await client.query(text, values)
  const after = await readOf(client)
  const read = tables.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
  return Object.fromEntries(read.filter(([, count]) => count > 0))
}

const attempt = (id: number) => ({
  place: 0,
  interaction_id: id,
  account_id: 1,
  purpose: 0,
  fence: 1,
  delivery_id: id,
  message_id: id,
  message_status: 'queued',
  attempt: 1,
  state: 'delivered',
  status: 200,
  started_at: '2026-01-01T00:00:00Z',
  duration_ms: 5,
  details: {},
})

/** Each for the interaction of that id; all of them are asked while nothing is stored, and once more afterwards. */
const asked: Record<string, (id: number) => [text: string, values?: unknown[]]> = {
  take_requests: () => ['select * from take_requests(20)'],
  take_steps: (id) => [
    `select take_steps($1, '{queued}', '{null}', '{"{}"}', '{1}', '{null}', '{one}', '{null}')`,
    [[id]],
  ],
  'take_steps with an answer': (id) => [
    `select take_steps($1, '{message}', '{Hello}', '{"{}"}', '{null}', '{null}', '{one}', '{null}')`,
    [[id]],
  ],
  begin_runs: (id) => [
    'select begin_runs($1)',
    [JSON.stringify([{ interaction_id: id, account_id: 1, lines: [], vars: {}, answered: [], calls: 0 }])],
  ],
  waiting_for: () => [`select * from waiting_for('{1}', '{1}', '{1}', 30, 200, true)`],
  routing_outlook: () => ['select * from routing_outlook()'],
  claim_lanes: () => [`select * from claim_lanes(3, 1000, null, '{}')`],
  'claim_lanes besides an endpoint': () => [`select * from claim_lanes(3, 1000, null, '{400000}')`],
  'claim_lanes of one endpoint': () => [`select * from claim_lanes(3, 1000, '{4}', '{}')`],
  settle_deliveries: (id) => [
    'select * from settle_deliveries($1, 1000, false)',
    [JSON.stringify([attempt(id)])],
  ],
  'settle_deliveries of a failure': (id) => [
    'select * from settle_deliveries($1, 1000, false)',
    [JSON.stringify([{ ...attempt(id), state: 'pending', status: 500, reason: 'no', delay_ms: 5000 }])],
  ],
  take_receipt: (id) => [`select * from take_receipt(1, $1, null, 'delivered', null)`, [id]],
  release_lanes: (id) => [`select release_lanes($1, '{0}', '{1}', array[now()])`, [[id]]],
}

const few = (id: number) => Object.entries(asked).map(([name, ask]) => [name, ask(id)] as const)

test('what is asked often reads what it needs when there is much, though it was planned while there was nothing', async () => {
  for (const table of tables) await pool.query(`alter table ${table} set (autovacuum_enabled = off)`)
  // PostgreSQL summarises it by itself when much has come, whatever was said of the table, and what it reads for that would be counted.
  await pool.query('drop index message_at')
  await pool.query(`
    insert into account (name, list_id, token_digest, token_sealed, secret_sealed) select 'Shop', min(id), '', '', '' from list;
    insert into queue (name) values ('Sales');
    insert into app_user (email, name, fullname, role, role_id) select 'a@example.com', 'a', 'A', 'admin', id from role where preset = 'admin';
    insert into queue_agent (queue_id, user_id) values (1, 1)`)
  const client = await pool.connect()
  try {
    for (const [, [text, values]] of [...few(1), ...few(1)]) await client.query(text, values)
    await client.query(
      `with made as (
         insert into interaction (id, account_id, contact_id, state, queue_id, seq) overriding system value
         select n, 1, n, 'queued', 1, 1 from generate_series(10, $1 + 9) n returning id),
       message as (
         insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, status) overriding system value
         select id, id, 1, id, 1, 'out', 'Hello', 'queued' from made),
       delivery as (
         insert into delivery (id, interaction_id, account_id, message_id, webhook_id) overriding system value
         select id, id, 1, id, 'msg_' || id from made),
       lane as (insert into lane (interaction_id, account_id, next_at, fence) select id, 1, now() - interval '1 hour', 1 from made),
       routed as (insert into route_request (interaction_id, account_id) select id, 1 from made),
       run as (insert into action_run (interaction_id, account_id) select id, 1 from made),
       offered as (
         insert into offer (interaction_id, queue_id, user_id, state, expires_at) select id, 1, 2, 'timeout', now() from made)
       insert into queue_entry (interaction_id, account_id, queue_id) select id, 1, 1 from made`,
      [STORED],
    )
    const read = new Map<string, Record<string, number>>()
    for (const [nr, [name, ask]] of Object.entries(asked).entries())
      read.set(name, await readBy(client, ...ask(100 + nr)))
    const tooMuch = [...read].filter(([, counts]) => Object.values(counts).some((count) => count > FEW))
    expect(tooMuch).toEqual([])
    // Not for want of anything to read.
    expect(Object.keys(read.get('settle_deliveries') ?? {})).toContain('delivery')
    expect(read.get('take_requests')?.interaction).toBeGreaterThan(0)

    // The other way round: what reads all there is is counted.
    const all = await readBy(client, 'select count(*) from interaction where contact_id + 0 > 0')
    expect(all.interaction).toBeGreaterThanOrEqual(STORED)
  } finally {
    client.release()
  }
})
