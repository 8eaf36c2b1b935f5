/** What ends in presence by itself, found by the clock: wrap-ups, leases, and the patience with those who are silent. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { LEASE_SECONDS, SILENT_SECONDS } from './presence.ts'

/** Answers who is available again. */
export function endWrapUps(db: Db): Promise<number[]> {
  return change(
    db,
    sql`state = 'wrap-up' and until <= now()`,
    sql`state = 'available', until = null, cause = 'wrap-up', since = now()`,
  )
}

/** Notes who has become silent. Answers them. */
export function endLeases(db: Db): Promise<number[]> {
  return change(
    db,
    sql`state <> 'offline' and away_since is null and lease_until <= now()`,
    sql`away_since = greatest(lease_until - make_interval(secs => ${sql.lit(LEASE_SECONDS)}), since)`,
  )
}

/** Answers who was silent for so long that he is offline now. */
export function endPatience(db: Db): Promise<number[]> {
  return change(
    db,
    sql`state <> 'offline' and away_since is not null and not by_program
        and lease_until <= now() - make_interval(secs => ${sql.lit(SILENT_SECONDS - LEASE_SECONDS)})`,
    sql`state = 'offline', reason = null, until = null, cause = 'silent', set_by = null, note = null, missed = 0, since = now()`,
  )
}

/** Milliseconds until the next wrap-up is over; null: none is under way. */
export async function nextEndMs(db: Db): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(until) - clock_timestamp()) * 1000)::float8 as ms from presence where state = 'wrap-up'`.execute(
    db,
  )
  const ms = rows[0]?.ms ?? null
  return ms === null ? null : Math.max(0, ms)
}

// Whom somebody else has locked at the moment is looked at again in a second.
async function change(db: Db, where: ReturnType<typeof sql>, set: ReturnType<typeof sql>): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    with held as materialized (
      select user_id from presence where ${where} order by user_id for no key update skip locked)
    update presence set ${set} from held where presence.user_id = held.user_id returning presence.user_id`.execute(
    db,
  )
  return rows.map((row) => row.user_id)
}
