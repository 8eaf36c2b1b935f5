/** What waits for the answer of an agent who is absent. */
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export interface Unattended {
  interactionId: number
  accountId: number
  userId: number
  fullname: string
  why: 'disabled' | 'offline' | 'paused' | 'not-answering'
}

/**
 * Absent is who is disabled, offline or away; where the rules say so, also who is paused or not answering. Who has never set a
 * presence is not: he may be a program that answers what it is given. His interactions come here when the customer has written since
 * the agent was last there and was given it, or has waited for as long as the rules allow. Among `ids` only, when given.
 */
export async function unattended(db: Db | Tx, limit: number, ids?: readonly number[]): Promise<Unattended[]> {
  const among = ids ? sql`i.id = any(${ids}::bigint[])` : sql`true`
  const { rows } = await sql<Unattended>`
    with absent as materialized (
      select u.id, u.fullname, absent_minutes, coalesce(u.disabled_at, p.away_since, p.since) as since,
             case when u.disabled_at is not null then 'disabled' when p.away_since is not null then 'offline' else p.state end as why
      from app_user u left join presence p on p.user_id = u.id cross join presence_rule
      where u.disabled_at is not null or p.away_since is not null or p.state = 'offline' and p.cause <> 'never'
         or paused_is_absent and p.state in ('paused', 'not-answering')
    )
    select i.id as "interactionId", i.account_id as "accountId", a.id as "userId", a.fullname, a.why
    from absent a join interaction i on i.user_id = a.id and i.closed_at is null
    where ${among} and i.state = 'assigned' and i.last_message_direction = 'in'
      and (i.last_message_at > greatest(a.since, i.assigned_at)
           or greatest(a.since, i.assigned_at) <= now() - make_interval(mins => absent_minutes))
    order by i.id limit ${limit}`.execute(db)
  return rows
}
