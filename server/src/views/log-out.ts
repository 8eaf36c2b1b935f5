/** The half of the delivery log that went out: deliveries with their attempts. */

import { giveUp } from '@patchbay/kit/retries.ts'
import type { LogAttempt, LogRow, logApi } from '@patchbay/protocol/api/log.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { events } from '../arrivals/arrivals.ts'
import type { Db } from '../db.ts'
import type { AttemptDetails } from '../delivery/attempt-details.ts'
import { callEvents } from '../delivery/call-records.ts'
import { type Found, LAST_KEY, type Position, ranks } from './log-position.ts'

export type LogQuery = Query<(typeof logApi)['GET /api/openchannel/accounts/:id/log']>

/** Deliveries looked at for one page: what the filter leaves of them is shown, and the next page goes on behind them. */
const LOOKED_AT = 2_000
/** A text is looked for in every body of every attempt. */
const LOOKED_INTO = 300
const MESSAGES_OF_ONE = 10_000

const outStates: readonly string[] = ['pending', 'delivered', 'failed', 'dead']
type OutState = 'pending' | 'delivered' | 'failed' | 'dead'

interface DeliveryRow {
  id: number
  account_id: number
  interaction_id: number
  message_id: number | null
  event: string
  state: OutState
  attempts: number
  next_at: Date
  last_status: number | null
  last_error: string | null
  created_at: Date
  instant: number
  matches: boolean
}

const columns = sql`d.id, d.account_id, d.interaction_id, d.message_id, d.event, d.state, d.attempts, d.last_status, d.last_error,
  d.created_at, (extract(epoch from d.created_at) * 1000000)::bigint as instant`
/** Behind an open breaker the next probe decides, and not the delivery's own time. */
const nextAt = sql`coalesce((
  select e.probe_at from endpoint e where e.id = endpoint_id(d.account_id, d.purpose) and e.state = 'open'), d.next_at) as next_at`

/** Events of the other halves of the log. */
const elsewhere: ReadonlySet<string> = new Set([...events, ...callEvents])
const isElsewhere = (event: string | undefined): boolean => event !== undefined && elsewhere.has(event)

/** `before`: only what is older. */
export async function outgoingRows(
  db: Db,
  accountId: number,
  query: LogQuery,
  before: Position | undefined,
  limit: number,
): Promise<Found<LogRow>> {
  const states = query.state?.filter((state) => outStates.includes(state))
  const isNone = query.direction === 'in' || states?.length === 0 || isElsewhere(query.event)
  if (isNone) return { rows: [], until: null }
  const isFiltered = states !== undefined || query.event !== undefined
  const most = query.text !== undefined ? LOOKED_INTO : isFiltered ? LOOKED_AT : limit + 1
  const { rows } = await sql<DeliveryRow>`
    select ${columns}, ${nextAt}, ${query.text === undefined ? sql`true` : holds(query.text)} as matches
    from (
      select * from delivery d where ${sql.join(conditions(accountId, query, states, before), sql` and `)}
      order by d.created_at desc, d.id desc limit ${most}) d
    order by d.created_at desc, d.id desc`.execute(db)
  const fitting = rows.filter(
    ({ matches, state, event }) =>
      matches && (!states || states.includes(state)) && (query.event ?? event) === event,
  )
  const shown = fitting.slice(0, limit + 1)
  const durations = await lastDurations(
    db,
    shown.map(({ id }) => id),
  )
  const last = rows.length === most ? rows.at(-1) : undefined
  return {
    rows: shown.map((row) => ({ ...positionOf(row), row: toRow(row, durations.get(row.id) ?? null) })),
    until: fitting.length > shown.length ? positionOf(shown.at(-1) ?? null) : positionOf(last ?? null),
  }
}

function conditions(
  accountId: number,
  query: LogQuery,
  states: readonly string[] | undefined,
  before: Position | undefined,
): RawBuilder<SqlBool>[] {
  const all = [sql<SqlBool>`d.account_id = ${accountId}`]
  // In these words the index of what is open serves.
  if (states && !states.includes('delivered')) all.push(sql<SqlBool>`d.state <> 'delivered'`)
  if (query.from !== undefined) all.push(sql<SqlBool>`d.created_at >= ${query.from}`)
  if (query.to !== undefined) all.push(sql<SqlBool>`d.created_at < ${query.to}`)
  if (before) {
    const key = before.rank === ranks.out ? before.key : 0
    all.push(
      sql<SqlBool>`(d.created_at, d.id) < (timestamptz 'epoch' + ${before.at} * interval '1 microsecond', ${key})`,
    )
  }
  if (query.interactionId !== undefined)
    // As an array, which is made first: a condition in two halves would be looked for from the newest delivery on.
    all.push(sql<SqlBool>`d.id = any(array(
      select o.id from delivery o where o.message_id in (
        select id from message where interaction_id = ${query.interactionId} order by seq desc limit ${MESSAGES_OF_ONE})
      union all
      select o.id from delivery o where o.interaction_id = ${query.interactionId} and o.purpose <> 0))`)
  return all
}

function holds(text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  // An aggregate and not `exists`, for which all attempts of all accounts would be read once.
  return sql<SqlBool>`(coalesce(d.last_error ilike ${pattern}, false) or coalesce((
    select bool_or(a.request_body ilike ${pattern} or a.response_body ilike ${pattern} or a.error ilike ${pattern})
    from delivery_attempt a where a.delivery_id = d.id), false))`
}

function positionOf(row: DeliveryRow): Position
function positionOf(row: DeliveryRow | null): Position | null
function positionOf(row: DeliveryRow | null): Position | null {
  return row && { at: row.instant, rank: ranks.out, key: Math.min(row.id, LAST_KEY) }
}

async function lastDurations(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; ms: number }>`
    select d.id, a.duration_ms as ms from unnest(${ids}::bigint[]) d(id) cross join lateral (
      select duration_ms from delivery_attempt where delivery_id = d.id order by attempt desc limit 1) a`.execute(
    db,
  )
  return new Map(rows.map(({ id, ms }) => [id, ms]))
}

/** Undefined when the account has no such delivery. */
export async function outgoingEntry(
  db: Db,
  accountId: number,
  id: number,
): Promise<{ row: LogRow; attempts: LogAttempt[]; failure: AttemptDetails['failure'] } | undefined> {
  const { rows } = await sql<DeliveryRow>`
    select ${columns}, ${nextAt} from delivery d where d.id = ${id} and d.account_id = ${accountId}`.execute(
    db,
  )
  if (!rows[0]) return undefined
  const found = await attemptsOf(db, id)
  const last = found.at(-1)
  return {
    row: toRow(rows[0], last?.duration_ms ?? null),
    attempts: found.map(toAttempt),
    failure: last?.details?.failure ?? null,
  }
}

interface AttemptRow {
  attempt: number
  started_at: Date
  duration_ms: number
  status: number | null
  error: string | null
  request_body: string | null
  response_body: string | null
  details: AttemptDetails | null
}

async function attemptsOf(db: Db, deliveryId: number): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select attempt, started_at, duration_ms, status, error, request_body, response_body, details
    from delivery_attempt where delivery_id = ${deliveryId} order by attempt, id limit 200`.execute(db)
  return rows
}

function toRow(row: DeliveryRow, durationMs: number | null): LogRow {
  return {
    id: `out-${row.id}`,
    at: row.created_at.toISOString(),
    accountId: row.account_id,
    direction: 'out',
    event: row.event,
    interactionId: row.interaction_id > 0 ? row.interaction_id : null,
    messageId: row.message_id,
    deliveryId: row.id,
    state: row.state,
    status: row.last_status,
    code: null,
    reason: row.last_error,
    note: null,
    askedBy: null,
    attempt: row.attempts,
    attempts: giveUp.attempts,
    durationMs,
    nextAt: row.state === 'pending' ? row.next_at.toISOString() : null,
  }
}

function toAttempt(row: AttemptRow): LogAttempt {
  const { details } = row
  return {
    attempt: row.attempt,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    status: row.status,
    error: row.error,
    method: 'POST',
    url: details?.url ?? '',
    request: {
      headers: details?.requestHeaders ?? {},
      body: row.request_body,
      sizeBytes: details?.requestBytes ?? null,
    },
    response: {
      headers: details?.responseHeaders ?? {},
      body: row.response_body,
      sizeBytes: details?.responseBytes ?? null,
    },
    timing: {
      dnsMs: details?.dnsMs ?? null,
      connectMs: details?.connectMs ?? null,
      tlsMs: details?.tlsMs ?? null,
      firstByteMs: details?.firstByteMs ?? null,
    },
  }
}
