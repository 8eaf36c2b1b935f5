/** How the deliveries of accounts fare, drawn from what is open and from the newest attempts: every look is bounded, however much is stored. */
import type { AccountHealth } from '@patchbay/protocol/api/log.ts'
import { sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db } from '../db.ts'

/** Attempts of the last hour that are looked at, the newest. */
const SAMPLE = 1_000
const MOST_COUNTED = 10_000
const SLOW_MS = 5_000

interface Row {
  id: number
  reply_url: string
  tried: number
  went_well: number
  p95: number | null
  is_idle: boolean
  pending: number
  dead: number
  failed_at: Date | null
  failed_status: number | null
  failed_reason: string | null
  breaker: AccountHealth['breaker']['state'] | null
  breaker_since: Date | null
  probe_at: Date | null
  alarmed_at: Date | null
  alarmed_for: string | null
}

/** In the order of their ids; those that do not exist or are not the caller's are missing. */
export async function healthOf(
  db: Db,
  caller: Caller,
  accountIds: readonly number[],
): Promise<AccountHealth[]> {
  const { rows } = await sql<Row>`
    select a.id, a.reply_url, recent.tried, recent.went_well, recent.p95, opened.pending, opened.dead,
      recent.tried = 0 and not exists (
        select from delivery_attempt t where t.account_id = a.id and t.started_at > now() - interval '1 day') as is_idle,
      failure.started_at as failed_at, failure.status as failed_status, failure.error as failed_reason,
      e.state as breaker, e.since as breaker_since, e.probe_at, alarm.since as alarmed_at, alarm.reason as alarmed_for
    from account a
    left join endpoint e on e.id = endpoint_id(a.id, 0::smallint)
    cross join lateral (
      select count(*)::int as tried, (count(*) filter (where error is null))::int as went_well,
        percentile_disc(0.95) within group (order by duration_ms) as p95
      from (select error, duration_ms from delivery_attempt t
            where t.account_id = a.id and t.started_at > now() - interval '1 hour'
            order by t.started_at desc limit ${SAMPLE}) t) recent
    cross join lateral (
      select (count(*) filter (where state = 'pending'))::int as pending, (count(*) filter (where state = 'dead'))::int as dead
      from (select state from delivery d where d.account_id = a.id and d.state <> 'delivered'
            order by d.created_at desc limit ${MOST_COUNTED}) d) opened
    left join lateral (
      select started_at, status, error from delivery_attempt t where t.account_id = a.id and t.error is not null
      order by t.started_at desc limit 1) failure on true
    left join lateral (
      select since, reason from alarm m where m.account_id = a.id and m.ended_at is null order by m.purpose limit 1) alarm on true
    where a.id = any(${accountIds}) and a.deleted_at is null and ${visibleAccounts(caller, 'a.id')}
    order by a.id`.execute(db)
  return rows.map(toHealth)
}

function toHealth(row: Row): AccountHealth {
  const share = row.tried === 0 ? null : row.went_well / row.tried
  return {
    accountId: row.id,
    state: stateOf(row, share),
    successPercent: share === null ? null : Math.round(share * 1000) / 10,
    p95Ms: row.p95,
    pending: row.pending,
    dead: row.dead,
    lastFailure: row.failed_at && {
      at: row.failed_at.toISOString(),
      status: row.failed_status,
      reason: row.failed_reason ?? '',
    },
    breaker: {
      state: row.breaker ?? 'closed',
      since: row.breaker === 'closed' ? null : (row.breaker_since?.toISOString() ?? null),
      probeAt: row.probe_at?.toISOString() ?? null,
    },
    alarm: row.alarmed_at && { since: row.alarmed_at.toISOString(), reason: row.alarmed_for ?? '' },
  }
}

function stateOf(row: Row, share: number | null): AccountHealth['state'] {
  if (row.reply_url === '') return 'unconfigured'
  if (row.breaker === 'open' || (share !== null && share < 0.5)) return 'failing'
  if (row.is_idle) return row.pending > 0 ? 'degraded' : 'idle'
  return row.breaker === 'ramping' || (share !== null && share < 0.95) || (row.p95 ?? 0) > SLOW_MS
    ? 'degraded'
    : 'ok'
}
