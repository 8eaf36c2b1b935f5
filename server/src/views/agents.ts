/** Agents as verbs see them: names, slots, and whether one may be given an account's interactions. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { presencesOf } from './presences.ts'

export async function fullnames(db: Db | Tx, userIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('app_user')
    .select(['id', 'fullname'])
    .where('id', 'in', [...userIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.fullname]))
}

/** How many interactions the user has, and how many he takes from queues: none when he is disabled. */
export async function slotsOf(db: Db | Tx, userId: number): Promise<{ used: number; capacity: number }> {
  const { rows } = await sql<{ used: number; capacity: number }>`
    select (select count(*)::int from interaction where user_id = app_user.id and closed_at is null) as used,
           case when disabled_at is null then capacity else 0 end as capacity
    from app_user where id = ${userId}`.execute(db)
  return rows[0] ?? { used: 0, capacity: 0 }
}

/** The user, when he is enabled, sees the account and may answer. */
export async function agentOf(
  db: Db | Tx,
  accountId: number,
  userId: number,
): Promise<{ fullname: string } | undefined> {
  const { rows } = await sql<{ fullname: string }>`
    select fullname from app_user join role on role.id = role_id
    where app_user.id = ${userId} and disabled_at is null and may_answer and (sees_all
      or exists (select from account_member m where m.account_id = ${accountId} and m.user_id = app_user.id))`.execute(
    db,
  )
  return rows[0]
}

/** The user, when he is enabled and may answer, and of which accounts. */
export async function answererOf(
  db: Db | Tx,
  userId: number,
): Promise<{ fullname: string; answers(accountId: number): boolean } | undefined> {
  const { rows } = await sql<{ fullname: string; sees_all: boolean; account_ids: number[] }>`
    select fullname, sees_all, array(select account_id from account_member m where m.user_id = app_user.id) as account_ids
    from app_user join role on role.id = role_id
    where app_user.id = ${userId} and disabled_at is null and may_answer`.execute(db)
  const [found] = rows
  if (!found) return undefined
  const accountIds = new Set(found.account_ids)
  return { fullname: found.fullname, answers: (id) => found.sees_all || accountIds.has(id) }
}

export async function presenceOf(db: Db | Tx, userId: number): Promise<PresenceState> {
  const slots = await slotsOf(db, userId)
  const presence = (await presencesOf(db, [userId])).get(userId)
  if (!presence) throw new Refusal('GE-105', `There is no user ${userId}.`)
  return { ...presence, slotsUsed: slots.used }
}
