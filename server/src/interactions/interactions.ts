/**
 * The room of interactions: who has one, what it waits for, and whether it is open.
 *
 * new       open, in no queue: the agents of its account see it and take it
 * queued    waits in a queue, or for an agent or a team, until somebody is free
 * offered   at least one agent is being asked
 * assigned  an agent has it
 * closed    over; a message, an agent or a program may reopen it
 *
 *   new -> queued, assigned, closed      by the account's actions, a transfer; accept; close
 *   queued <-> offered                   by the router
 *   queued, offered -> assigned          by accept, a transfer
 *   queued, offered -> new               when the last step of the actions has run out
 *   assigned -> assigned, queued, new    by a transfer; by giving it back
 *   closed -> new, assigned              by reopening
 *
 * Whoever changes an interaction, its place in a queue or its offers holds its row lock. Several are locked by those who skip what
 * is locked already (`lockFree`), or before anything else and in one order (`lockAll`), so that nobody waits for anybody in a circle.
 * Users, queues and teams are locked after interactions.
 */
import { sql } from 'kysely'
import { anyOf, type Db, type Tx } from '../db.ts'

const columns = [
  'id',
  'account_id',
  'contact_id',
  'thread_id',
  'state',
  'user_id',
  'queue_id',
  'seq',
  'unread',
  'disposition',
  'disposition_id',
] as const

/** How it ended: a disposition as it is called now, or (id null) a word where none is defined. */
export interface Ending {
  id: number | null
  path: string
}
export type InteractionState = 'new' | 'queued' | 'offered' | 'assigned' | 'closed'
export type LockedInteraction = NonNullable<Awaited<ReturnType<typeof lock>>>

/** The row as it stands when nobody else can change it any more; undefined when there is none. */
export function lock(tx: Tx, id: number) {
  return tx.selectFrom('interaction').select(columns).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

/** Locks those of the rows that nobody holds. Never waits. */
export function lockFree(tx: Tx, ids: readonly number[]): Promise<LockedInteraction[]> {
  return tx
    .selectFrom('interaction')
    .select(columns)
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
}

/** Locks all of them and waits for each, in the order in which `receive` does. Only where nothing else is held yet. */
export async function lockAll(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx
    .selectFrom('interaction')
    .select('id')
    .where('id', '=', anyOf(ids))
    .orderBy('contact_id')
    .orderBy('account_id')
    .orderBy('thread_id')
    .forNoKeyUpdate()
    .execute()
}

/** What the user has. */
export async function openOf(tx: Tx, userId: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('interaction')
    .select('id')
    .where('user_id', '=', userId)
    .where('closed_at', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** What agents have of a queue that goes counts for another one. */
export async function replaceQueue(tx: Tx, from: number, to: number): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({ queue_id: to })
    .where('queue_id', '=', from)
    .where('closed_at', 'is', null)
    .where('user_id', 'is not', null)
    .execute()
}

/** Those that carry the one carry the other from now on. */
export async function replaceTag(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    insert into interaction_tag (interaction_id, tag_id)
    select interaction_id, ${to}::bigint from interaction_tag where tag_id = ${from}
    on conflict do nothing`.execute(tx)
}

/** The open interaction of the same contact, account and thread, if there is another. */
export async function openTwin(db: Db | Tx, id: number): Promise<number | undefined> {
  const twin = await db
    .selectFrom('interaction as other')
    .innerJoin('interaction as one', (join) =>
      join
        .onRef('one.account_id', '=', 'other.account_id')
        .onRef('one.contact_id', '=', 'other.contact_id')
        .onRef('one.thread_id', '=', 'other.thread_id'),
    )
    .select('other.id')
    .where('one.id', '=', id)
    .where('other.id', '!=', id)
    .where('other.closed_at', 'is', null)
    .executeTakeFirst()
  return twin?.id
}

const now = sql<Date>`now()`
const waitingSince = sql<Date>`coalesce(waiting_since, now())`

/** To the agents of its account, in no queue. */
export async function rest(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({ state: 'new', user_id: null, queue_id: null, assigned_at: null, waiting_since: waitingSince })
    .where('id', 'in', [...ids])
    .execute()
}

/** Into queues, or waiting for an agent or a team (no `queueId`); nobody is being asked yet. */
export async function queue(
  tx: Tx,
  entries: readonly { interactionId: number; queueId?: number | null }[],
): Promise<void> {
  await sql`
    update interaction set state = 'queued', user_id = null, queue_id = entry.queue_id, assigned_at = null,
                           waiting_since = ${waitingSince}
    from unnest(${entries.map((entry) => entry.interactionId)}::bigint[],
                ${entries.map((entry) => entry.queueId ?? null)}::bigint[]) as entry (interaction_id, queue_id)
    where id = entry.interaction_id`.execute(tx)
}

/** Between queued and offered: whether agents are being asked. */
export async function setAsked(tx: Tx, ids: readonly number[], asked: boolean): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({ state: asked ? 'offered' : 'queued' })
    .where('id', '=', anyOf(ids))
    .where('state', '=', asked ? 'queued' : 'offered')
    .execute()
}

/** `looked`: the agent takes it himself, so what the customer wrote is read. */
export async function assign(tx: Tx, id: number, userId: number, looked: boolean): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({
      state: 'assigned',
      user_id: userId,
      assigned_at: now,
      waiting_since: null,
      ...(looked && { unread: 0 }),
    })
    .where('id', '=', id)
    .execute()
}

/** Its last agent stays named on it. */
export async function close(
  tx: Tx,
  id: number,
  byUserId: number | null,
  ending: Ending | null,
): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({
      state: 'closed',
      closed_at: now,
      closed_by: byUserId,
      disposition: ending?.path ?? null,
      disposition_id: ending?.id ?? null,
      waiting_since: null,
      unread: 0,
    })
    .where('id', '=', id)
    .execute()
}

/** Breaks the index `interaction_open` when the contact has another open one. */
export async function reopen(tx: Tx, id: number): Promise<void> {
  await tx
    .updateTable('interaction')
    .set({
      state: 'new',
      user_id: null,
      queue_id: null,
      assigned_at: null,
      closed_at: null,
      closed_by: null,
      disposition: null,
      disposition_id: null,
      waiting_since: now,
    })
    .where('id', '=', id)
    .execute()
}

export async function setEnding(tx: Tx, id: number, ending: Ending | null): Promise<void> {
  const columns = { disposition: ending?.path ?? null, disposition_id: ending?.id ?? null }
  await tx.updateTable('interaction').set(columns).where('id', '=', id).execute()
}

/** Leaves unread what came after `seq`. Answers whether that changed anything. */
export async function markRead(tx: Tx, id: number, seq: number): Promise<boolean> {
  const { rows } = await sql`
    update interaction set unread = newer.messages
    from (select count(*)::int as messages from message
          where interaction_id = ${id} and seq > ${seq} and direction = 'in') newer
    where id = ${id} and unread > newer.messages
    returning id`.execute(tx)
  return rows.length > 0
}

/** Answers the ids that are no tags; then nothing was changed. */
export async function replaceTags(tx: Tx, id: number, tagIds: readonly number[]): Promise<number[]> {
  const wanted = [...new Set(tagIds)]
  // Held, so that none is deleted between the question and the answer.
  const { rows } = await sql<{ id: number }>`
    select id from tag where id = any(${wanted}::bigint[]) order by id for key share`.execute(tx)
  const known = new Set(rows.map((row) => row.id))
  if (known.size < wanted.length) return wanted.filter((tagId) => !known.has(tagId))
  await tx.deleteFrom('interaction_tag').where('interaction_id', '=', id).execute()
  if (wanted.length > 0)
    await tx
      .insertInto('interaction_tag')
      .values(wanted.map((tagId) => ({ interaction_id: id, tag_id: tagId })))
      .execute()
  return []
}

/** Beside those that it has. A tag that is gone is left out. */
export async function addTags(
  tx: Tx,
  added: readonly { interactionId: number; tagId: number }[],
): Promise<void> {
  await sql`
    with known as (
      select id from tag where id = any(${added.map(({ tagId }) => tagId)}::bigint[]) order by id for key share
    )
    insert into interaction_tag (interaction_id, tag_id)
    select added.interaction_id, known.id
    from unnest(${added.map(({ interactionId }) => interactionId)}::bigint[],
                ${added.map(({ tagId }) => tagId)}::bigint[]) as added (interaction_id, tag_id)
    join known on known.id = added.tag_id
    on conflict do nothing`.execute(tx)
}

/** More closed ones no desk has on screen. */
const MOST_CLOSED_SHOWN = 200

/**
 * Locks what desks may show of a contact: its open interactions and the newest closed ones. It waits, unlike `lockFree`: the caller
 * holds the contact's row, so two who do this never wait for each other.
 */
export async function lockShownInteractionsOf(tx: Tx, contactId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from interaction
    where contact_id = ${contactId} and (closed_at is null or id in (
      select id from interaction where contact_id = ${contactId} and closed_at is not null
      order by id desc limit ${MOST_CLOSED_SHOWN}))
    order by id for update`.execute(tx)
  return rows.map(({ id }) => id)
}
