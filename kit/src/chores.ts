/**
 * Work in the background that nobody waits for: mail, expiry, clearing up. A chore is a row, committed with its cause; graphile-worker
 * keeps the rows in a schema of its own and hands each to one node.
 *
 * A row waits, runs, and is deleted when it succeeded. One that failed waits e^attempt seconds (at most six hours) and runs again; after
 * its last attempt it stays for a week and is then swept out.
 */

import { Logger, runMigrations } from 'graphile-worker'
import { sql, type Transaction } from 'kysely'
import { StartError } from './config.ts'
import { type Pool, sqlState } from './database.ts'

export interface Chore {
  /**
   * It may run twice: after a crash, or when its answer was lost. `stopping` is aborted when the program cannot wait any longer.
   * `isLast`: when it fails now, it is not tried again.
   */
  run(payload: unknown, stopping: AbortSignal, attempt: { isLast: boolean }): Promise<void>
  /** For what comes round by itself: a cron expression in UTC. One node runs it, and a failed round waits for the next. */
  every?: string
}

/** By name. Rooms offer theirs as `<room>Chores(ctx)`; `app.ts` gathers them. */
export type Chores = Readonly<Record<string, Chore>>

export interface ChoreOptions {
  /** The last failure is logged as an error. */
  attempts?: number
  /** A chore that still waits under the same key is replaced. */
  key?: string
  notBefore?: Date
  /** What others wait for more goes before it. */
  isSecondary?: boolean
}

const USUAL_ATTEMPTS = 10
const SCHEMA = 'graphile_worker'
const INSUFFICIENT_PRIVILEGE = '42501'

/** Adds it in the caller's transaction: it runs after the commit, or not at all. */
export async function addChore<DB>(
  tx: Transaction<DB>,
  name: string,
  payload: object,
  { attempts = USUAL_ATTEMPTS, key, notBefore, isSecondary = false }: ChoreOptions = {},
): Promise<void> {
  await sql`select from ${sql.id(SCHEMA)}.add_job(
    ${name}::text,
    payload := ${JSON.stringify(payload)}::json,
    max_attempts := ${attempts}::int,
    job_key := ${key ?? null}::text,
    run_at := ${notBefore ?? null}::timestamptz,
    priority := ${isSecondary ? 10 : 0}::int
  )`.execute(tx)
}

/** Forgets what failed for good a week ago: a mail names people. */
export async function sweepFailed(pool: Pool): Promise<void> {
  await pool.query(`select from ${SCHEMA}.complete_jobs(array(
    select id from ${SCHEMA}.jobs
    where attempts >= max_attempts and locked_at is null and updated_at < now() - interval '7 days'
  ))`)
}

/** Makes or brings forward the schema in which chores wait; several nodes may call it at the same time. */
export async function prepareChores(pool: Pool): Promise<void> {
  try {
    await runMigrations({ pgPool: pool, schema: SCHEMA, logger: silent })
  } catch (error) {
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error
    throw new StartError(
      `The database's user must be allowed to make the schema ${SCHEMA}: grant create on database ... to it, or make it the database's owner.`,
    )
  }
}

/** What it says may hold a payload, and a payload may be a person's mail. Failures are logged from its events. */
export const silent = new Logger(() => () => {})

export const where = { schema: SCHEMA, logger: silent, noHandleSignals: true } as const
