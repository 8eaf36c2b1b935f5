// Opens PostgreSQL: one pool, the typed query builder over it, and transactions that retry what PostgreSQL asks to retry.
import { type IsolationLevel, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { StartError } from './config.ts'
import { DatabaseLost, STALE_PLAN, WatchedPool } from './database-loss.ts'

export type Pool = pg.Pool
export type PoolClient = pg.PoolClient

export interface Database<DB> {
  /** For the hot statements, prepared by name, and for LISTEN. */
  pool: Pool
  query: Kysely<DB>
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  /** Connections at most. */
  max?: number
  applicationName?: string
  /** Hears of connections that broke while nobody used them; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void
}

export async function openDatabase<DB>(options: DatabaseOptions): Promise<Database<DB>> {
  const pool = new WatchedPool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'patchbay',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: { getTypeParser },
    onConnect: (client) => client.query(settings),
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  // What breaks while somebody uses it fails his query; without a listener it would end the program as well.
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    const cause = error instanceof DatabaseLost ? error.cause : error
    throw new StartError(`Cannot reach the database at ${describeAddress(options.url)}: ${describe(cause)}.`)
  }
  const query = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  return { pool, query, close: () => pool.end() }
}

/**
 * Runs `work` in a transaction, again when PostgreSQL reports a serialization failure, a deadlock or a plan gone stale. `work` may
 * therefore run more than once and must do nothing that a rollback does not undo.
 */
export async function transaction<DB, T>(
  db: Kysely<DB>,
  work: (trx: Transaction<DB>) => Promise<T>,
  options: { isolation?: IsolationLevel; attempts?: number } = {},
): Promise<T> {
  const attempts = options.attempts ?? 5
  for (let attempt = 1; ; attempt++) {
    try {
      const builder = db.transaction()
      return await (options.isolation ? builder.setIsolationLevel(options.isolation) : builder).execute(work)
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt))
    }
  }
}

/** The SQLSTATE of a database error, for code that reacts to one (`23505` is a unique violation). */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Whether the database could not be asked, or could not do its part now: nothing about what it was asked. */
export function isOutage(error: unknown): boolean {
  // Connections, insufficient resources (a full disk), an operator's hand, a standby: in PostgreSQL's words.
  return error instanceof DatabaseLost || /^(08|53|57|25006)/.test(sqlState(error) ?? '')
}

function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01' || state === STALE_PLAN
}

// An acknowledged write must be durable, so a database that was told to lose commits is overruled. Stricter values (remote_apply in a
// cluster) stay. Hot functions forbid plans that read whole tables, by a price at which PostgreSQL would compile each of them anew for
// every call, for ten times as long as the call takes: where it can compile (Debian's packages, the official image) it is told not to.
const settings = `select set_config('jit', 'off', false),
  case current_setting('synchronous_commit') when 'off' then set_config('synchronous_commit', 'on', false) end`

const { INT8, DATE, TIMESTAMPTZ } = pg.types.builtins
const INT8_ARRAY: number = 1016
const DATE_ARRAY: number = 1182
const TEXT_ARRAY: number = 1009

type Parse = (value: string) => unknown

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
  return parsers.get(oid) ?? (pg.types.getTypeParser(oid) as Parse)
}

const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY, 'text') as (value: string) => (string | null)[]

const parseInstant = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (value: string) => Date

// A date has no time zone: as a Date it would move by a day for readers east or west of the server. Infinite instants
// become the ends of what a Date can hold, since the driver would answer a number where every reader expects a Date.
const parsers = new Map<number, Parse>([
  [INT8, parseInt8],
  [INT8_ARRAY, (value) => parseTextArray(value).map((item) => (item === null ? null : parseInt8(item)))],
  [DATE, (value) => value],
  [TIMESTAMPTZ, (value) => infinite[value] ?? parseInstant(value)],
  [DATE_ARRAY, parseTextArray],
])

const LAST_INSTANT_MS = 8.64e15
const infinite: Readonly<Record<string, Date>> = {
  infinity: new Date(LAST_INSTANT_MS),
  '-infinity': new Date(-LAST_INSTANT_MS),
}

function parseInt8(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`the database answered ${value}, which no number holds exactly`)
  return number
}

function describeAddress(url: string): string {
  try {
    const { hostname, port, searchParams } = new URL(url)
    const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || 'localhost')
    return host.startsWith('/') ? host : `${host}:${port || 5432}`
  } catch {
    return 'the address in its URL, which cannot be read'
  }
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
