/**
 * The inbox: who sees which interactions in which order, page by page.
 *
 * Each view has one instant by which it is ordered, of which an index per account exists, so a page is merged from the heads of some
 * index ranges however many interactions are stored. `mine` is ordered by the newest message, of which no index can exist (it would be
 * rewritten with each message), and needs none: it holds what one person works on.
 * The instants are members of InboxRow, so the desk places a pushed row by the same rule.
 */
import { encodeCursor, readPage } from '@patchbay/kit/paging.ts'
import type { InboxRow, Sort, View } from '@patchbay/protocol/api/interactions.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Static } from 'typebox'
import type { Caller } from '../access/endpoint.ts'
import { accountsOf } from '../access/standing.ts'
import type { Db } from '../db.ts'
import { rowsByIds } from './inbox-rows.ts'
import { interactionsFound, interactionsTagged } from './inbox-search.ts'

export interface InboxQuery {
  view: View
  sort?: Static<typeof Sort> | undefined
  limit?: number | undefined
  cursor?: string | undefined
  accountId?: number | undefined
  queueId?: number | undefined
  tagId?: number | undefined
  unread?: boolean | undefined
  search?: string | undefined
}

// With filters that no index serves, a page looks at so many rows and then answers what it found, perhaps nothing, and a cursor.
const LOOK_AT = 2000

const views = {
  mine: {
    key: sql.ref('i.last_message_at'),
    where: (me: number) => sql`i.user_id = ${me} and i.closed_at is null`,
  },
  waiting: { key: sql.ref('i.waiting_since'), where: () => sql`i.user_id is null and i.closed_at is null` },
  team: {
    key: sql.ref('i.assigned_at'),
    where: (me: number) => sql`i.user_id is not null and i.user_id <> ${me} and i.closed_at is null`,
  },
  closed: { key: sql.ref('i.closed_at'), where: () => sql`i.closed_at is not null` },
} as const

export async function list(
  db: Db,
  caller: Caller,
  query: InboxQuery,
): Promise<{ rows: InboxRow[]; cursor: string | null }> {
  const limit = query.limit ?? 100
  const { candidates, cursor } = await choose(db, caller, query, limit)
  const ids = candidates.map(({ id }) => id)
  const rows = new Map((await rowsByIds(db, ids)).map((row) => [row.id, row]))
  return { rows: ids.flatMap((id) => rows.get(id) ?? []), cursor }
}

interface Candidate {
  id: number
  /** Microseconds since 1970: a Date would lose the digits that tell two rows apart. */
  instant: number
  matches: boolean
  place: number
  /** The last that was looked at, while there may be more. */
  isEdge: boolean
}

async function choose(
  db: Db,
  caller: Caller,
  query: InboxQuery,
  limit: number,
): Promise<{ candidates: Candidate[]; cursor: string | null }> {
  const isFiltered = query.queueId !== undefined || query.tagId !== undefined || query.unread !== undefined
  const lookAt = isFiltered ? Math.max(LOOK_AT, limit + 1) : limit + 1
  const ranges = await rangesOf(db, caller, query)
  // From each range somewhat more than its share. Where one holds more than that, what is merged ends at its last row; then, if the
  // page is not full, more is taken from each.
  for (
    let each = Math.min(lookAt, 10 + 2 * Math.ceil(lookAt / ranges.count));
    ;
    each = Math.min(lookAt, each * 4)
  ) {
    const found = await merge(db, query, ranges.condition, { each, lookAt, limit })
    const matching = found.filter(({ matches }) => matches)
    const candidates = matching.slice(0, limit)
    const edge = found.find(({ isEdge }) => isEdge)
    const last = matching.length > limit ? candidates.at(-1) : edge
    if (matching.length > limit || !edge || edge.place === lookAt || each === lookAt)
      return { candidates, cursor: last ? encodeCursor([last.instant, last.id]) : null }
  }
}

interface Ranges {
  count: number
  /** A query of ranges, each with a condition on `i`. */
  condition: { from: RawBuilder<unknown>; where: RawBuilder<unknown> }
}

/** One range of the view's index for each account, or one of few interactions that are sorted. */
async function rangesOf(db: Db, caller: Caller, query: InboxQuery): Promise<Ranges> {
  const where = conditions(caller, query)
  const [narrow, accountIds] = await Promise.all([narrowing(db, caller, query), visible(db, caller, query)])
  const ids = sql`${accountIds}::bigint[]`
  return narrow
    ? {
        count: 1,
        condition: {
          from: sql`(select 1)`,
          where: sql`${narrow} and i.account_id = any(${ids}) and ${where}`,
        },
      }
    : {
        count: Math.max(1, accountIds.length),
        condition: { from: sql`unnest(${ids})`, where: sql`i.account_id = range.value and ${where}` },
      }
}

async function visible(db: Db, caller: Caller, { accountId }: InboxQuery): Promise<number[]> {
  const own = await accountsOf(db, caller)
  if (accountId !== undefined) return !own || own.has(accountId) ? [accountId] : []
  if (own) return [...own]
  return (await db.selectFrom('account').select('id').execute()).map(({ id }) => id)
}

/** A condition that leaves so few interactions that sorting them is cheaper than walking an index. */
async function narrowing(
  db: Db,
  caller: Caller,
  query: InboxQuery,
): Promise<RawBuilder<unknown> | undefined> {
  if (query.search?.trim()) return interactionsFound(db, query.search)
  if (query.view === 'mine') return sql`i.user_id = ${caller.user.id}`
  if (query.tagId !== undefined) return interactionsTagged(db, query.tagId)
  return undefined
}

function conditions(caller: Caller, query: InboxQuery): RawBuilder<unknown> {
  const { key, where } = views[query.view]
  const { after } = readPage({ cursor: query.cursor }, ['number', 'number'])
  if (!after) return where(caller.user.id)
  const [microseconds, id] = after
  const instant = sql`${toText(microseconds)}::timestamptz`
  return sql`${where(caller.user.id)} and (${key}, i.id) ${ascends(query) ? sql`>` : sql`<`} (${instant}, ${id})`
}

// As one value rather than arithmetic, so that the planner sees how much of the index is left.
function toText(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000)
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0')
  return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`)
}

/**
 * Answers what matches of the first `lookAt`, at most `limit` + 1, and the edge. The ranges are read from their index alone: only what
 * is in the index is asked for there, and the planner, which thinks that they hold less than they do, is not tempted to sort them.
 */
async function merge(
  db: Db,
  query: InboxQuery,
  { from, where }: Ranges['condition'],
  { each, lookAt, limit }: { each: number; lookAt: number; limit: number },
): Promise<Candidate[]> {
  const { key } = views[query.view]
  const by = ascends(query) ? sql`asc` : sql`desc`
  const order = sql`order by key ${by}, id ${by}`
  const { rows } = await sql<Candidate>`
    with candidate as (
      select p.*, row_number() over (partition by range.value ${order}) = ${each} as is_full
      from ${from} range(value) cross join lateral (
        select i.id, ${key} as key from interaction i where ${where}
        order by ${key} ${by}, i.id ${by} limit ${each}
      ) p
    ), placed as (
      select *, row_number() over (${order}) as place,
             coalesce(bool_or(is_full) over (${order} rows between unbounded preceding and 1 preceding), false) as is_beyond
      from candidate
    ), looked_at as (
      select p.*, p.is_full or p.place = ${lookAt} as is_edge, ${matches(query)} as matches from placed p
      where not p.is_beyond and p.place <= ${lookAt}
    )
    (select id, (extract(epoch from key) * 1000000)::bigint as instant, matches, place, false as "isEdge"
     from looked_at where matches order by place limit ${limit + 1})
    union all
    (select id, (extract(epoch from key) * 1000000)::bigint, false, place, true from looked_at where is_edge)
    order by place, "isEdge"`.execute(db)
  return rows
}

function matches({ queueId, unread, tagId }: InboxQuery): RawBuilder<unknown> {
  const conditions = [
    ...(queueId === undefined ? [] : [sql`i.queue_id = ${queueId}`]),
    ...(unread === undefined ? [] : [unread ? sql`i.unread > 0` : sql`i.unread = 0`]),
    ...(tagId === undefined
      ? []
      : [sql`exists (select from interaction_tag t where t.interaction_id = i.id and t.tag_id = ${tagId})`]),
  ]
  if (conditions.length === 0) return sql`true`
  // Row by row: as a join or an `exists` the planner reads the whole table for some thousand rows.
  return sql`coalesce((select ${sql.join(conditions, sql` and `)} from interaction i where i.id = p.id), false)`
}

// The longest waiting stand first where people wait; elsewhere the newest.
function ascends({ view, sort }: InboxQuery): boolean {
  return (sort ?? (view === 'waiting' ? 'longest-waiting' : 'newest')) !== 'newest'
}
