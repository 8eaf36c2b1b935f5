/** Entries of threads as the desk shows them, with their message, file and names as they stand now. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import type { File } from '@patchbay/protocol/api/thread-message.ts'
import type { Said } from '@patchbay/protocol/said.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Prepares, runPrepared } from './prepared.ts'

export interface ItemRow {
  interaction_id: number
  seq: number
  at: Date
  type: ThreadItem['type']
  user_id: number | null
  user_fullname: string | null
  data: Record<string, unknown> | null
  message_id: number | null
  direction: 'in' | 'out'
  body: string
  edited_at: Date | null
  deleted_at: Date | null
  reactions: string[] | null
  elsewhere: boolean
  sent_by: string | null
  client_id: string | null
  written_at: Date | null
  status: Status['status']
  status_reason: string | null
  next_attempt_at: Date | null
  delivery_id: number | null
  file_id: number | null
  file_name: string
  file_type: string
  file_size_bytes: number
  file_gone: boolean
}
type Status = NonNullable<ThreadItem['status']>

export const itemColumns = sql`
  e.interaction_id, e.seq, e.at, e.type, e.user_id, u.fullname as user_fullname, e.data, m.id as message_id, m.direction, m.body,
  m.edited_at, m.deleted_at, m.reactions, m.elsewhere,
  m.sent_by, m.client_id, m.written_at, m.status, m.status_reason, m.next_attempt_at, f.id as file_id, f.name as file_name,
  f.type as file_type, f.size_bytes as file_size_bytes, coalesce(f.removed_at is not null or f.expires_at <= now(), false) as file_gone,
  case when m.direction = 'out' then (select max(d.id) from delivery d where d.message_id = m.id) end as delivery_id`

export const itemJoins = sql`
  left join message m on m.id = e.message_id
  left join app_user u on u.id = e.user_id
  left join attachment f on f.id = m.attachment_id`

/**
 * The events of one interaction, its customer's messages among them (`interaction_log`), at most `limit` of the ascending or descending
 * ones. Either half is bounded by itself: of a long thread no more than that is read.
 */
export function eventsOf(
  interactionId: RawBuilder<unknown> | number,
  { places, kinds = sql`true` }: { places: RawBuilder<unknown>; kinds?: RawBuilder<unknown> },
  direction: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  const bound = sql`order by seq ${direction} limit ${limit}`
  return sql`(
    (select interaction_id, seq, type, message_id, user_id, data, at from event
      where interaction_id = ${interactionId} and ${places} and ${kinds} ${bound})
    union all
    (select interaction_id, seq, 'message', id, null, null, created_at from message
      where interaction_id = ${interactionId} and ${places} and direction = 'in' ${bound})
    ${bound})`
}

/** What followed in each thread after a seq, at most `limit` of each, ascending. */
export async function itemsAfter(
  ctx: Prepares,
  threads: readonly { interactionId: number; after: number }[],
  limit: number,
): Promise<Map<number, ThreadItem[]>> {
  const items = new Map<number, ThreadItem[]>()
  if (threads.length === 0) return items
  const ids = threads.map(({ interactionId }) => interactionId)
  const afters = threads.map(({ after }) => after)
  const query = sql<ItemRow>`
    select ${itemColumns}
    from unnest(${ids}::bigint[], ${afters}::bigint[]) t(interaction_id, after)
    cross join lateral ${eventsOf(sql`t.interaction_id`, { places: sql`seq > t.after` }, sql`asc`, limit)} e ${itemJoins} order by e.interaction_id, e.seq`
  for (const row of await runPrepared(ctx, 'thread-items-after', query)) {
    const known = items.get(row.interaction_id)
    if (known) known.push(toItem(row))
    else items.set(row.interaction_id, [toItem(row)])
  }
  return items
}

export function toItem(row: ItemRow): ThreadItem {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    type: row.type,
    user: row.user_id === null ? null : { id: row.user_id, fullname: row.user_fullname ?? `#${row.user_id}` },
    ...detail(row),
  }
}

function detail(row: ItemRow): Pick<ThreadItem, 'message' | 'status' | 'revision' | 'data' | 'said'> {
  if (row.message_id !== null && row.type === 'status') return { status: toStatus(row, row.message_id) }
  if (row.message_id !== null && row.type === 'revised')
    return { revision: { messageId: row.message_id, ...toRevision(row) } }
  if (row.message_id !== null && (row.type === 'message' || row.type === 'note'))
    return { message: toMessage(row, row.message_id) }
  if (row.data === null) return {}
  const { said, ...data } = row.data
  // Only the runner of steps keeps one.
  return { data: toData(data), ...(said ? { said: said as Said } : {}) }
}

function toMessage(row: ItemRow, id: number): NonNullable<ThreadItem['message']> {
  return {
    id,
    direction: row.direction,
    ...toRevision(row),
    elsewhere: row.elsewhere,
    sentBy: row.sent_by,
    clientId: row.client_id,
    writtenAt: row.written_at?.toISOString() ?? null,
    status: row.status,
    statusReason: row.status_reason,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    deliveryId: row.delivery_id,
  }
}

function toRevision(row: ItemRow) {
  return {
    body: row.body,
    file: toFile(row),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    reactions: row.reactions ?? [],
  }
}

function toStatus(row: ItemRow, messageId: number): Status {
  return {
    messageId,
    status: row.status,
    reason: row.status_reason,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    deliveryId: row.delivery_id,
  }
}

function toFile(row: ItemRow): File | null {
  if (row.file_id === null) return null
  return {
    id: row.file_id,
    name: row.file_name,
    type: row.file_type,
    sizeBytes: row.file_size_bytes,
    gone: row.file_gone,
  }
}

function toData(data: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, value === null ? null : String(value)]),
  )
}
