/** What tests of batches need: rows, what was stored of them, a lock that holds every batch up, and an eye on the connections. */
import { type PoolClient, transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { TestServer } from '../../testing.ts'
import type { Row } from './receive.sql.ts'
import { batchLimits } from './receive-batch.ts'
import { readMessage } from './receive-fields.ts'

export const account: Row['account'] = {
  id: 1,
  listId: 1,
  updateRule: 'fill',
  reopenWithinMinutes: 0,
  actions: [],
  events: [],
}
export const rules = { mapKey: null, customFields: new Map(), hasFile: false, senderId: undefined }

// A usual batch takes a second here, so that there is time to look.
export const slowly = { ...batchLimits, gatherMs: 1000, gatherRows: 2, patienceMs: 60_000 }

export function row(from: string, body: string, mapKey = 'phone', listId = account.listId): Row {
  return {
    account: { ...account, listId },
    content: null,
    message: readMessage(Object.entries({ from, body, mapKey }), rules),
  }
}

export const codeOf = (error: unknown): unknown => (error instanceof Refusal ? error.code : 'bug')

export function codes(results: PromiseSettledResult<unknown>[]): unknown[] {
  return results.map((result) => (result.status === 'fulfilled' ? 'stored' : codeOf(result.reason)))
}

interface Watched {
  ctx: Pick<TestServer['ctx'], 'pool' | 'push' | 'log'>
  /** Statements sent, and the connections that were taken for them. */
  seen: { sent: number; connections: number }
}

export function batchTesting(server: TestServer) {
  const { pool, db } = server.ctx

  async function bodies(prefix: string): Promise<string[]> {
    const { rows } = await pool.query('select body from message where starts_with(body, $1) order by body', [
      prefix,
    ])
    return rows.map(({ body }) => body)
  }

  // A lock on the table holds every batch up until it is let go.
  async function whileBlocked<T>(work: () => Promise<T>): Promise<T> {
    return transaction(db, async (tx) => {
      await sql`lock table interaction in exclusive mode`.execute(tx)
      return work()
    })
  }

  /** Ends the connection of the batch that waits for a lock. */
  async function endBlocked(): Promise<void> {
    await expect
      .poll(async () => {
        const { rows } = await pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and query like '%from receive(%' and wait_event_type = 'Lock'
             and pid <> pg_backend_pid()`,
        )
        return rows.length
      })
      .toBe(1)
  }

  function watch(): Watched {
    const seen = { sent: 0, connections: 0 }
    const connect = async (): Promise<PoolClient> => {
      const client = await pool.connect()
      seen.connections++
      const query = client.query.bind(client) as (...args: unknown[]) => unknown
      client.query = ((...args: unknown[]) => {
        seen.sent++
        return query(...args)
      }) as PoolClient['query']
      return client
    }
    const watched = new Proxy(pool, {
      get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name, target)),
    })
    return { ctx: { ...server.ctx, pool: watched }, seen }
  }

  return { bodies, whileBlocked, endBlocked, watch }
}
