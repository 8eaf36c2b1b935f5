/**
 * Offers: one agent asked about one interaction. Writers hold the interaction's lock.
 *
 * open       the agent is being asked, until `expires_at`
 * accepted   he has it
 * declined   he does not want it; he is asked again 30 s later at the earliest, and only when nobody else is free
 * timeout    he did not answer in time; he comes after all who were not asked yet
 * taken      another accepted it first
 * withdrawn  nobody's choice: he went away or became full, or the interaction left the queue
 *
 * open is the only state that is left.
 */
import { sql } from 'kysely'
import type { Tx } from '../db.ts'

/** How long an agent who declined is left alone with the interaction. */
export const LEAVE_ALONE_SECONDS = 30

export interface NewOffer {
  interactionId: number
  /** Both null: it waits for this agent alone. */
  queueId: number | null
  teamId: number | null
  userId: number
  timeoutSeconds: number
  /** Whether it takes one of the agent's slots while it is open. */
  takesSlot: boolean
}

export interface EndedOffer {
  interaction_id: number
  queue_id: number | null
  team_id: number | null
  user_id: number
  takes_slot: boolean
  state: string
  reason: string | null
}

export type WithdrawReason = 'away' | 'full' | 'removed' | 'step' | 'transferred' | 'closed'

export async function make(tx: Tx, offers: readonly NewOffer[]): Promise<void> {
  await sql`
    insert into offer (interaction_id, queue_id, team_id, user_id, takes_slot, expires_at)
    select interaction_id, queue_id, team_id, user_id, takes_slot, now() + make_interval(secs => timeout_seconds)
    from unnest(${offers.map((offer) => offer.interactionId)}::bigint[],
                ${offers.map((offer) => offer.queueId)}::bigint[],
                ${offers.map((offer) => offer.teamId)}::bigint[],
                ${offers.map((offer) => offer.userId)}::bigint[],
                ${offers.map((offer) => offer.takesSlot)}::boolean[],
                ${offers.map((offer) => offer.timeoutSeconds)}::float8[])
      as offer (interaction_id, queue_id, team_id, user_id, takes_slot, timeout_seconds)`.execute(tx)
}

/** Where each queue's round goes on. */
export async function remember(tx: Tx, last: ReadonlyMap<number, number>): Promise<void> {
  await sql`
    update queue set last_user_id = last.user_id
    from unnest(${[...last.keys()]}::bigint[], ${[...last.values()]}::bigint[]) as last (queue_id, user_id)
    where queue.id = last.queue_id`.execute(tx)
}

/** Who is being asked about it. */
export async function asked(tx: Tx, interactionId: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('offer')
    .select('user_id')
    .where('interaction_id', '=', interactionId)
    .where('state', '=', 'open')
    .orderBy('user_id')
    .execute()
  return rows.map((row) => row.user_id)
}

/** Of these, the interactions about which somebody is still being asked. */
export async function stillAsked(tx: Tx, interactionIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('offer')
    .select('interaction_id')
    .distinct()
    .where('interaction_id', 'in', [...interactionIds])
    .where('state', '=', 'open')
    .execute()
  return new Set(rows.map((row) => row.interaction_id))
}

/** Ends what is still open among these, each in its way. */
export async function end(
  tx: Tx,
  offers: readonly { id: number; state: 'timeout' | 'withdrawn'; reason: WithdrawReason | null }[],
): Promise<EndedOffer[]> {
  const { rows } = await sql<EndedOffer>`
    update offer set state = ended.state, reason = ended.reason, ended_at = now()
    from unnest(${offers.map((offer) => offer.id)}::bigint[],
                ${offers.map((offer) => offer.state)}::text[],
                ${offers.map((offer) => offer.reason)}::text[]) as ended (id, state, reason)
    where offer.id = ended.id and offer.state = 'open'
    returning offer.interaction_id, offer.queue_id, offer.team_id, offer.user_id, offer.takes_slot, offer.state, offer.reason`.execute(
    tx,
  )
  return rows
}

/** Answers the agents who are no longer asked. */
export async function withdraw(
  tx: Tx,
  interactionIds: readonly number[],
  reason: WithdrawReason,
): Promise<number[]> {
  const rows = await tx
    .updateTable('offer')
    .set({ state: 'withdrawn', reason, ended_at: sql<Date>`now()` })
    .where('interaction_id', 'in', [...interactionIds])
    .where('state', '=', 'open')
    .returning('user_id')
    .execute()
  return rows.map((row) => row.user_id)
}

interface Ended {
  user_id: number
  /** It was promised one of his slots. */
  takes_slot: boolean
  /** Something else rings the agent who accepts, which it may not any more when his last slot is filled. */
  is_rung: boolean
}

/** The agent's offer is accepted, the others' are taken. Answers all who were asked. */
export async function accept(tx: Tx, interactionId: number, userId: number): Promise<Ended[]> {
  const { rows } = await sql<Ended>`
    update offer set state = case when user_id = ${userId} then 'accepted' else 'taken' end, ended_at = now()
    where interaction_id = ${interactionId} and state = 'open'
    returning user_id, takes_slot, exists (
      select from offer o
      where o.user_id = ${userId} and o.state = 'open' and not o.takes_slot and o.interaction_id <> ${interactionId}) as is_rung`.execute(
    tx,
  )
  return rows
}

/** Answers whether there was an offer to decline. */
export async function decline(
  tx: Tx,
  interactionId: number,
  userId: number,
  reason: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('offer')
    .set({ state: 'declined', reason, ended_at: sql<Date>`now()` })
    .where('interaction_id', '=', interactionId)
    .where('user_id', '=', userId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** An agent who hands an interaction to a queue is asked about it last, as if he had declined it there. */
export async function comeLast(
  tx: Tx,
  interactionId: number,
  queueId: number,
  userId: number,
): Promise<void> {
  const now = sql<Date>`now()`
  await tx
    .insertInto('offer')
    .values({
      interaction_id: interactionId,
      queue_id: queueId,
      user_id: userId,
      state: 'declined',
      reason: 'transferred',
      expires_at: now,
      ended_at: now,
    })
    .execute()
}
