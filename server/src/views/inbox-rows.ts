/** Whole lines of the inbox by the ids of their interactions: what lists answer and what sockets carry. */
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { type Prepares, runPrepared } from './prepared.ts'

/** How a contact `c` is called on a screen: by name, else by what identifies it, else by number. */
export const contactName = sql<string>`coalesce(
  nullif(concat_ws(' ', nullif(trim(c.first_name), ''), nullif(trim(c.last_name), '')), ''),
  (select k.value from contact_key k where k.contact_id = c.id and k.value not like 'sha256:%'
   order by k.claimed desc, k.field limit 1),
  '#' || c.id)`

/** What the newest message `m` of an interaction `i` says in one line; a file says its name. */
export const preview = sql<string>`coalesce(nullif(i.last_message_preview, ''), nullif(left(m.body, 140), ''),
  (select f.name from attachment f where f.id = m.attachment_id), '')`

/** Asked of the few interactions `i` that wait and stand in no queue. */
const awaits = sql`case when i.queue_id is null and i.state in ('queued', 'offered') then (
  select case when e.team_id is null then json_build_object('kind', 'agent', 'id', agent.id, 'name', agent.fullname)
              else json_build_object('kind', 'team', 'id', team.id, 'name', team.name) end
  from queue_entry e left join app_user agent on agent.id = e.user_id left join team on team.id = e.team_id
  where e.interaction_id = i.id and coalesce(agent.id, team.id) is not null) end`

interface Row {
  id: number
  seq: number
  state: InboxRow['state']
  account_id: number
  account_name: string
  sandbox: boolean
  contact_id: number
  contact_name: string | null
  user_id: number | null
  user_fullname: string | null
  queue_id: number | null
  queue_name: string | null
  awaits: NonNullable<InboxRow['awaits']> | null
  preview: string
  last_message_direction: InboxRow['lastDirection']
  last_message_at: Date
  waiting_since: Date | null
  assigned_at: Date | null
  unread: number
  tags: InboxRow['tags']
  failed: boolean
  created_at: Date
  closed_at: Date | null
}

/** In no particular order; missing are ids that do not exist or are of another account than those given. */
export async function rowsByIds(
  db: Db | Tx,
  ids: readonly number[],
  accountIds: readonly number[] | null = null,
): Promise<InboxRow[]> {
  if (ids.length === 0) return []
  const { rows } = await rowsQuery(ids, accountIds).execute(db)
  return rows.map(toInboxRow)
}

/** The same, for what asks many times a second. */
export async function preparedRowsByIds(
  ctx: Prepares,
  ids: readonly number[],
  accountIds: readonly number[] | null,
): Promise<InboxRow[]> {
  if (ids.length === 0) return []
  const name = accountIds === null ? 'inbox-rows' : 'inbox-rows-of-accounts'
  return (await runPrepared(ctx, name, rowsQuery(ids, accountIds))).map(toInboxRow)
}

function rowsQuery(ids: readonly number[], accountIds: readonly number[] | null): RawBuilder<Row> {
  const isWanted = accountIds === null ? sql`true` : sql`i.account_id = any(${accountIds}::bigint[])`
  return sql<Row>`
    select i.id, i.seq, i.state, i.account_id, a.name as account_name, a.sandbox, i.contact_id, ${contactName} as contact_name,
           i.user_id, u.fullname as user_fullname, i.queue_id, q.name as queue_name, ${awaits} as awaits, ${preview} as preview,
           i.last_message_direction, i.last_message_at, i.waiting_since, i.assigned_at, i.unread,
           coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.name)
                     from interaction_tag it join tag t on t.id = it.tag_id where it.interaction_id = i.id), '[]') as tags,
           coalesce(m.direction = 'out' and m.status = 'failed', false) as failed, i.created_at, i.closed_at
    from interaction i
    join account a on a.id = i.account_id
    left join contact c on c.id = i.contact_id
    left join app_user u on u.id = i.user_id
    left join queue q on q.id = i.queue_id
    left join message m on m.id = i.last_message_id
    where i.id = any(${ids}::bigint[]) and ${isWanted}`
}

function toInboxRow(row: Row): InboxRow {
  return {
    id: row.id,
    seq: row.seq,
    account: { id: row.account_id, name: row.account_name, ...(row.sandbox && { sandbox: true as const }) },
    contact: { id: row.contact_id, name: row.contact_name ?? `#${row.contact_id}` },
    state: row.state,
    user: row.user_id === null ? null : { id: row.user_id, fullname: row.user_fullname ?? `#${row.user_id}` },
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name ?? `#${row.queue_id}` },
    ...(row.awaits && { awaits: row.awaits }),
    preview: row.preview,
    lastDirection: row.last_message_direction,
    lastMessageAt: row.last_message_at.toISOString(),
    waitingSince: row.waiting_since?.toISOString() ?? null,
    assignedAt: row.assigned_at?.toISOString() ?? null,
    unread: row.unread,
    tags: row.tags,
    failed: row.failed,
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
  }
}
