/**
 * Whether an agent can be asked: his state, and the lease that says that he is there.
 *
 * available  takes offers, as long as the lease lasts
 * paused     is here and takes none
 * offline    is not here
 *
 * A browser keeps the lease by its socket, a program that set its presence by its calls. Who is silent for the length of a lease
 * counts as offline, whatever his state says; the state stands and counts again when he is back.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export const LEASE_SECONDS = 15
export type PresenceName = 'available' | 'paused' | 'offline'

const leaseEnd = sql<Date>`now() + make_interval(secs => ${sql.lit(LEASE_SECONDS)})`

/** `byProgram`: set with a key or a password, so there is no browser to keep the lease. */
export async function setPresence(
  db: Db | Tx,
  userId: number,
  presence: { state: PresenceName; reason: string | null; byProgram: boolean },
): Promise<void> {
  await sql`
    insert into presence as old (user_id, state, reason, lease_until, by_program)
    values (${userId}, ${presence.state}, ${presence.reason}, ${leaseEnd}, ${presence.byProgram})
    on conflict (user_id) do update set
      state = excluded.state, reason = excluded.reason, by_program = excluded.by_program,
      lease_until = greatest(old.lease_until, excluded.lease_until),
      since = case when (old.state, old.reason) is not distinct from (excluded.state, excluded.reason)
                   then old.since else now() end`.execute(db)
}

/** For agents with an open socket. Answers those who are free again for work because their lease had ended: ring `route` for them. */
export function touchLease(db: Db, userIds: readonly number[]): Promise<number[]> {
  return renew(db, { present: userIds, programs: [] })
}

/** `programs` are renewed only where a program set the presence: a person's key in a script says nothing about the person. */
export async function renew(
  db: Db,
  { present, programs }: { present: readonly number[]; programs: readonly number[] },
): Promise<number[]> {
  if (present.length + programs.length === 0) return []
  // Locked in the order of ids, so that two nodes that renew the same agents never wait for each other in a circle.
  const { rows } = await sql<{ user_id: number }>`
    with held as materialized (
      select user_id, state = 'available' and lease_until <= now() as is_back from presence
      where user_id = any(${present}::bigint[]) or (by_program and user_id = any(${programs}::bigint[]))
      order by user_id for no key update
    ), renewed as (
      update presence set lease_until = greatest(lease_until, ${leaseEnd}) from held where presence.user_id = held.user_id
    )
    select user_id from held where is_back`.execute(db)
  return rows.map((row) => row.user_id)
}

/** Locks those of the agents whom nobody holds, so that their load cannot grow. Never waits. */
export async function lockFree(tx: Tx, userIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('presence')
    .select('user_id')
    .where('user_id', 'in', [...userIds])
    .orderBy('user_id')
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  return new Set(rows.map((row) => row.user_id))
}

/** Locks an agent who is about to be given an interaction, also one who was never present. Waits. */
export async function engage(tx: Tx, userId: number): Promise<void> {
  await sql`
    insert into presence (user_id, last_engaged_at) values (${userId}, now())
    on conflict (user_id) do update set last_engaged_at = now()`.execute(tx)
}
