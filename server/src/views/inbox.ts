/**
 * The inbox: who sees which interactions in which order, page by page.
 *
 * Each view has one instant by which it is ordered, of which an index per account exists, so a page is the merged head of some index
 * ranges however many interactions are stored. `mine` is ordered by the newest message, of which no index can exist (it would be
 * rewritten with each message), and needs none: it holds what one person works on.
 * The instants are members of InboxRow, so the desk places a pushed row by the same rule.
 */
import { encodeCursor, readPage } from '@patchbay/kit/paging.ts'
import type { InboxRow, Sort, View } from '@patchbay/protocol/api/interactions.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Static } from 'typebox'
import { isAdmin, visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
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
  const isFiltered = query.queueId !== undefined || query.tagId !== undefined || query.unread !== undefined
  const lookAt = isFiltered ? Math.max(LOOK_AT, limit + 1) : limit + 1
  const { rows: candidates } = await sql<Candidate>`
    with candidate as (${await candidatesOf(db, caller, query, lookAt)})
    select id, (extract(epoch from key) * 1000000)::bigint as instant, matches, position = ${lookAt} as "isLast"
    from (select id, key, ${matches(query)} as matches, row_number() over (${orderOf(query)}) as position
          from candidate i) ranked
    where matches or position = ${lookAt} order by position limit ${limit + 1}`.execute(db)
  const shown = candidates.filter((candidate) => candidate.matches).slice(0, limit)
  const rows = new Map(
    (
      await rowsByIds(
        db,
        shown.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  return {
    rows: shown.flatMap(({ id }) => rows.get(id) ?? []),
    cursor: nextCursor(candidates, shown, limit),
  }
}

interface Candidate {
  id: number
  /** Microseconds since 1970: a Date would lose the digits that tell two rows apart. */
  instant: number
  matches: boolean
  isLast: boolean
}

function nextCursor(
  candidates: readonly Candidate[],
  shown: readonly Candidate[],
  limit: number,
): string | null {
  const last = candidates.length > limit ? shown.at(-1) : candidates.find(({ isLast }) => isLast)
  return last ? encodeCursor([last.instant, last.id]) : null
}

async function candidatesOf(
  db: Db,
  caller: Caller,
  query: InboxQuery,
  lookAt: number,
): Promise<RawBuilder<unknown>> {
  const { key, where } = views[query.view]
  const { after } = readPage({ cursor: query.cursor }, ['number', 'number'])
  const isAscending = ascends(query)
  const conditions = [
    where(caller.user.id),
    ...(query.accountId === undefined ? [] : [sql`i.account_id = ${query.accountId}`]),
    ...(after === undefined
      ? []
      : [sql`(${key}, i.id) ${isAscending ? sql`>` : sql`<`} (${instant(after[0])}, ${after[1]})`]),
  ]
  const tail = sql`${orderOf(query, key)} limit ${lookAt}`
  const columns = sql`i.id, ${key} as key, i.queue_id, i.unread`

  const narrow = await narrowing(db, caller, query)
  if (narrow) {
    const all = [narrow, visibleAccounts(caller, 'i.account_id'), ...conditions]
    return sql`select ${columns} from interaction i where ${sql.join(all, sql` and `)} ${tail}`
  }
  const accounts = isAdmin(caller)
    ? sql`select id as account_id from account`
    : sql`select account_id from account_member where user_id = ${caller.user.id}`
  return sql`
    select p.* from (${accounts}) a cross join lateral (
      select ${columns} from interaction i where i.account_id = a.account_id and ${sql.join(conditions, sql` and `)} ${tail}
    ) p order by p.key ${direction(isAscending)}, p.id ${direction(isAscending)} limit ${lookAt}`
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

function matches(query: InboxQuery): RawBuilder<unknown> {
  const conditions = [
    sql`true`,
    ...(query.queueId === undefined ? [] : [sql`i.queue_id = ${query.queueId}`]),
    ...(query.unread === undefined ? [] : [query.unread ? sql`i.unread > 0` : sql`i.unread = 0`]),
    ...(query.tagId === undefined
      ? []
      : [
          sql`exists (select from interaction_tag it where it.interaction_id = i.id and it.tag_id = ${query.tagId})`,
        ]),
  ]
  return sql`coalesce(${sql.join(conditions, sql` and `)}, false)`
}

// The longest waiting stand first where people wait; elsewhere the newest.
function ascends({ view, sort }: InboxQuery): boolean {
  return (sort ?? (view === 'waiting' ? 'longest-waiting' : 'newest')) !== 'newest'
}

function orderOf(query: InboxQuery, key: RawBuilder<unknown> = sql.ref('i.key')): RawBuilder<unknown> {
  const by = direction(ascends(query))
  return sql`order by ${key} ${by}, i.id ${by}`
}

function direction(isAscending: boolean): RawBuilder<unknown> {
  return isAscending ? sql`asc` : sql`desc`
}

function instant(microseconds: number): RawBuilder<unknown> {
  return sql`timestamptz 'epoch' + ${microseconds}::bigint * interval '1 microsecond'`
}
