/** What the router sees: which offers ended by themselves, who is free, and what waits for whom. */
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { LEAVE_ALONE_SECONDS, type WithdrawReason } from '../routing/offers.ts'
import { type Agent, MAX_ASKED, type Waiting } from '../routing/strategy.ts'

/** Slots of the user `u` that no interaction takes. */
export const slots = sql`(u.capacity - (select count(*) from interaction i where i.user_id = u.id and i.closed_at is null))`
/** How many of them offers have promised. */
export const promised = sql`(select count(*) from offer o where o.user_id = u.id and o.state = 'open' and o.takes_slot)`

const isHere = sql`(p.state = 'available' and p.lease_until > now() and u.disabled_at is null
  and exists (select from role r where r.id = u.role_id and r.may_answer))`

/** Ids of users who are here and have a free slot. */
export const freeUsers = sql`select u.id from presence p join app_user u on u.id = p.user_id where ${isHere} and ${slots} > ${promised}`

/** Whether the user `u` sees the account. */
export function sees(accountId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(exists (select from role r where r.id = u.role_id and r.sees_all)
    or exists (select from account_member m where m.account_id = ${accountId} and m.user_id = u.id))`
}

export interface DueOffer {
  id: number
  interactionId: number
  state: 'timeout' | 'withdrawn'
  reason: WithdrawReason | null
}

/**
 * Open offers that ran out, or whose agent went away, has no slot left for them, or (looked at only when `memberships`, since it
 * costs most and nothing depends on the moment) was taken out of the queue, the team or the account.
 */
export async function dueOffers(tx: Tx, memberships: boolean, limit: number): Promise<DueOffer[]> {
  const isMember = sql`case
    when o.queue_id is not null then exists (select from queue_member m where m.queue_id = o.queue_id and m.user_id = u.id)
    when o.team_id is not null then exists (select from team_member m where m.team_id = o.team_id and m.user_id = u.id)
    else true end`
  const isRemoved = memberships ? sql`not (${isMember} and ${sees(sql`e.account_id`)})` : sql`false`
  const { rows } = await sql<DueOffer>`
    with asked as (select distinct user_id from offer where state = 'open'),
    agent as materialized (
      select u.id, u.role_id, ${isHere} as is_here, ${slots} as slots
      from asked join app_user u on u.id = asked.user_id left join presence p on p.user_id = u.id
    ),
    open as (
      select o.id, o.interaction_id, o.expires_at <= now() as is_over, not coalesce(u.is_here, false) as is_away,
             ${isRemoved} as is_removed,
             -- Of what was promised the newest goes first when there are fewer slots than promises.
             u.slots < case when not o.takes_slot then 1
               else row_number() over (partition by o.user_id, o.takes_slot, o.expires_at <= now() order by o.id) end as is_full
      from offer o join agent u on u.id = o.user_id
      left join queue_entry e on e.interaction_id = o.interaction_id
      where o.state = 'open'
    )
    select id, interaction_id as "interactionId", case when is_over then 'timeout' else 'withdrawn' end as state,
           case when is_over then null when is_away then 'away' when is_removed then 'removed' else 'full' end as reason
    from open where is_over or is_away or is_removed or is_full
    order by id limit ${limit}`.execute(tx)
  return rows
}

/** Agents who are here and have a free slot; among `userIds` only, when given. */
export async function freeAgents(tx: Tx, userIds?: readonly number[]): Promise<Agent[]> {
  const among = userIds ? sql`u.id = any(${userIds}::bigint[])` : sql`true`
  const { rows } = await sql<Agent>`
    select agent.id as "userId", (slots - promised)::int as free, (capacity - slots + promised)::int as load, promised::int, "engagedAt", asked
    from (
      select u.id, u.capacity, ${slots} as slots, coalesce(extract(epoch from p.last_engaged_at)::float8, 0) as "engagedAt"
      from presence p join app_user u on u.id = p.user_id
      where ${isHere} and ${among}
      offset 0
    ) agent cross join lateral (
      -- Of those alone who have a slot: most of a crowd of agents are busy.
      select count(*) filter (where o.takes_slot) as promised, count(*)::int as asked
      from offer o where o.user_id = agent.id and o.state = 'open'
    ) offered
    where slots > 0 and slots > promised`.execute(tx)
  return rows
}

/** What waits for an agent alone comes before every queue: nobody else can take it. */
const WEIGHT_OF_AGENT = 11
const WEIGHT_OF_TEAM = 0
const TEAM_TIMEOUT_SECONDS = 20
/** An agent who is rung without an end is rung anew every so often, so that it shows when he does not answer. */
const AGENT_TIMEOUT_SECONDS = 60

/**
 * What some of the agents can be asked about now, first come first. Targets and accounts that have entries are found by hops through
 * the index, since counting out a crowd that waits for nobody would cost more than everything else. A `pool` is the agents who suit
 * entries of one target and account; a queue that asks for skills has one for each step of its patience, which takes the entries of
 * that age. `is_ready` is what `choose` decides, so that no entry which cannot be served now hides one that can.
 */
export async function waitingFor(tx: Tx, agents: readonly Agent[], limit: number): Promise<Waiting[]> {
  const ringable = agents.filter(({ asked }) => asked < MAX_ASKED)
  const ids = (of: readonly Agent[]) => sql`${of.map(({ userId }) => userId)}::bigint[]`
  const { rows } = await sql<Waiting>`
    with recursive hop as (
      (select kind, target_id, account_id from queue_entry order by kind, target_id, account_id limit 1)
      union all
      select next.kind, next.target_id, next.account_id from hop cross join lateral (
        select kind, target_id, account_id from queue_entry e
        where (e.kind, e.target_id, e.account_id) > (hop.kind, hop.target_id, hop.account_id) order by 1, 2, 3 limit 1) next
    ),
    patience as materialized (
      select queue_id, after_seconds, lead(after_seconds) over (partition by queue_id order by after_seconds) as until_seconds
      from (select distinct queue_id, after_seconds from queue_skill) step
    ),
    pool as materialized (
      select hop.kind, hop.target_id, hop.account_id, patience.after_seconds, patience.until_seconds,
             q.strategy, q.weight, q.agent_timeout_seconds, q.last_user_id, array_agg(u.id order by u.id) as user_ids
      from hop join queue q on q.id = hop.target_id left join patience on patience.queue_id = q.id
      -- Asked of the members themselves: of a thousand in a queue mostly one is free.
      join queue_member m on m.queue_id = hop.target_id and m.user_id = any(${ids(agents)})
      join app_user u on u.id = m.user_id and (q.strategy <> 'beepall' or u.id = any(${ids(ringable)}))
       and ${sees(sql`hop.account_id`)}
       and (patience.queue_id is null or ${isSkilled})
      where hop.kind = 0
      group by hop.kind, hop.target_id, hop.account_id, patience.after_seconds, patience.until_seconds, q.id
      union all
      select hop.kind, hop.target_id, hop.account_id, null, null,
             'rrmemory', ${sql.lit(WEIGHT_OF_AGENT)}, ${sql.lit(AGENT_TIMEOUT_SECONDS)}, null, array[u.id]
      from hop join app_user u on u.id = hop.target_id and u.id = any(${ids(agents)}) and ${sees(sql`hop.account_id`)}
      where hop.kind = 1
      union all
      select hop.kind, hop.target_id, hop.account_id, null, null,
             'beepall', ${sql.lit(WEIGHT_OF_TEAM)}, ${sql.lit(TEAM_TIMEOUT_SECONDS)}, null, array_agg(u.id order by u.id)
      from hop join team_member m on m.team_id = hop.target_id
      join app_user u on u.id = m.user_id and u.id = any(${ids(ringable)}) and ${sees(sql`hop.account_id`)}
      where hop.kind = 2 group by 1, 2, 3
    ),
    ready as materialized (
      select pool.user_ids, pool.kind, pool.target_id, pool.strategy, pool.weight, pool.agent_timeout_seconds, pool.last_user_id,
             e.interaction_id, e.entered_at, e.until
      from pool cross join lateral (
        select e.interaction_id, e.entered_at, e.until
        from queue_entry e
        where e.kind = pool.kind and e.target_id = pool.target_id and e.account_id = pool.account_id
          and coalesce(e.until > now(), true)
          and e.entered_at <= case when pool.after_seconds > 0 then now() - make_interval(secs => pool.after_seconds) else 'infinity' end
          and e.entered_at > coalesce(now() - make_interval(secs => pool.until_seconds), '-infinity')
          and ${isReady}
        order by e.entered_at, e.interaction_id
        limit ${limit}
      ) e
      order by pool.weight desc, e.entered_at, e.interaction_id
      limit ${limit}
    )
    select interaction_id as "interactionId", strategy, weight, case kind when 0 then target_id end as "queueId",
           case kind when 1 then target_id end as "userId", case kind when 2 then target_id end as "teamId",
           (extract(epoch from entered_at) * 1000000)::bigint as "enteredAt",
           case when kind = 1 and until is not null then extract(epoch from until - now())::float8
             else agent_timeout_seconds end as "timeoutSeconds",
           last_user_id as "lastUserId", user_ids as candidates, past.past
    from ready cross join lateral (${pastOf}) past`.execute(tx)
  return rows
}

/** Whether the user `u` has every level that the queue `q` asks for in this step of its patience. */
const isSkilled = sql`not exists (
  select from queue_skill s
  where s.queue_id = q.id and s.after_seconds = (
      select max(after_seconds) from queue_skill
      where queue_id = q.id and skill_id = s.skill_id and after_seconds <= patience.after_seconds)
    and s.level > coalesce((select level from user_skill where user_id = u.id and skill_id = s.skill_id), 0))`

const leftAlone = sql`o.ended_at > now() - make_interval(secs => ${sql.lit(LEAVE_ALONE_SECONDS)})`
const ofEntry = sql`o.interaction_id = e.interaction_id and o.created_at >= e.entered_at`

const isReady = sql`(
  (pool.strategy = 'beepall' or not exists (select from offer o where ${ofEntry} and o.state = 'open'))
  and exists (
    select from unnest(pool.user_ids) as candidate (user_id) where not exists (
      select from offer o where ${ofEntry} and o.user_id = candidate.user_id and (
        o.state = 'open' or o.state = 'declined' and ${leftAlone}
        or o.state in ('timeout', 'declined')
           and exists (select from offer o where ${ofEntry} and o.state = 'open')))))`

const pastOf = sql`
  select coalesce(json_agg(json_build_object('userId', newest.user_id, 'past', newest.past, 'endedAt', newest.ended_at)), '[]') as past
  from (
    select distinct on (o.user_id) o.user_id, coalesce(extract(epoch from o.ended_at), 0) as ended_at,
           case when o.state = 'declined' and ${leftAlone} then 'alone' else o.state end as past
    from offer o
    where o.interaction_id = ready.interaction_id and o.created_at >= ready.entered_at
      and o.state in ('open', 'timeout', 'declined')
    order by o.user_id, o.id desc
  ) newest`

/** Steps of accounts by their id. */
export async function actionsOf(tx: Tx, accountIds: readonly number[]): Promise<Map<number, Action[]>> {
  const rows = await tx
    .selectFrom('account')
    .select(['id', 'actions'])
    .where('id', 'in', [...accountIds])
    .execute()
  // accounts/ checks actions before it writes them.
  return new Map(rows.map((row) => [row.id, row.actions as Action[]]))
}

export interface Outlook {
  /** Something waits, and somebody may be free for it, or an offer or a step may have to end. */
  isToDrain: boolean
  /** Until the next offer or step runs out, or a queue asks for less skill of what waits; null: nothing does. */
  dueMs: number | null
}

export async function readOutlook(db: Db): Promise<Outlook> {
  const { rows } = await sql<{ waits: boolean; is_due: boolean; has_agents: boolean; due_ms: number | null }>`
    select exists (select from queue_entry) as waits, * from routing_outlook()`.execute(db)
  const { waits = false, is_due = false, has_agents = false, due_ms = null } = rows[0] ?? {}
  return { isToDrain: waits && (is_due || has_agents), dueMs: due_ms === null ? null : Math.max(0, due_ms) }
}
