/** Which interactions changed lately. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'

const MOST = 20_000

/** Oldest change first. What changed before `floor` may be missing, be it too old or too much. */
export async function changedLately(
  db: Db,
  withinMs: number,
): Promise<{ changes: { id: number; accountId: number; seq: number; at: Date }[]; floor: Date }> {
  const { rows } = await sql<{ id: number; accountId: number; seq: number; at: Date }>`
    select i.id, i.account_id as "accountId", i.seq, e.at
    from (select interaction_id, max(at) as at from interaction_log
          where at > now() - ${withinMs} * interval '1 millisecond'
          group by interaction_id order by 2 desc limit ${MOST}) e
    join interaction i on i.id = e.interaction_id order by e.at`.execute(db)
  const first = rows[0]
  if (first && rows.length === MOST) return { changes: rows, floor: first.at }
  const { rows: ends } = await sql<{ floor: Date }>`
    select now() - ${withinMs} * interval '1 millisecond' as floor`.execute(db)
  if (!ends[0]) throw new Error('the database answered no row')
  return { changes: rows, floor: ends[0].floor }
}

export async function accountsOfInteractions(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: number; account_id: number }>`
    select id, account_id from interaction where id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row.account_id]))
}
