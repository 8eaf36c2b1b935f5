/** Messages of an interaction in the shape that existing clients read. */
import {
  COUNT_CEILING,
  type ListAnswer,
  listAnswer,
  type PagingQuery,
  readPage,
} from '@patchbay/kit/paging.ts'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Oldest first, notes included. The caller has checked that they may be seen. */
export async function messagesOf(
  db: Db,
  interactionId: number,
  query: PagingQuery,
): Promise<ListAnswer<Message>> {
  const page = readPage(query, ['number'])
  const rows = await db
    .selectFrom('message')
    .select(['id', 'seq', 'direction', 'body', 'secret', 'attachment_id', 'user_id', 'contact_id'])
    .select(['account_id', 'interaction_id', 'sent_by', 'status', 'status_reason', 'created_at'])
    .where('interaction_id', '=', interactionId)
    .where('seq', '>', page.after?.[0] ?? 0)
    .orderBy('seq')
    .limit(page.limit + 1)
    .offset(page.offset)
    .execute()
  const { rows: counted } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from message where interaction_id = ${interactionId} limit ${COUNT_CEILING + 1}) m`.execute(db)
  return listAnswer(page, rows, counted[0]?.count ?? 0, toMessage, (row) => [row.seq])
}

export async function interactionOfMessage(db: Db, messageId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('message')
    .select('interaction_id')
    .where('id', '=', messageId)
    .executeTakeFirst()
  return row?.interaction_id
}

export function toMessage(row: {
  id: number
  direction: Message['direction']
  body: string
  secret: boolean
  attachment_id: number | null
  user_id: number | null
  contact_id: number
  account_id: number
  interaction_id: number
  sent_by: string | null
  status: Message['status']
  status_reason: string | null
  created_at: Date
}): Message {
  return {
    id: row.id,
    direction: row.direction,
    body: row.body,
    secret: row.secret,
    AttachmentId: row.attachment_id,
    UserId: row.user_id,
    ContactId: row.contact_id,
    OpenchannelAccountId: row.account_id,
    OpenchannelInteractionId: row.interaction_id,
    sentBy: row.sent_by,
    status: row.status,
    statusReason: row.status_reason,
    createdAt: row.created_at.toISOString(),
  }
}
