/** Why an interaction waits, and how it came to whom it came: what routing sees now, and what became of those it asked. */
import type { Asked, MemberState, Why, whyApi } from '@patchbay/protocol/api/why.ts'
import { sql } from 'kysely'
import { seesAll, visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { LEAVE_ALONE_SECONDS } from '../routing/offers.ts'
import { promised, sees, slots } from './candidates.ts'
import { requireInteraction } from './interactions.ts'

const ASKED = 20

export function whyRoutes({ db }: Context): Handlers<typeof whyApi> {
  return {
    'GET /api/openchannel/interactions/:id/why': ({ caller, params }) => whyOf(db, caller, params.id),
  }
}

export async function whyOf(db: Db, caller: Caller, id: number): Promise<Why> {
  await requireInteraction(db, caller, id)
  const [{ state }, waits, asked, came] = await Promise.all([
    db.selectFrom('interaction').select('state').where('id', '=', id).executeTakeFirstOrThrow(),
    waitOf(db, caller, id),
    askedOf(db, id),
    cameOf(db, id),
  ])
  return { state, waits, asked, came }
}

interface WaitRow {
  for: 'queue' | 'agent' | 'team'
  id: number
  name: string
  strategy: string | null
  since: Date
  until: Date | null
  place: number
  inLine: number
  skills: { name: string; level: number }[]
  relaxesAt: Date | null
  members: { state: MemberState; count: number }[]
}

async function waitOf(db: Db, caller: Caller, id: number): Promise<Why['waits']> {
  const { rows } = await sql<WaitRow>`
    with entry as materialized (
      select *, extract(epoch from now() - entered_at) as age from queue_entry where interaction_id = ${id}
    ),
    line as (
      select count(*)::int as in_line,
             (count(*) filter (where (e.entered_at, e.interaction_id) <= (entry.entered_at, entry.interaction_id)))::int as place
      from entry join queue_entry e on e.kind = entry.kind and e.target_id = entry.target_id
      where ${visibleAccounts(caller, 'e.account_id')}
    ),
    wanted as materialized (
      select distinct on (s.skill_id) s.skill_id, s.level from entry join queue_skill s on s.queue_id = entry.queue_id
      where s.after_seconds <= entry.age order by s.skill_id, s.after_seconds desc
    ),
    member as (
      select m.user_id from entry join queue_member m on m.queue_id = entry.queue_id
      union all select user_id from entry where user_id is not null
      union all select m.user_id from entry join team_member m on m.team_id = entry.team_id
    ),
    standing as (
      select case
          when not ${sees(sql`entry.account_id`)} then 'no-access'
          when exists (select from wanted where level > coalesce(
            (select level from user_skill where user_id = u.id and skill_id = wanted.skill_id), 0)) then 'lacks-skill'
          when exists (select from offer o where o.interaction_id = entry.interaction_id and o.user_id = u.id and o.state = 'open')
            then 'asked'
          when exists (select from offer o where o.interaction_id = entry.interaction_id and o.user_id = u.id
            and o.created_at >= entry.entered_at and o.state = 'declined'
            and o.ended_at > now() - make_interval(secs => ${sql.lit(LEAVE_ALONE_SECONDS)})) then 'declined'
          when p.state is null or p.lease_until <= now() then 'offline'
          when p.state <> 'available' then p.state
          when ${slots} <= ${promised} then 'full'
          else 'free' end as state
      from entry cross join member join app_user u on u.id = member.user_id left join presence p on p.user_id = u.id
      where u.disabled_at is null
    )
    select case entry.kind when 0 then 'queue' when 1 then 'agent' else 'team' end as for, entry.target_id as id,
      coalesce(q.name, t.name, u.fullname) as name, q.strategy, entry.entered_at as since, entry.until,
      line.place, line.in_line as "inLine",
      (select coalesce(json_agg(json_build_object('name', skill.name, 'level', wanted.level) order by lower(skill.name)), '[]')
       from wanted join skill on skill.id = wanted.skill_id where wanted.level > 0) as skills,
      (select entry.entered_at + make_interval(secs => min(after_seconds)) from queue_skill
       where queue_id = entry.queue_id and after_seconds > entry.age) as "relaxesAt",
      (select coalesce(json_agg(json_build_object('state', state, 'count', count) order by count desc, state), '[]')
       from (select state, count(*) from standing group by 1) counted) as members
    from entry cross join line left join queue q on q.id = entry.queue_id left join team t on t.id = entry.team_id
    left join app_user u on u.id = entry.user_id`.execute(db)
  const [row] = rows
  if (!row) return null
  return {
    ...row,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    relaxesAt: row.relaxesAt?.toISOString() ?? null,
    isOfAll: seesAll(caller),
  }
}

async function askedOf(db: Db, id: number): Promise<Asked[]> {
  const rows = await db
    .selectFrom('offer')
    .innerJoin('app_user', 'app_user.id', 'offer.user_id')
    .select(['user_id', 'fullname', 'offer.created_at', 'state', 'reason', 'ended_at'])
    .where('interaction_id', '=', id)
    .orderBy('offer.id', 'desc')
    .limit(ASKED)
    .execute()
  return rows.map((row) => ({
    user: { id: row.user_id, fullname: row.fullname },
    at: row.created_at.toISOString(),
    outcome: row.state,
    reason: row.reason,
    endedAt: row.ended_at?.toISOString() ?? null,
  }))
}

interface CameRow {
  how: 'assigned' | 'transferred'
  user_id: number
  fullname: string
  by_id: number | null
  by_fullname: string | null
  at: Date
  is_offered: boolean
  from: string | null
  strategy: string | null
}

/** By the newest event that gave it to somebody. */
async function cameOf(db: Db, id: number): Promise<Why['came']> {
  const { rows } = await sql<CameRow>`
    select e.type as how, u.id as user_id, u.fullname, by.id as by_id, by.fullname as by_fullname, e.at,
           o.id is not null as is_offered, coalesce(q.name, t.name) as from, q.strategy
    from interaction i join app_user u on u.id = i.user_id
    cross join lateral (select type, user_id, at from event
      where interaction_id = i.id and type in ('assigned', 'transferred') order by seq desc limit 1) e
    left join app_user by on by.id = e.user_id
    left join lateral (select id, queue_id, team_id from offer
      where interaction_id = i.id and user_id = i.user_id and state = 'accepted' and ended_at = e.at limit 1) o on true
    left join queue q on q.id = o.queue_id left join team t on t.id = o.team_id
    where i.id = ${id} and i.state = 'assigned'`.execute(db)
  const [row] = rows
  if (!row) return null
  const isOwn = row.by_id === row.user_id
  return {
    how: row.is_offered ? 'accepted' : isOwn ? 'taken' : row.how,
    user: { id: row.user_id, fullname: row.fullname },
    by: isOwn || row.by_id === null ? null : { id: row.by_id, fullname: row.by_fullname ?? `#${row.by_id}` },
    from: row.from,
    strategy: row.strategy,
    at: row.at.toISOString(),
  }
}
