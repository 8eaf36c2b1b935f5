/** The door of push: an event in the change's own transaction, and a ring after its commit. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { type QueryExecutorProvider, sql } from 'kysely'

/** `Push` rings this and every other node; heard by the router, the delivery engine and the desk's sockets. */
export { type ListenNotify as Push, openDoorbell as openPush } from './doorbell.ts'

export type EventType = ThreadItem['type']

export interface NewEvent {
  interactionId: number
  type: EventType
  /** Who did it; none for the customer and for what happens by itself. */
  userId?: number | null | undefined
  messageId?: number | null | undefined
  /** Names of what the event speaks of (queue, agent, disposition, note); of a `status`: status, reason, nextAttemptAt. */
  data?: Record<string, string | null> | undefined
}

/**
 * Appends to the interaction's log and answers the event's seq. It takes the interaction's row lock, which is what makes seq
 * gap-free: call it in the transaction of the change. After the commit, `ring({ interactions: [id] })`.
 */
export async function publish(tx: QueryExecutorProvider, event: NewEvent): Promise<number> {
  const data = event.data === undefined ? null : JSON.stringify(event.data)
  const { rows } = await sql<{ seq: number }>`
    select append_event(${event.interactionId}, ${event.type}, ${event.userId ?? null}::bigint,
                        ${event.messageId ?? null}::bigint, ${data}::jsonb) as seq`.execute(tx)
  const row = rows[0]
  if (!row) throw new Error('append_event answered nothing')
  return row.seq
}

/** Several in one statement, in their order. The locks of their interactions must be held already, lest two writers wait for each other. */
export async function publishAll(tx: QueryExecutorProvider, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await sql`
    select append_event(interaction_id, type, user_id, message_id, data)
    from unnest(${events.map((event) => event.interactionId)}::bigint[],
                ${events.map((event) => event.type)}::text[],
                ${events.map((event) => event.userId ?? null)}::bigint[],
                ${events.map((event) => event.messageId ?? null)}::bigint[],
                ${events.map((event) => (event.data === undefined ? null : JSON.stringify(event.data)))}::jsonb[])
      as event (interaction_id, type, user_id, message_id, data)`.execute(tx)
}
