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

interface ClaimRow {
  next_due_ms: number | null
  interaction_id: number | null
  account_id: number
  fence: number
  due_at: Date
  delivery_id: number | null
  message_id: number
  webhook_id: string
  attempts: number
  created_at: Date
}

const claimed = `
claimed as (
  update lane l set next_at = now() + $2 * interval '1 ms', fence = l.fence + 1
  from due where l.interaction_id = due.interaction_id
  returning l.interaction_id, l.account_id, l.fence, due.next_at as due_at)
select n.next_due_ms, c.*, d.id as delivery_id, d.message_id, d.webhook_id, d.attempts, d.created_at
from (select extract(epoch from min(next_at) - now())::float8 * 1000 as next_due_ms from lane where next_at > now()) n
left join claimed c on true
left join lateral (
  select * from delivery where interaction_id = c.interaction_id and state = 'pending' order by id limit 1) d on true
order by c.due_at`

const claimOldest = `
with due as (
  select interaction_id, next_at from lane where next_at <= now()
  order by next_at limit $1 for update skip locked),
${claimed}`

// Accounts that may not be called now can have any number of due lanes. So this goes from account to account and never through them.
const claimBesides = `
with recursive account as (
  (select account_id from lane where next_at is not null order by account_id limit 1)
  union all
  select (select l.account_id from lane l where l.next_at is not null and l.account_id > account.account_id
          order by l.account_id limit 1)
  from account where account.account_id is not null),
first as (
  select l.interaction_id from account, lateral (
    select interaction_id, next_at from lane
    where account_id = account.account_id and next_at <= now() order by next_at limit 20) l
  where account.account_id is not null and account.account_id <> all($3::bigint[])
  order by l.next_at limit $1),
due as (
  select interaction_id, next_at from lane
  where interaction_id in (select interaction_id from first) and next_at <= now() for update skip locked),
${claimed}`

/** Claims at most `limit` due lanes, those that wait longest first, but none of the accounts in `besides`. */
export async function claim(
  pool: Pool,
  limit: number,
  leaseMs: number,
  besides: readonly number[],
): Promise<Claim> {
  const { rows } = await pool.query<ClaimRow>(
    besides.length === 0
      ? { name: 'claim-oldest', text: claimOldest, values: [limit, leaseMs] }
      : { name: 'claim-besides', text: claimBesides, values: [limit, leaseMs, besides] },
  )
  return { lanes: rows.flatMap(toLane), nextDueMs: rows[0]?.next_due_ms ?? null }
}

function toLane(row: ClaimRow): Claim['lanes'] {
  if (row.interaction_id === null) return []
  const head =
    row.delivery_id === null
      ? null
      : {
          id: row.delivery_id,
          messageId: row.message_id,
          webhookId: row.webhook_id,
          attempts: row.attempts,
          createdAt: row.created_at,
        }
  const { interaction_id: interactionId, account_id: accountId, fence, due_at: dueAt } = row
  return [{ interactionId, accountId, fence, dueAt, head }]
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
