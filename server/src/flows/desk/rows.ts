/**
 * Carries changed interactions to the desks whose users may see them: whole rows, read once for all, written once for all.
 *
 * Rings say which interactions changed; a poll finds what no ring told. A desk's cursor is the instant of the last poll that has
 * ended: everything committed before it was carried to every open desk, but for transactions that were still under way, for which a
 * returning desk is told somewhat more than it missed.
 */

import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import type { Db } from '../../db.ts'
import { type Board, OVERLAP_MS } from '../../views/board.ts'
import { changedLately } from '../../views/changes.ts'
import { preparedRowsByIds, rowsByIds } from '../../views/inbox-rows.ts'
import { type Audience, type Member, sees } from './audience.ts'
import { type Client, type Frame, frame, frameOf, send } from './client.ts'
import { coalesce } from './coalesce.ts'
import { createRecent, type Entry } from './recent.ts'

export interface Rows {
  changed(ids: Iterable<number>): void
  /** Looks for what no ring told. Resolves when all of it was carried. */
  poll(): Promise<void>
  /** Sends a returning desk what it missed. */
  resume(client: Client, member: Member, cursor: string | null): Promise<'current' | 'delta' | 'reset'>
  cursor(): string
  /** Names in rows changed: rows read before are not handed out any more. */
  renamed(): void
  close(): Promise<void>
}

export interface RowsOptions {
  db: Db
  pool: Pool
  log: Log
  board: Board
  audience: Audience
  /** Called with the accounts of interactions that changed. */
  onCarried(accountIds: ReadonlySet<number>): void
}

const TICK_MS = 10
const MOST_AT_ONCE = 1000
const MOST_MISSED = 500
const OLDEST_CURSOR_MS = 10 * 60_000
const KEEP_ROWS_MS = 60_000
/** Without anybody here nothing is followed; after so long what happened is read anew. */
const FOLLOWED_MS = 60_000

export function createRows({ db, pool, log, board, audience, onCarried }: RowsOptions): Rows {
  const recent = createRecent()
  const pending = new Set<number>()
  const unreadEntries = new Set<Entry>()
  let polledAt = 0
  let polledAtLocal = Number.NEGATIVE_INFINITY

  const now = (): number => polledAt + Math.max(0, performance.now() - polledAtLocal)
  const cursor = (): string => String(polledAt)

  const tick = coalesce(
    async () => {
      const all = [...pending]
      pending.clear()
      try {
        for (let start = 0; start < all.length; start += MOST_AT_ONCE)
          await carry(all.slice(start, start + MOST_AT_ONCE))
      } catch (error) {
        for (const id of all) pending.add(id)
        throw error
      }
    },
    TICK_MS,
    (error) => log.warn({ err: error }, 'changed interactions could not be read; the desks wait for them'),
  )

  const carry = async (ids: readonly number[]): Promise<void> => {
    const accountIds = audience.accountIds()
    if (ids.length === 0 || accountIds?.length === 0) return
    const rows = await preparedRowsByIds({ db, pool }, ids, accountIds)
    board.put(
      rows.map((row) => ({
        id: row.id,
        accountId: row.account.id,
        userId: row.user?.id ?? null,
        isOpen: row.closedAt === null,
      })),
    )
    const fresh = rows.flatMap((row) => remember(row) ?? [])
    if (fresh.length === 0) return
    broadcast(fresh)
    onCarried(new Set(fresh.map(({ accountId }) => accountId)))
  }

  /** undefined: the desks have this row already, or a newer one. */
  const remember = (row: InboxRow): { id: number; accountId: number; json: string } | undefined => {
    const json = JSON.stringify(row)
    const known = recent.get(row.id)
    if (known && (known.seq > row.seq || known.json === json)) return undefined
    const entry = { id: row.id, accountId: row.account.id, seq: row.seq, at: now(), json }
    recent.put(entry)
    return entry
  }

  const broadcast = (rows: readonly { accountId: number; json: string }[]): void => {
    const ofAccount = Map.groupBy(rows, ({ accountId }) => accountId)
    const accountsOf = new Map<Member, number[]>()
    for (const accountId of ofAccount.keys())
      for (const member of audience.of(accountId)) {
        const some = accountsOf.get(member)
        if (some) some.push(accountId)
        else accountsOf.set(member, [accountId])
      }
    // Members who see the same of these accounts are sent the same bytes.
    const frames = new Map<string, Frame>()
    for (const [member, accountIds] of accountsOf) {
      const key = accountIds.join()
      let data = frames.get(key)
      if (!data) {
        const visible = accountIds.flatMap((accountId) => ofAccount.get(accountId) ?? [])
        data = rowsFrame(
          visible.map(({ json }) => json),
          cursor(),
        )
        frames.set(key, data)
      }
      for (const client of member.clients) if (client.isGreeted) send(client, data)
    }
  }

  const look = coalesce(
    async () => {
      if (performance.now() - polledAtLocal > FOLLOWED_MS) await startOver()
      const startedAt = performance.now()
      const found = await board.poll()
      const missed = found.changes.filter(({ id, seq }) => (recent.get(id)?.seq ?? -1) < seq)
      const accountIds = audience.accountIds()
      const carried = accountIds && new Set(accountIds)
      for (const { id, seq, accountId } of missed)
        if (!carried || carried.has(accountId)) pending.add(id)
        else recent.put({ id, accountId, seq, at: found.now.getTime(), json: undefined })
      if (pending.size > 0) await tick.wake()
      polledAt = found.now.getTime()
      polledAtLocal = startedAt
      recent.age(polledAt - OLDEST_CURSOR_MS - OVERLAP_MS, polledAt - KEEP_ROWS_MS)
    },
    TICK_MS,
    (error) => log.warn({ err: error }, 'the desks could not be told what no ring told'),
  )

  // After a long outage of the database somebody may still be here, and is carried what happened in it.
  const startOver = async (): Promise<void> => {
    const { changes, floor } = await changedLately(db, OLDEST_CURSOR_MS + OVERLAP_MS)
    if (isAnybodyGreeted(audience))
      for (const { id, seq } of changes) if (recent.get(id)?.seq !== seq) pending.add(id)
    recent.restart(floor.getTime())
    for (const change of changes) recent.put({ ...change, at: change.at.getTime(), json: undefined })
  }

  // Many desks return at once and missed the same.
  const reading = coalesce(
    async () => {
      const entries = [...unreadEntries]
      const rows = await rowsByIds(db, [...new Set(entries.map(({ id }) => id))])
      const byId = new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
      for (const entry of entries) {
        entry.json = byId.get(entry.id)
        unreadEntries.delete(entry)
      }
    },
    TICK_MS,
    (error) =>
      log.warn({ err: error }, 'missed interactions could not be read; returning desks wait for them'),
  )

  const missedBy = (member: Member, cursor: string | null) => {
    const since = cursor === null ? Number.NaN : Number(cursor)
    // One from the future comes of a database that was put back to an earlier day.
    if (!(since > polledAt - OLDEST_CURSOR_MS && since < polledAt + OVERLAP_MS)) return undefined
    const missed = recent.since(since - OVERLAP_MS, member.accountIds, MOST_MISSED)
    return missed && missed.length <= MOST_MISSED ? missed : undefined
  }

  return {
    cursor,
    renamed: recent.forgetRows,
    changed(ids) {
      if (audience.members.size === 0) return
      for (const id of ids) pending.add(id)
      if (pending.size > 0) void tick.wake()
    },
    poll: look.wake,
    async resume(client, member, cursor) {
      const missed = missedBy(member, cursor)
      if (!missed) return 'reset'
      for (const entry of missed) if (entry.json === undefined) unreadEntries.add(entry)
      if (unreadEntries.size > 0) await reading.wake()
      const rows = missed.flatMap((entry) => (sees(member, entry.accountId) && entry.json) || [])
      if (rows.length > 0) send(client, rowsFrame(rows, cursor ?? String(polledAt)))
      return rows.length > 0 ? 'delta' : 'current'
    },
    async close() {
      await Promise.all([tick.close(), look.close(), reading.close()])
    },
  }
}

function isAnybodyGreeted(audience: Audience): boolean {
  return audience.members.values().some(({ clients }) => clients.values().some(({ isGreeted }) => isGreeted))
}

function rowsFrame(rows: readonly string[], cursor: string): Frame {
  return frameOf(
    `{"type":"interactions","rows":[${rows.join()}],"gone":[],"goneAccounts":[],"cursor":${JSON.stringify(cursor)}}`,
  )
}

/** For what a member may no longer see. */
export function goneFrame(ids: readonly number[], accountIds: readonly number[], cursor: string): Frame {
  return frame({ type: 'interactions', rows: [], gone: [...ids], goneAccounts: [...accountIds], cursor })
}
