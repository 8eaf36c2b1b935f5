/** To whom an interaction can be passed, and how busy each is. */
import type { Targets } from '@patchbay/protocol/api/pass-on.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

/** Who may have its account's interactions: agents, queues (all of them, since an empty one fills again) and teams with such an agent. */
export async function targetsFor(db: Db | Tx, interactionId: number): Promise<Targets> {
  const { rows } = await sql<Targets>`
    with agent as materialized (
      select u.id, u.fullname,
        case when p.state = 'offline' or p.lease_until is null or p.lease_until <= now() then 'offline' else p.state end as presence,
        greatest(0, u.capacity - (select count(*) from interaction i where i.user_id = u.id and i.closed_at is null))::int as free
      from interaction one join app_user u on u.disabled_at is null join role r on r.id = u.role_id
      left join presence p on p.user_id = u.id
      where one.id = ${interactionId} and r.may_answer and (r.sees_all
        or exists (select from account_member m where m.account_id = one.account_id and m.user_id = u.id))
    ), here as (select id from agent where presence = 'available' and free > 0)
    select
      (select coalesce(json_agg(agent order by presence <> 'available', presence <> 'paused', free = 0, lower(fullname)), '[]')
       from agent) as agents,
      (select coalesce(json_agg(found order by lower(found.name)), '[]') from (
        select q.id, q.name, (select count(*)::int from queue_entry e where e.queue_id = q.id) as waiting,
          (select count(*)::int from queue_member m join here on here.id = m.user_id where m.queue_id = q.id) as free
        from queue q) found) as queues,
      (select coalesce(json_agg(found order by lower(found.name)), '[]') from (
        select t.id, t.name,
          (select count(*)::int from team_member m join here on here.id = m.user_id where m.team_id = t.id) as free
        from team t
        where exists (select from team_member m join agent on agent.id = m.user_id where m.team_id = t.id)) found) as teams`.execute(
    db,
  )
  return rows[0] ?? { agents: [], queues: [], teams: [] }
}
