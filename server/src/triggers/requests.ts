/** Messages of which triggers have not been asked yet. They are written by `note_messages`, in the message's own transaction. */
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export interface TriggerRequest {
  messageId: number
  interactionId: number
  /** How often it failed. */
  attempts: number
}

export async function anyRequest(db: Db): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from trigger_request where not_before <= now()) as found`.execute(db)
  return rows[0]?.found ?? false
}

/** The oldest first. The caller is the only one who takes any. */
export function dueRequests(tx: Tx, limit: number): Promise<TriggerRequest[]> {
  return tx
    .selectFrom('trigger_request')
    .select(['message_id as messageId', 'interaction_id as interactionId', 'attempts'])
    .where('not_before', '<=', sql<Date>`now()`)
    .orderBy('message_id')
    .limit(limit)
    .execute()
}

export async function dropRequests(tx: Tx, messageIds: readonly number[]): Promise<void> {
  if (messageIds.length === 0) return
  await tx
    .deleteFrom('trigger_request')
    .where('message_id', 'in', [...messageIds])
    .execute()
}

export async function postpone(db: Db, messageId: number, seconds: number): Promise<void> {
  await db
    .updateTable('trigger_request')
    .set({
      attempts: sql<number>`attempts + 1`,
      not_before: sql<Date>`now() + make_interval(secs => ${seconds})`,
    })
    .where('message_id', '=', messageId)
    .execute()
}
