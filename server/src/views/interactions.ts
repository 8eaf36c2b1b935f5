/** Interactions and messages in the shape that existing clients read. */
import { COUNT_CEILING, type ListAnswer, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Interaction, interactionsApi } from '@patchbay/protocol/api/interactions.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, sql } from 'kysely'
import { seesAll, visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db, Tx } from '../db.ts'
import { type Prepares, runPrepared } from './prepared.ts'

export type InteractionQuery = Query<(typeof interactionsApi)['GET /api/openchannel/interactions']>

interface Row {
  id: number
  state: Interaction['state']
  user_id: number | null
  contact_id: number
  account_id: number
  queue_id: number | null
  thread_id: string
  external_url: string | null
  to_address: string | null
  subject: string | null
  disposition: string | null
  disposition_id: number | null
  tags: Interaction['Tags']
  unread: number
  last_message_at: Date
  last_message_direction: string | null
  created_at: Date
  closed_at: Date | null
  /** Microseconds since 1970: a Date would lose the digits that tell two rows apart. */
  instant: number
}

const columns = sql`i.id, i.state, i.user_id, i.contact_id, i.account_id, i.queue_id, i.thread_id, i.external_url, i.to_address, i.subject,
  i.disposition, i.disposition_id, i.unread, i.last_message_at, i.last_message_direction, i.created_at, i.closed_at,
  (extract(epoch from i.created_at) * 1000000)::bigint as instant,
  coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.name)
            from interaction_tag it join tag t on t.id = it.tag_id where it.interaction_id = i.id), '[]') as tags`

/** Refuses as if it did not exist what the caller may not see. */
export async function interactionById(ctx: Prepares, caller: Caller, id: number): Promise<Interaction> {
  const query = sql<Row>`
    select ${columns} from interaction i where i.id = ${id} and ${visibleAccounts(caller, 'i.account_id')}`
  const name = seesAll(caller) ? 'interaction' : 'interaction-of-accounts'
  const [row] = await runPrepared(ctx, name, query)
  if (!row) throw new Refusal('GE-105')
  return toInteraction(row)
}

/** Refuses like `interactionById`, and reads nothing. */
export async function requireInteraction(db: Db | Tx, caller: Caller, id: number): Promise<void> {
  const { rows } = await sql`
    select from interaction i where i.id = ${id} and ${visibleAccounts(caller, 'i.account_id')}`.execute(db)
  if (rows.length === 0) throw new Refusal('GE-105')
}

/** Newest first, unless asked otherwise. */
export async function listInteractions(
  db: Db,
  caller: Caller,
  query: InteractionQuery,
): Promise<ListAnswer<Interaction>> {
  const page = readPage(query, ['number', 'number'])
  const direction = query.order === 'asc' ? sql`asc` : sql`desc`
  const after = page.after && [
    sql`(i.created_at, i.id) ${query.order === 'asc' ? sql`>` : sql`<`}
      (timestamptz 'epoch' + ${page.after[0]}::bigint * interval '1 microsecond', ${page.after[1]})`,
  ]
  const conditions = [visibleAccounts(caller, 'i.account_id'), ...filters(query)]
  const shown = page.offset + page.limit + 1
  const ids = found(caller, query, [...conditions, ...(after ?? [])], direction, shown)
  const { rows } = await sql<Row>`
    select ${columns} from (${ids}) found join interaction i on i.id = found.id
    order by i.created_at ${direction}, i.id ${direction} limit ${page.limit + 1} offset ${page.offset}`.execute(
    db,
  )
  const { rows: counted } = await sql<{ count: number }>`
    select count(*)::int as count from (${found(caller, query, conditions, direction, COUNT_CEILING + 1)}) found`.execute(
    db,
  )
  return listAnswer(page, rows, counted[0]?.count ?? 0, toInteraction, (row) => [row.instant, row.id])
}

/**
 * The first `limit` ids. By account each is the head of a range of the index `interaction_created`, however many are stored; with a
 * condition that leaves few, those few are sorted.
 */
function found(
  caller: Caller,
  query: InteractionQuery,
  conditions: readonly RawBuilder<unknown>[],
  direction: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  const where = sql.join(conditions, sql` and `)
  const tail = sql`order by i.created_at ${direction}, i.id ${direction} limit ${limit}`
  const leavesFew =
    query.ContactId !== undefined ||
    query.tag !== undefined ||
    (query.UserId !== undefined && query.closed === false)
  if (leavesFew) return sql`select i.id from interaction i where ${where} ${tail}`
  const accounts =
    query.OpenchannelAccountId !== undefined
      ? sql`select ${query.OpenchannelAccountId}::bigint as account_id`
      : seesAll(caller)
        ? sql`select id as account_id from account`
        : sql`select account_id from account_member where user_id = ${caller.user.id}`
  return sql`
    select i.id from (${accounts}) a cross join lateral (
      select i.id, i.created_at from interaction i where i.account_id = a.account_id and ${where} ${tail}
    ) i ${tail}`
}

function filters(query: InteractionQuery): RawBuilder<unknown>[] {
  const { from, to } = createdBetween(query)
  return [
    query.OpenchannelAccountId !== undefined && sql`i.account_id = ${query.OpenchannelAccountId}`,
    query.ContactId !== undefined && sql`i.contact_id = ${query.ContactId}`,
    query.UserId !== undefined && sql`i.user_id = ${query.UserId}`,
    query.closed !== undefined && (query.closed ? sql`i.closed_at is not null` : sql`i.closed_at is null`),
    query.state !== undefined && sql`i.state = ${query.state}`,
    query.unread !== undefined && (query.unread ? sql`i.unread > 0` : sql`i.unread = 0`),
    query.tag !== undefined &&
      sql`i.id in (select interaction_id from interaction_tag where tag_id = ${query.tag})`,
    from && sql`i.created_at >= ${from}`,
    // Instants are shown in milliseconds and kept finer: what is shown as this one counts.
    to && sql`i.created_at < ${to}::timestamptz + interval '1 ms'`,
  ].filter((condition) => condition !== false && condition !== undefined)
}

/** Clients send one field of JSON, or the flattened form of it that their libraries make. */
export function createdBetween(query: InteractionQuery): { from: Date | undefined; to: Date | undefined } {
  const json = query.createdAt === undefined ? {} : parseRange(query.createdAt)
  return {
    from: instant(query['createdAt[$gte]'] ?? json.$gte),
    to: instant(query['createdAt[$lte]'] ?? json.$lte),
  }
}

function parseRange(text: string): Record<string, unknown> {
  try {
    const range: unknown = JSON.parse(text)
    // A limit that is not understood may not be left out: it would answer what nobody asked for.
    if (isObject(range) && Object.keys(range).every((name) => name === '$gte' || name === '$lte'))
      return range
  } catch {
    // Refused below, as is JSON that is no object.
  }
  throw unusableRange()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function instant(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined
  const date = typeof value === 'string' || typeof value === 'number' ? new Date(value) : undefined
  if (!date || Number.isNaN(date.getTime())) throw unusableRange()
  return date
}

const unusableRange = () =>
  new Refusal('GE-101', 'createdAt must be JSON such as {"$gte":"2026-01-31T00:00:00Z","$lte":"..."}.', {
    field: 'createdAt',
  })

function toInteraction(row: Row): Interaction {
  return {
    id: row.id,
    closed: row.closed_at !== null,
    state: row.state,
    UserId: row.user_id,
    ContactId: row.contact_id,
    OpenchannelAccountId: row.account_id,
    OpenchannelQueueId: row.queue_id,
    threadId: row.thread_id || null,
    externalUrl: row.external_url,
    to: row.to_address,
    subject: row.subject,
    disposition: row.disposition,
    dispositionId: row.disposition_id,
    Tags: row.tags,
    unread: row.unread,
    lastMessageAt: row.last_message_at.toISOString(),
    lastMessageDirection: row.last_message_direction,
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
  }
}
