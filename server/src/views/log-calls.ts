/** The part of the delivery log that flows and triggers asked of programs elsewhere: bots and web requests, with their attempts. */
import type { LogAttempt, LogRow } from '@patchbay/protocol/api/log.ts'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { AttemptDetails } from '../delivery/attempt-details.ts'
import { type CallAttempt, callEvents } from '../delivery/call-records.ts'
import type { LogQuery } from './log-out.ts'
import { type Found, type Position, ranks } from './log-position.ts'

const states: readonly string[] = ['pending', 'delivered', 'failed', 'dead']
/** Calls looked at for one page. */
const LOOKED_AT = 2_000
const LOOKED_INTO = 300

interface CallRow {
  id: number
  account_id: number
  interaction_id: number
  message_id: number | null
  event: string
  asked_by: string
  state: LogRow['state']
  attempt_limit: number
  started_at: Date
  attempts: Omit<CallAttempt, 'attempt'>[]
  instant: number
  matches: boolean
}

const columns = sql`c.id, c.account_id, c.interaction_id, c.message_id, c.event, c.asked_by, c.state, c.attempt_limit, c.started_at, c.attempts,
  (extract(epoch from c.started_at) * 1000000)::bigint as instant`

/** `before`: only what is older. */
export async function callRows(
  db: Db,
  accountId: number,
  query: LogQuery,
  before: Position | undefined,
  limit: number,
): Promise<Found<LogRow>> {
  const wanted = query.state?.filter((state) => states.includes(state))
  const isNone =
    query.direction === 'in' ||
    wanted?.length === 0 ||
    (query.event !== undefined && !(callEvents as readonly string[]).includes(query.event))
  if (isNone) return { rows: [], until: null }
  const isFiltered = wanted !== undefined || query.event !== undefined
  const most = query.text !== undefined ? LOOKED_INTO : isFiltered ? LOOKED_AT : limit + 1
  const { rows } = await sql<CallRow>`
    select ${columns}, ${query.text === undefined ? sql`true` : holds(query.text)} as matches
    from (
      select * from call_record c where ${sql.join(conditions(accountId, query, before), sql` and `)}
      order by c.started_at desc, c.id desc limit ${most}) c
    order by c.started_at desc, c.id desc`.execute(db)
  const fitting = rows.filter(
    ({ matches, state, event }) =>
      matches && (!wanted || wanted.includes(state)) && (query.event ?? event) === event,
  )
  const shown = fitting.slice(0, limit + 1)
  const end = fitting.length > shown.length ? shown.at(-1) : rows.length === most ? rows.at(-1) : undefined
  return {
    rows: shown.map((row) => ({ ...positionOf(row), row: toRow(row) })),
    until: end ? positionOf(end) : null,
  }
}

function conditions(accountId: number, query: LogQuery, before: Position | undefined): RawBuilder<SqlBool>[] {
  const all = [sql<SqlBool>`c.account_id = ${accountId}`]
  if (query.from !== undefined) all.push(sql<SqlBool>`c.started_at >= ${query.from}`)
  if (query.to !== undefined) all.push(sql<SqlBool>`c.started_at < ${query.to}`)
  if (query.interactionId !== undefined) all.push(sql<SqlBool>`c.interaction_id = ${query.interactionId}`)
  if (before) {
    const key = before.rank === ranks.call ? before.key : 0
    all.push(
      sql<SqlBool>`(c.started_at, c.id) < (timestamptz 'epoch' + ${before.at} * interval '1 microsecond', ${key})`,
    )
  }
  return all
}

function holds(text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`exists (select from jsonb_array_elements(c.attempts) one
    where one->>'requestBody' ilike ${pattern} or one->>'responseBody' ilike ${pattern} or one->>'error' ilike ${pattern})`
}

const positionOf = ({ instant, id }: CallRow): Position => ({ at: instant, rank: ranks.call, key: id })

/** Undefined when the account has no such call. */
export async function callEntry(
  db: Db,
  accountId: number,
  id: number,
): Promise<{ row: LogRow; attempts: LogAttempt[]; failure: AttemptDetails['failure'] } | undefined> {
  const { rows } = await sql<CallRow>`
    select ${columns} from call_record c where c.id = ${id} and c.account_id = ${accountId}`.execute(db)
  const [row] = rows
  return (
    row && {
      row: toRow(row),
      attempts: row.attempts.map(toAttempt),
      failure: row.attempts.at(-1)?.details.failure ?? null,
    }
  )
}

function toRow(row: CallRow): LogRow {
  const last = row.attempts.at(-1)
  return {
    id: `call-${row.id}`,
    at: row.started_at.toISOString(),
    accountId: row.account_id,
    direction: 'out',
    event: row.event,
    interactionId: row.interaction_id,
    messageId: row.message_id,
    deliveryId: null,
    state: row.state,
    status: last?.status ?? null,
    code: null,
    reason: last?.error ?? null,
    note: null,
    askedBy: row.asked_by,
    attempt: row.attempts.length,
    attempts: row.attempt_limit,
    durationMs: last?.durationMs ?? null,
    nextAt: null,
  }
}

function toAttempt(one: Omit<CallAttempt, 'attempt'>, index: number): LogAttempt {
  const { details } = one
  return {
    attempt: index + 1,
    startedAt: one.startedAt,
    durationMs: one.durationMs,
    status: one.status,
    error: one.error,
    method: one.method,
    url: details.url,
    request: {
      headers: details.requestHeaders,
      body: one.requestBody ?? null,
      sizeBytes: details.requestBytes,
    },
    response: {
      headers: details.responseHeaders ?? {},
      body: one.responseBody ?? null,
      sizeBytes: details.responseBytes,
    },
    timing: {
      dnsMs: details.dnsMs,
      connectMs: details.connectMs,
      tlsMs: details.tlsMs,
      firstByteMs: details.firstByteMs,
    },
  }
}
