/** The plans of a batch: they are made once for each connection, perhaps when there is nothing yet, and must do when there is much. */
import type { PoolClient } from '@patchbay/kit/database.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { type Row, storeRows, toValues } from './receive.sql.ts'
import { readMessage } from './receive-fields.ts'

const server = await startTestServer()
const { pool } = server.ctx
const INTERACTIONS = 3000

function row(from: string, firstName?: string): Row {
  return {
    account: { id: 1, listId: 1, updateRule: 'overwrite', reopenWithinMinutes: 0, actions: [], events: [] },
    content: null,
    message: readMessage(
      Object.entries({ from, body: 'Hello', mapKey: 'phone', ...(firstName && { firstName }) }),
      {
        mapKey: null,
        customFields: new Map(),
        hasFile: false,
        senderId: undefined,
      },
    ),
  }
}

/** Entries of indexes over interactions that were read so far. */
async function readOf(client: PoolClient): Promise<number> {
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query<{ read: number }>(
    `select sum(idx_tup_read)::int as read from pg_stat_user_indexes where relname = 'interaction'`,
  )
  return rows[0]?.read ?? 0
}

test('a batch that was planned while nothing was stored reads what it needs when there is much, and no more', async () => {
  await pool.query('alter table interaction set (autovacuum_enabled = off)')
  const client = await pool.connect()
  try {
    const store = (from: string[], name?: string) =>
      storeRows(client, toValues(from.map((one) => row(one, name))), { mayBeFirst: false, tell: false })
    for (const from of ['first', 'first', 'second']) await store([from])
    for (const name of ['Ada', 'Augusta']) await store(['first'], name)
    await client.query(
      `with made as (insert into contact (list_id, phone) select 1, 'x' || n from generate_series(1, $1) n returning id)
       insert into interaction (account_id, contact_id) select 1, id from made`,
      [INTERACTIONS],
    )
    const before = await readOf(client)
    await store(['first', 'second', 'third'])
    const read = (await readOf(client)) - before
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(50)
    await store(['first'], 'Lovelace')
    expect((await readOf(client)) - before - read).toBeLessThan(50)

    // The other way round: what reads all that is open is counted.
    await client.query(
      `set enable_seqscan = off; select count(*) from interaction where closed_at is null and contact_id + 0 > 0`,
    )
    expect((await readOf(client)) - before).toBeGreaterThan(INTERACTIONS)
  } finally {
    client.release()
  }
})
