/**
 * How many interactions wait and who has how many: counted once at start, then kept by looking at what changed, so that the numbers
 * beside the views cost no query.
 *
 * Whoever reads changed rows anyway puts them in (`put`). `poll` looks for all that changed since the last poll, with an overlap for
 * transactions that were long under way, and puts right what was missed or put in the wrong order.
 */
import type { ViewCounts } from '@patchbay/protocol/api/interactions.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Where an interaction stands. */
export interface Place {
  id: number
  accountId: number
  userId: number | null
  isOpen: boolean
}
export interface Change extends Place {
  seq: number
}

export interface Board {
  /** Resolves when the board reflects the database of at most some seconds ago. */
  fresh(): Promise<void>
  poll(): Promise<{ changes: Change[]; now: Date }>
  put(places: Iterable<Place>): void
  /** `accountIds`: those that the user sees; null: all. */
  counts(userId: number, accountIds: ReadonlySet<number> | null): ViewCounts
  /** How many open interactions the user has, in whatever account. */
  slotsUsed(userId: number): number
  /** Of an open interaction. */
  accountOf(interactionId: number): number | undefined
}

/** Long enough for any transaction that appends an event: `event.at` is when it began. */
export const OVERLAP_MS = 10_000
const FRESH_MS = 3_000
const RELOAD_AFTER_MS = 5 * 60_000
const BATCH = 10_000
// A place is one number, account and user side by side: at a million open interactions, objects would take half the memory.
const USERS = 2 ** 25

export function createBoard(db: Db): Board {
  let places = new Map<number, number>()
  let tally = createTally()
  let polledAt: Date | undefined
  let polledAtLocal = Number.NEGATIVE_INFINITY
  let polling: Promise<{ changes: Change[]; now: Date }> | undefined

  const put = (changed: Iterable<Place>): void => {
    for (const { id, accountId, userId, isOpen } of changed) {
      const before = places.get(id)
      const after = isOpen ? accountId * USERS + (userId ?? 0) : undefined
      if (before === after) continue
      if (before !== undefined) tally.add(Math.floor(before / USERS), before % USERS, -1)
      if (after === undefined) places.delete(id)
      else {
        tally.add(accountId, userId ?? 0, 1)
        places.set(id, after)
      }
    }
  }

  const load = async (): Promise<Date> => {
    const loaded = { places: new Map<number, number>(), tally: createTally() }
    const now = await eachOpen(db, ({ id, account_id, user_id }) => {
      loaded.places.set(id, account_id * USERS + (user_id ?? 0))
      loaded.tally.add(account_id, user_id ?? 0, 1)
    })
    places = loaded.places
    tally = loaded.tally
    return now
  }

  const look = async (): Promise<{ changes: Change[]; now: Date }> => {
    const startedAt = performance.now()
    if (!polledAt || startedAt - polledAtLocal > RELOAD_AFTER_MS) polledAt = await load()
    const found = await changedSince(db, new Date(polledAt.getTime() - OVERLAP_MS))
    put(found.changes)
    polledAt = found.now
    polledAtLocal = startedAt
    return found
  }

  const poll = (): Promise<{ changes: Change[]; now: Date }> => {
    polling ??= look().finally(() => {
      polling = undefined
    })
    return polling
  }

  return {
    poll,
    put,
    async fresh() {
      if (performance.now() - polledAtLocal > FRESH_MS) await poll()
    },
    counts: (userId, accountIds) => tally.counts(userId, accountIds),
    slotsUsed: (userId) => tally.slotsUsed(userId),
    accountOf(interactionId) {
      const place = places.get(interactionId)
      return place === undefined ? undefined : Math.floor(place / USERS)
    },
  }
}

/** User 0 is nobody: the interaction waits. */
function createTally() {
  const waiting = new Map<number, number>()
  const assigned = new Map<number, number>()
  const ofUser = new Map<number, Map<number, number>>()

  return {
    add(accountId: number, userId: number, by: 1 | -1): void {
      if (userId === 0) {
        bump(waiting, accountId, by)
        return
      }
      bump(assigned, accountId, by)
      const own = ofUser.get(userId) ?? new Map<number, number>()
      bump(own, accountId, by)
      if (own.size === 0) ofUser.delete(userId)
      else ofUser.set(userId, own)
    },
    counts(userId: number, accountIds: ReadonlySet<number> | null): ViewCounts {
      const mine = sum(ofUser.get(userId), accountIds)
      return { mine, waiting: sum(waiting, accountIds), team: sum(assigned, accountIds) - mine }
    },
    slotsUsed: (userId: number): number => sum(ofUser.get(userId), null),
  }
}

function bump(counters: Map<number, number>, key: number, by: number): void {
  const count = (counters.get(key) ?? 0) + by
  if (count === 0) counters.delete(key)
  else counters.set(key, count)
}

function sum(counters: ReadonlyMap<number, number> | undefined, keys: ReadonlySet<number> | null): number {
  let total = 0
  if (!counters) return total
  if (keys === null) for (const count of counters.values()) total += count
  else for (const key of keys) total += counters.get(key) ?? 0
  return total
}

async function changedSince(db: Db, since: Date): Promise<{ changes: Change[]; now: Date }> {
  const { rows } = await sql<{ now: Date; changes: Change[] | null }>`
    select now(), (select json_agg(json_build_object('id', i.id, 'seq', i.seq, 'accountId', i.account_id,
                                                     'userId', i.user_id, 'isOpen', i.closed_at is null))
                   from interaction i
                   where i.id in (select interaction_id from interaction_log where at > ${since})) as changes`.execute(
    db,
  )
  const row = rows[0]
  if (!row) throw new Error('the database answered no row')
  return { changes: row.changes ?? [], now: row.now }
}

interface OpenRow {
  id: number
  account_id: number
  user_id: number | null
}

/** Answers the database's time at the beginning. */
function eachOpen(db: Db, visit: (row: OpenRow) => void): Promise<Date> {
  return db.transaction().execute(async (tx) => {
    await sql`declare open_interaction no scroll cursor for
      select id, account_id, user_id from interaction where closed_at is null`.execute(tx)
    for (;;) {
      const { rows } = await sql<OpenRow>`fetch ${sql.lit(BATCH)} from open_interaction`.execute(tx)
      rows.forEach(visit)
      if (rows.length < BATCH) break
    }
    const { rows } = await sql<{ now: Date }>`select now()`.execute(tx)
    if (!rows[0]) throw new Error('the database answered no row')
    return rows[0].now
  })
}
