/**
 * Whether an agent can be asked: his state, and the lease that says that he is there.
 *
 * available      takes offers, as long as the lease lasts
 * paused         is here and takes none
 * wrap-up        finishes what he has just closed or passed on; available again at `until`
 * not-answering  let offers run out, so no more come until he returns
 * offline        is not here
 *
 *   available -> wrap-up                 by closing or passing on what came by a queue that grants the time
 *   wrap-up -> available                 when the time is over
 *   available -> not-answering           by so many missed offers in a row as the rule says
 *   any -> available, paused, offline    by himself or a supervisor
 *   any -> offline                       when he signs out, or was silent for a minute; then the rest is up to him
 *
 * A browser keeps the lease by its socket, a program that set its presence by its calls. Who is silent for the length of a lease is
 * away: he counts as offline, whatever his state says. Back within a minute he finds his state as it was. A program's state stands
 * for as long as it is silent: nobody sits there who could set it again.
 *
 * What the state was before is kept in `presence_period`, by a trigger.
 */
import { sql } from 'kysely'
import { anyOf, type Db, type Tx } from '../db.ts'

export const LEASE_SECONDS = 15
/** Silent for so long, lease included, one is offline for good. */
export const SILENT_SECONDS = 60
export type PresenceName = 'available' | 'paused' | 'offline'

const leaseEnd = sql<Date>`now() + make_interval(secs => ${sql.lit(LEASE_SECONDS)})`

export interface NewPresence {
  state: PresenceName
  reason: string | null
  /** When a pause is meant to be over; nothing ends by it. */
  minutes?: number | null
}

/** By the agent himself. `byProgram`: set with a key or a password, so there is no browser to keep the lease. */
export async function setPresence(
  db: Db | Tx,
  userId: number,
  { state, reason, minutes = null, byProgram }: NewPresence & { byProgram: boolean },
): Promise<void> {
  await sql`
    insert into presence as old (user_id, state, reason, until, cause, lease_until, by_program)
    values (${userId}, ${state}, ${reason}, ${inMinutes(minutes)}, 'self', ${leaseEnd}, ${byProgram})
    on conflict (user_id) do update set
      ${replaced}, set_by = null, note = null, away_since = null, by_program = excluded.by_program,
      lease_until = greatest(old.lease_until, excluded.lease_until)`.execute(db)
}

/** By a supervisor, in whose words `note` says why. It makes nobody present who is away. */
export async function setPresenceOf(
  tx: Tx,
  userId: number,
  { state, reason, minutes = null, byUserId, note }: NewPresence & { byUserId: number; note: string | null },
): Promise<void> {
  await sql`
    insert into presence as old (user_id, state, reason, until, cause, set_by, note)
    values (${userId}, ${state}, ${reason}, ${inMinutes(minutes)}, 'supervisor', ${byUserId}, ${note})
    on conflict (user_id) do update set ${replaced}, set_by = excluded.set_by, note = excluded.note`.execute(
    tx,
  )
}

/** He signed out. Answers whether that makes him offline: while another session of his lives on, its desk keeps him. */
export async function signOut(db: Db | Tx, userId: number): Promise<boolean> {
  const { rows } = await sql`
    update presence set state = 'offline', reason = null, until = null, cause = 'signed-out', set_by = null, note = null, missed = 0,
      since = now()
    where user_id = ${userId} and state <> 'offline' and not by_program
      and not exists (select from session s where s.user_id = presence.user_id and s.expires_at > now())
    returning user_id`.execute(db)
  return rows.length > 0
}

const inMinutes = (minutes: number | null) => sql`now() + make_interval(mins => ${minutes}::int)`
const replaced = sql`
  state = excluded.state, reason = excluded.reason, until = excluded.until, cause = excluded.cause, missed = 0,
  since = case when (old.state, old.reason) is not distinct from (excluded.state, excluded.reason) then old.since else now() end`

/** For agents with an open socket. Answers those whose lease had ended: ring `route` for them, some are free for work again. */
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
  const { rows } = await sql<{ user_id: number; was_away: boolean }>`
    with held as materialized (
      select user_id, state = 'available' and lease_until <= now() as is_back, away_since is not null as was_away from presence
      where user_id = any(${present}::bigint[]) or (by_program and user_id = any(${programs}::bigint[]))
      order by user_id for no key update
    ), renewed as (
      update presence set lease_until = greatest(lease_until, ${leaseEnd}) from held where presence.user_id = held.user_id
    )
    select user_id, was_away from held where is_back or was_away`.execute(db)
  const returned = rows.filter((row) => row.was_away).map((row) => row.user_id)
  // Beside the renewal, which every agent has every few seconds: this one is written into his history.
  if (returned.length > 0)
    await sql`
      with held as materialized (
        select user_id from presence where user_id = any(${returned}::bigint[]) and away_since is not null and lease_until > now()
        order by user_id for no key update)
      update presence set away_since = null from held where presence.user_id = held.user_id`.execute(db)
  return rows.map((row) => row.user_id)
}

/** Those who were ever present, or are on their way to an interaction; the others have no row to lock. */
export async function known(tx: Tx, userIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('presence')
    .select('user_id')
    .where('user_id', 'in', [...userIds])
    .execute()
  return new Set(rows.map((row) => row.user_id))
}

/** Locks those of the agents whom nobody holds, so that their load cannot grow. Never waits. */
export async function lockFree(tx: Tx, userIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('presence')
    .select('user_id')
    .where('user_id', '=', anyOf(userIds))
    .orderBy('user_id')
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  return new Set(rows.map((row) => row.user_id))
}

/** Locks an agent who is about to be given an interaction, also one who was never present. Waits. `answers`: he takes it himself. */
export async function engage(tx: Tx, userId: number, answers = false): Promise<void> {
  await sql`
    insert into presence as old (user_id, last_engaged_at) values (${userId}, now())
    on conflict (user_id) do update set
      last_engaged_at = now(), missed = case when ${answers}::boolean then 0 else old.missed end`.execute(tx)
}

/** He answered an offer, be it by declining: the count of missed ones starts anew. */
export async function answered(tx: Tx, userId: number): Promise<void> {
  await tx
    .updateTable('presence')
    .set({ missed: 0 })
    .where('user_id', '=', userId)
    .where('missed', '>', 0)
    .execute()
}

/**
 * Counts offers that ran out, one for each time an agent is named. Answers those who are not answering from now on. Programs are left
 * out: they set their presence by what they know, and nobody there could press the button.
 */
export async function missed(tx: Tx, userIds: readonly number[]): Promise<number[]> {
  if (userIds.length === 0) return []
  const { rows } = await sql<{ user_id: number }>`
    with ended as materialized (
      select user_id, count(*)::int as times from unnest(${userIds}::bigint[]) as ended (user_id) group by 1
    ), held as materialized (
      select user_id from presence
      where user_id in (select user_id from ended) and state = 'available' and not by_program
      order by user_id for no key update
    ), counted as (
      update presence set missed = missed + times from held join ended using (user_id)
      where presence.user_id = held.user_id returning presence.user_id, missed
    )
    select user_id from counted join presence_rule on missed >= missed_offers`.execute(tx)
  const ids = rows.map((row) => row.user_id)
  if (ids.length > 0)
    await sql`
      update presence set state = 'not-answering', reason = null, until = null, cause = 'missed', set_by = null, note = null, since = now()
      where user_id = any(${ids}::bigint[])`.execute(tx)
  return ids
}

/**
 * Time for what is left to do after an interaction that an agent had by this queue, where the queue grants any, he was available, and
 * he does not have it any more.
 */
export async function wrapUp(
  tx: Tx,
  userId: number,
  had: { interactionId: number; queueId: number },
): Promise<void> {
  await sql`
    update presence set state = 'wrap-up', reason = null, cause = 'wrap-up', set_by = null, note = null,
      since = case when presence.state = 'wrap-up' then presence.since else now() end,
      until = greatest(presence.until, now() + make_interval(secs => queue.wrap_up_seconds))
    from queue
    where queue.id = ${had.queueId} and queue.wrap_up_seconds > 0
      and presence.user_id = ${userId} and presence.state in ('available', 'wrap-up')
      and not exists (select from interaction i where i.id = ${had.interactionId} and i.user_id = ${userId} and i.closed_at is null)`.execute(
    tx,
  )
}

/** Locks both in the order that everybody keeps. */
export async function lockBoth(tx: Tx, one: number, other: number): Promise<void> {
  await tx
    .selectFrom('presence')
    .select('user_id')
    .where('user_id', 'in', [one, other])
    .orderBy('user_id')
    .forNoKeyUpdate()
    .execute()
}
