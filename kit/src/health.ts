/** What operators and their tools ask: alive, ready, numbers. */
import type { Pool } from './database.ts'
import type { Http } from './http.ts'
import type { Metrics } from './metrics.ts'
import { Refusal } from './refusal.ts'

const DATABASE_WITHIN_MS = 2_000

export function healthPages(
  http: Http,
  { pool, metrics, version }: { pool: Pool; metrics: Metrics; version: string },
): void {
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
      await Promise.race([pool.query('select 1'), late])
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
