/** What operators and their tools ask: alive, ready, numbers. */
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { version } from '../version.ts'

const DATABASE_WITHIN_MS = 2_000

export function healthPages(http: Http, { db, pool, metrics }: Context): void {
  let stopping = false
  http.addHook('preClose', async () => {
    stopping = true
  })
  metrics.gauge('database_connections', 'Connections to the database', () => pool.totalCount)
  metrics.gauge('database_waiting', 'Statements that wait for a connection', () => pool.waitingCount)

  http.get('/healthz', async () => ({ status: 'alive', version }))

  // Migrations are done before the server listens, so only the database can be missing.
  http.get('/readyz', async () => {
    if (stopping) throw new Refusal('GE-109', 'The program is stopping.', { retryAfterSeconds: 5 })
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('no answer')), DATABASE_WITHIN_MS).unref()
    })
    try {
      await Promise.race([sql`select 1`.execute(db), late])
    } catch {
      throw new Refusal('GE-109', 'The database does not answer.', { retryAfterSeconds: 5 })
    }
    return { status: 'ready', version }
  })

  http.get('/metrics', async (_request, reply) => {
    reply.type(metrics.contentType)
    return metrics.text()
  })
}
