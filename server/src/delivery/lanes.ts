/**
 * The lanes: one per interaction and purpose, each the order in which its deliveries leave.
 *
 * at rest   next_at is null       nothing is owed
 * due       next_at has come      any worker may claim it
 * waiting   next_at is to come    for the next attempt of its first delivery; what was added later waits behind it
 * claimed   next_at is to come    a worker has it until then; when he dies it becomes due by itself
 * parked    parked_at is set      behind an open breaker: due again, with a ramp, when the endpoint answers
 *
 * A claim raises the fence. Outcomes and releases count only under the newest fence, so a worker that was paused beyond his lease
 * changes nothing.
 */
import type { Pool } from '@patchbay/kit/database.ts'
import { giveUp } from '@patchbay/kit/retries.ts'

/** A POST that is owed; `attempts` were made before. */
export interface Delivery {
  id: number
  /** Null: an event or an alarm. */
  messageId: number | null
  /** `reply`, or what the event is called. */
  event: string
  webhookId: string
  attempts: number
  createdAt: Date
}

export interface Lane {
  /** Of alarms: the account's, as a negative number. */
  interactionId: number
  accountId: number
  purpose: Purpose
  fence: number
  /** Since when it was due. */
  dueAt: Date
  errand: Errand
}

/**
 * `probe`: one attempt at an endpoint behind an open breaker. `over`: nothing is tried there any more of what was handed in until
 * then, its first delivery included.
 */
export type Errand = 'due' | 'probe' | { over: Date }

/** What an endpoint is called for: 0 answers, 1 events, 2 alarms. */
export type Purpose = 0 | 1 | 2

/** As the database function `endpoint_id` has it. */
export function endpointId({ accountId, purpose }: Pick<Lane, 'accountId' | 'purpose'>): number {
  return accountId * 4 + purpose
}

export interface Claim {
  lanes: (Lane & { head: Delivery | null })[]
  /** Until another lane becomes due; null: none is waiting. */
  nextDueMs: number | null
  /** Due lanes that were put behind an open breaker. */
  parked: number
  /** A probe is due, or an endpoint is on its ramp. */
  toTend: boolean
}

interface LaneRow extends HeadRow {
  account_id: number
  purpose: Purpose
  fence: number
  due_at: Date
}

interface ClaimRow extends LaneRow {
  next_due_ms: number | null
  parked: number
  to_tend: boolean
  interaction_id: number | null
}

/** The first delivery of a lane; `head_id` is null when nothing is pending. */
export interface HeadRow {
  head_id: number | null
  head_message_id: number | null
  head_event: string
  head_webhook_id: string
  head_attempts: number
  head_created_at: Date
}

/** Of which endpoints lanes are claimed. */
export type Among = { only: readonly number[] } | { besides: readonly number[] }

/** Claims at most `limit` due lanes, those that wait longest first. */
export async function claim(pool: Pool, limit: number, leaseMs: number, among: Among): Promise<Claim> {
  const { rows } = await pool.query<ClaimRow>({
    name: 'claim-lanes',
    text: 'select * from claim_lanes($1, $2, $3, $4)',
    values: [limit, leaseMs, 'only' in among ? among.only : null, 'besides' in among ? among.besides : []],
  })
  const [first] = rows
  return {
    lanes: rows.flatMap((row) =>
      row.interaction_id === null ? [] : [toLane(row, row.interaction_id, 'due')],
    ),
    nextDueMs: first?.next_due_ms ?? null,
    parked: first?.parked ?? 0,
    toTend: first?.to_tend ?? false,
  }
}

interface TendRow extends LaneRow {
  over_until: Date | null
  interaction_id: number
}

/** Lets lanes behind open breakers go on as far as it is time: see the database function. */
export async function tend(pool: Pool, limit: number, leaseMs: number): Promise<Claim['lanes']> {
  const { rows } = await pool.query<TendRow>({
    name: 'tend-endpoints',
    text: 'select * from tend_endpoints($1, $2, $3, $4)',
    values: [limit, leaseMs, giveUp.attempts, giveUp.ageMs],
  })
  return rows.map((row) =>
    toLane(row, row.interaction_id, row.over_until ? { over: row.over_until } : 'probe'),
  )
}

/** Brings lanes forward that were left behind a breaker which is not open any more: see the database function. Answers how many. */
export async function freeStray(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ freed: number }>('select free_stray_lanes() as freed')
  return rows[0]?.freed ?? 0
}

function toLane(row: LaneRow, interactionId: number, errand: Errand): Claim['lanes'][number] {
  const { account_id: accountId, purpose, fence, due_at: dueAt } = row
  return { interactionId, accountId, purpose, fence, dueAt, errand, head: toHead(row) }
}

export function toHead(row: HeadRow): Delivery | null {
  if (row.head_id === null) return null
  return {
    id: row.head_id,
    messageId: row.head_message_id,
    event: row.head_event,
    webhookId: row.head_webhook_id,
    attempts: row.head_attempts,
    createdAt: row.head_created_at,
  }
}

/** Gives lanes back before their lease ends: due as they were, or at rest. */
export async function release(pool: Pool, lanes: readonly Lane[]): Promise<void> {
  if (lanes.length === 0) return
  await pool.query({
    name: 'release-lanes',
    text: 'select release_lanes($1, $2, $3, $4)',
    values: [
      lanes.map(({ interactionId }) => interactionId),
      lanes.map(({ purpose }) => purpose),
      lanes.map(({ fence }) => fence),
      lanes.map(({ dueAt }) => dueAt),
    ],
  })
}
