/** Open offers as their agents see them, and how others ended. */
import type { OfferCard } from '@patchbay/protocol/api/interactions.ts'
import { sql } from 'kysely'
import { fill } from '../actions/variables.ts'
import { readFacts, valuesOf } from './flow-facts.ts'
import { contactName, preview } from './inbox-rows.ts'
import { type Prepares, runPrepared } from './prepared.ts'

interface Row {
  id: number
  user_id: number
  interaction_id: number
  contact_id: number
  contact_name: string | null
  account_id: number
  account_name: string
  sandbox: boolean
  queue_id: number | null
  queue_name: string | null
  auto_answer: boolean
  team_id: number | null
  team_name: string | null
  preview: string
  waiting_since: Date
  created_at: Date
  expires_at: Date
  now: Date
  timeout_seconds: number
  notification_template: string
}

/** Oldest first. A user without an open offer is missing. */
export async function openOffers(
  ctx: Prepares,
  userIds: readonly number[],
): Promise<Map<number, OfferCard[]>> {
  const cards = new Map<number, OfferCard[]>()
  if (userIds.length === 0) return cards
  const query = sql<Row>`
    select o.id, o.user_id, o.interaction_id, i.contact_id, ${contactName} as contact_name, i.account_id, a.name as account_name, a.sandbox, a.notification_template,
           o.queue_id, q.name as queue_name, coalesce(q.auto_answer, false) as auto_answer, o.team_id, t.name as team_name, ${preview} as preview, coalesce(i.waiting_since, o.created_at) as waiting_since,
           o.created_at, o.expires_at, clock_timestamp() as now,
           round(extract(epoch from o.expires_at - o.created_at))::int as timeout_seconds
    from offer o
    join interaction i on i.id = o.interaction_id
    join account a on a.id = i.account_id
    left join queue q on q.id = o.queue_id
    left join team t on t.id = o.team_id
    left join contact c on c.id = i.contact_id
    left join message m on m.id = i.last_message_id
    where o.user_id = any(${userIds}::bigint[]) and o.state = 'open'
    order by o.created_at, o.id`
  const rows = await runPrepared(ctx, 'open-offers', query)
  const notices = await noticesOf(ctx, rows)
  for (const row of rows) {
    const card = toCard(row, notices.get(row.interaction_id))
    const known = cards.get(row.user_id)
    if (known) known.push(card)
    else cards.set(row.user_id, [card])
  }
  return cards
}

/** By interaction. What most accounts have not, nothing is read for. */
async function noticesOf({ db }: Prepares, rows: readonly Row[]): Promise<Map<number, string>> {
  const templates = new Map(
    rows
      .filter((row) => row.notification_template !== '')
      .map((row) => [row.interaction_id, row.notification_template]),
  )
  const facts = await readFacts(
    db,
    [...templates.keys()].map((interactionId) => ({ interactionId, messageId: null })),
  )
  const notices = new Map<number, string>()
  for (const [id, row] of facts) {
    const values = valuesOf(row)
    notices.set(
      id,
      fill(templates.get(id) ?? '', (name) => values.get(name) ?? ''),
    )
  }
  return notices
}

export interface OfferEnd {
  id: number
  state: string
  /** Who took it. */
  by: string | null
}

export async function endsOf(ctx: Prepares, offerIds: readonly number[]): Promise<Map<number, OfferEnd>> {
  if (offerIds.length === 0) return new Map()
  const query = sql<OfferEnd>`
    select o.id, o.state, case when o.state = 'taken' then (
        select u.fullname from offer t join app_user u on u.id = t.user_id
        where t.interaction_id = o.interaction_id and t.state = 'accepted' and t.ended_at >= o.created_at
        order by t.ended_at limit 1) end as by
    from offer o where o.id = any(${offerIds}::bigint[])`
  const rows = await runPrepared(ctx, 'ends-of-offers', query)
  return new Map(rows.map((row) => [row.id, row]))
}

function named(id: number | null, name: string | null): { id: number; name: string } | null {
  return id === null ? null : { id, name: name ?? `#${id}` }
}

function toCard(row: Row, notice: string | undefined): OfferCard {
  return {
    id: row.id,
    interactionId: row.interaction_id,
    contact: { id: row.contact_id, name: row.contact_name ?? `#${row.contact_id}` },
    account: { id: row.account_id, name: row.account_name, ...(row.sandbox && { sandbox: true as const }) },
    queue: named(row.queue_id, row.queue_name),
    team: named(row.team_id, row.team_name),
    autoAnswer: row.auto_answer,
    preview: row.preview,
    ...(notice !== undefined && { notice }),
    waitingSince: row.waiting_since.toISOString(),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    now: row.now.toISOString(),
    timeoutSeconds: row.timeout_seconds,
  }
}
