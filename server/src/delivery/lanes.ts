/**
 * The lanes: one per interaction, each the order in which its deliveries leave.
 *
 * at rest   next_at is null       nothing is owed
 * due       next_at has come      any worker may claim it
 * waiting   next_at is to come    for the next attempt of its first delivery; what was added later waits behind it
 * claimed   next_at is to come    a worker has it until then; when he dies it becomes due by itself
 *
 * A claim raises the fence. Outcomes and releases count only under the newest fence, so a worker that was paused beyond his lease
 * changes nothing.
 */
import type { Pool } from '@patchbay/kit/database.ts'

/** A POST that is owed; `attempts` were made before. */
export interface Delivery {
  id: number
  messageId: number
  webhookId: string
  attempts: number
  createdAt: Date
}

export interface Lane {
  interactionId: number
  accountId: number
  fence: number
  /** Since when it was due. */
  dueAt: Date
}

export interface Claim {
  lanes: (Lane & { head: Delivery | null })[]
  /** Until another lane becomes due; null: none is waiting. */
  nextDueMs: number | null
}

interface ClaimRow extends HeadRow {
  next_due_ms: number | null
  interaction_id: number | null
  account_id: number
  fence: number
  due_at: Date
}

/** The first delivery of a lane; `head_id` is null when nothing is pending. */
export interface HeadRow {
  head_id: number | null
  head_message_id: number
  head_webhook_id: string
  head_attempts: number
  head_created_at: Date
}

/** Of which accounts lanes are claimed. */
export type Among = { only: readonly number[] } | { besides: readonly number[] }

/** Claims at most `limit` due lanes, those that wait longest first. */
export async function claim(pool: Pool, limit: number, leaseMs: number, among: Among): Promise<Claim> {
  const { rows } = await pool.query<ClaimRow>({
    name: 'claim-lanes',
    text: 'select * from claim_lanes($1, $2, $3, $4)',
    values: [limit, leaseMs, 'only' in among ? among.only : null, 'besides' in among ? among.besides : []],
  })
  return { lanes: rows.flatMap(toLane), nextDueMs: rows[0]?.next_due_ms ?? null }
}

function toLane(row: ClaimRow): Claim['lanes'] {
  if (row.interaction_id === null) return []
  const { interaction_id: interactionId, account_id: accountId, fence, due_at: dueAt } = row
  return [{ interactionId, accountId, fence, dueAt, head: toHead(row) }]
}

export function toHead(row: HeadRow): Delivery | null {
  if (row.head_id === null) return null
  return {
    id: row.head_id,
    messageId: row.head_message_id,
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
    text: 'select release_lanes($1, $2, $3)',
    values: [
      lanes.map(({ interactionId }) => interactionId),
      lanes.map(({ fence }) => fence),
      lanes.map(({ dueAt }) => dueAt),
    ],
  })
}
