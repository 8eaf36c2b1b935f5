/** People who write to a page: their names, when they gave a sign last, where an answer to them belongs, and what was sent to them. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'

export interface Customer {
  firstName: string | null
  lastName: string | null
  /** When the channel was asked for the name, or gave it. */
  namedAt: Date | null
  lastSignAt: Date | null
}

export async function find(db: Db, integrationId: number, person: string): Promise<Customer | undefined> {
  return db
    .selectFrom('customer')
    .select([
      'first_name as firstName',
      'last_name as lastName',
      'named_at as namedAt',
      'last_sign_at as lastSignAt',
    ])
    .where('integration_id', '=', integrationId)
    .where('person', '=', person)
    .executeTakeFirst()
}

/** Signs may come out of order: the latest counts. */
export async function noteSign(db: Db, integrationId: number, person: string, at: Date): Promise<void> {
  await sql`insert into customer (integration_id, person, last_sign_at) values (${integrationId}, ${person}, ${at})
    on conflict (integration_id, person) do update set last_sign_at = greatest(customer.last_sign_at, excluded.last_sign_at)`.execute(
    db,
  )
}

/** Without a name only that it was asked for. */
export async function noteName(
  db: Db,
  integrationId: number,
  person: string,
  name: { firstName: string; lastName: string } | null,
): Promise<void> {
  await sql`insert into customer as known (integration_id, person, first_name, last_name, named_at)
    values (${integrationId}, ${person}, ${name?.firstName ?? null}, ${name?.lastName ?? null}, now())
    on conflict (integration_id, person) do update set named_at = now(),
      first_name = coalesce(excluded.first_name, known.first_name),
      last_name = case when excluded.first_name is null then known.last_name else excluded.last_name end`.execute(
    db,
  )
}

export async function notePlace(
  db: Db,
  integrationId: number,
  threadId: string,
  person: string,
  answerTo: string,
): Promise<void> {
  await sql`insert into wall_place (integration_id, thread_id, person, answer_to)
    values (${integrationId}, ${threadId}, ${person}, ${answerTo})
    on conflict (integration_id, thread_id, person) do update set answer_to = excluded.answer_to`.execute(db)
}

/** Of a post: where an answer to this person is written; undefined: below the post. */
export async function placeOf(
  db: Db,
  integrationId: number,
  threadId: string,
  person: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('wall_place')
    .select('answer_to')
    .where('integration_id', '=', integrationId)
    .where('thread_id', '=', threadId)
    .where('person', '=', person)
    .executeTakeFirst()
  return row?.answer_to
}

export interface SentPart {
  parcelId: number
  part: number
  isLast: boolean
  messageId: string | null
  /** The comment or post that it answers in private. */
  privateTo: string | null
  createdAt: Date
}

export interface Asked {
  integrationId: number
  parcelId: number
  part: number
  isLast: boolean
  answerId: number
  person: string
  threadId: string | null
  privateTo: string | null
  /** Null: a file. */
  wordsDigest: string | null
}

export async function partsOf(db: Db, parcelId: number): Promise<SentPart[]> {
  return db
    .selectFrom('sent')
    .select(['parcel_id as parcelId', 'part', 'message_id as messageId', 'private_to as privateTo'])
    .select(['is_last as isLast', 'created_at as createdAt'])
    .where('parcel_id', '=', parcelId)
    .orderBy('part')
    .execute()
}

/** Before the channel is asked, so that an answer that is lost on the way is not sent twice. */
export async function noteAsked(db: Db, asked: Asked): Promise<void> {
  await db
    .insertInto('sent')
    .values({
      integration_id: asked.integrationId,
      parcel_id: asked.parcelId,
      part: asked.part,
      is_last: asked.isLast,
      answer_id: asked.answerId,
      person: asked.person,
      thread_id: asked.threadId,
      private_to: asked.privateTo,
      words_digest: asked.wordsDigest,
      status: 'asked',
      sent_at: new Date(),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['parcel_id', 'part'])
        .doUpdateSet({ sent_at: new Date() })
        .where('sent.message_id', 'is', null),
    )
    .execute()
}

/** The echo of a message may say so before the answer to its sending does, and knows when it was by the channel's clock. */
export async function noteSent(
  db: Db,
  {
    integrationId,
    parcelId,
    part,
    messageId,
    at,
  }: { integrationId: number; parcelId: number; part: number; messageId: string; at?: Date },
): Promise<void> {
  await sql`update sent set message_id = coalesce(message_id, ${messageId}), sent_at = coalesce(${at ?? null}, sent_at),
    words_digest = null, status = case status when 'asked' then 'sent' else status end
    where integration_id = ${integrationId} and parcel_id = ${parcelId} and part = ${part}`.execute(db)
}

/** Of a direct conversation: asked to be sent, and nobody knows what became of it. Oldest first. */
export async function unknownOf(
  db: Db,
  integrationId: number,
  person: string,
): Promise<
  {
    parcelId: number
    part: number
    wordsDigest: string | null
    isOver: boolean
    firstAt: Date
    lastAt: Date
  }[]
> {
  const rows = await db
    .selectFrom('sent')
    .innerJoin('parcel', 'parcel.id', 'sent.parcel_id')
    .select([
      'sent.parcel_id',
      'sent.part',
      'sent.words_digest',
      'sent.created_at',
      'sent.sent_at',
      'parcel.state',
    ])
    .where('sent.integration_id', '=', integrationId)
    .where('sent.person', '=', person)
    .where('sent.message_id', 'is', null)
    .where('sent.thread_id', 'is', null)
    .orderBy('sent.id')
    .execute()
  return rows.map((row) => ({
    parcelId: row.parcel_id,
    part: row.part,
    wordsDigest: row.words_digest,
    isOver: row.state !== 'pending',
    firstAt: row.created_at,
    lastAt: row.sent_at ?? row.created_at,
  }))
}

/** Of an answer that was given up and is there as a whole; undefined for any other. */
export async function arrivedAfterAll(
  db: Db,
  integrationId: number,
  parcelId: number,
): Promise<Receipt | undefined> {
  const { rows } = await sql<Receipt>`
    select sent.id, answer_id as "answerId" from sent join parcel on parcel.id = sent.parcel_id
    where sent.integration_id = ${integrationId} and sent.parcel_id = ${parcelId} and parcel.state = 'dead' and sent.is_last and sent.status = 'sent'
      and not exists (select from sent other where other.parcel_id = ${parcelId} and other.message_id is null)`.execute(
    db,
  )
  return rows[0]
}

/** The channel has said that it did not send it. */
export async function forgetAsked(db: Db, parcelId: number, part: number): Promise<void> {
  await db
    .deleteFrom('sent')
    .where('parcel_id', '=', parcelId)
    .where('part', '=', part)
    .where('message_id', 'is', null)
    .execute()
}

/** Our clock and the channel's are not the same. */
const CLOCKS_MS = 1000

export interface Receipt {
  id: number
  answerId: number
}

/** Answers that are further now than they were; marked by `noteReceipt` when the contact centre knows. */
export async function findReached(
  db: Db,
  about: {
    integrationId: number
    person: string
    status: 'delivered' | 'read'
    until: Date | null
    messageIds: readonly string[]
    /** And what was sent before those named. */
    isUpTo?: boolean | undefined
  },
): Promise<Receipt[]> {
  const { integrationId, person, status, until, messageIds, isUpTo } = about
  const before = status === 'read' ? (['sent', 'delivered'] as const) : (['sent'] as const)
  return (
    db
      .selectFrom('sent')
      .select(['id', 'answer_id as answerId'])
      .where('integration_id', '=', integrationId)
      .where('person', '=', person)
      .where('is_last', '=', true)
      // A comment is never reported as read.
      .where((where) => where.or([where('thread_id', 'is', null), where('private_to', 'is not', null)]))
      .where('status', 'in', before)
      .where((where) =>
        where.or([
          ...(until ? [where('sent_at', '<=', new Date(until.getTime() + CLOCKS_MS))] : []),
          ...(messageIds.length > 0 ? [where('message_id', 'in', messageIds)] : []),
          ...(messageIds.length > 0 && isUpTo
            ? [
                where('sent_at', '<=', (named) =>
                  named
                    .selectFrom('sent as latest')
                    .select(({ fn }) => fn.max('latest.sent_at').as('at'))
                    .where('latest.integration_id', '=', integrationId)
                    .where('latest.message_id', 'in', messageIds),
                ),
              ]
            : []),
        ]),
      )
      .orderBy('id')
      .limit(500)
      .execute()
  )
}

export async function noteReceipt(
  db: Db,
  ids: readonly number[],
  status: 'delivered' | 'read',
): Promise<void> {
  if (ids.length === 0) return
  await db.updateTable('sent').set({ status }).where('id', 'in', ids).execute()
}

export async function isSent(db: Db, integrationId: number, messageId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sent')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
  return row !== undefined
}

/** Of the answer that the channel's message is a part of. */
export async function answerOf(
  db: Db,
  integrationId: number,
  messageId: string,
): Promise<{ parcelId: number; person: string; threadId: string | null } | undefined> {
  return db
    .selectFrom('sent')
    .select(['parcel_id as parcelId', 'person', 'thread_id as threadId'])
    .where('integration_id', '=', integrationId)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
}

export async function forgetSent(db: Db, olderThanDays: number): Promise<void> {
  await sql`delete from sent where created_at < now() - make_interval(days => ${olderThanDays})`.execute(db)
}
