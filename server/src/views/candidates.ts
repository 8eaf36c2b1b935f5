/** What the router sees: which offers ended by themselves, who is free, and what waits for whom. */
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { LEAVE_ALONE_SECONDS, type WithdrawReason } from '../routing/offers.ts'
import { type Agent, MAX_ASKED, type Waiting } from '../routing/strategy.ts'

/** Slots of the user `u` that no interaction takes. */
const slots = sql`(u.capacity - (select count(*) from interaction i where i.user_id = u.id and i.closed_at is null))`
/** How many of them rrmemory has promised. */
const promised = sql`(select count(*) from offer o join queue q on q.id = o.queue_id
  where o.user_id = u.id and o.state = 'open' and q.strategy = 'rrmemory')`

const isHere = sql`(p.state = 'available' and p.lease_until > now() and u.disabled_at is null)`

/** Whether the user `u` is of the queue and sees the account. */
function belongs(queueId: RawBuilder<unknown>, accountId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(exists (select from queue_member m where m.queue_id = ${queueId} and m.user_id = u.id)
    and (u.role = 'admin' or exists (select from account_member m where m.account_id = ${accountId} and m.user_id = u.id)))`
}

export interface DueOffer {
  id: number
  interactionId: number
  state: 'timeout' | 'withdrawn'
  reason: WithdrawReason | null
}

/**
 * Open offers that ran out, or whose agent went away, has no slot left for them, or (looked at only when `memberships`, since it
 * costs most and nothing depends on the moment) was taken out of the queue or the account.
 */
export async function dueOffers(tx: Tx, memberships: boolean, limit: number): Promise<DueOffer[]> {
  const isRemoved = memberships ? sql`not ${belongs(sql`o.queue_id`, sql`e.account_id`)}` : sql`false`
  const { rows } = await sql<DueOffer>`
    with asked as (select distinct user_id from offer where state = 'open'),
    agent as materialized (
      select u.id, u.role, ${isHere} as is_here, ${slots} as slots
      from asked join app_user u on u.id = asked.user_id left join presence p on p.user_id = u.id
    ),
    open as (
      select o.id, o.interaction_id, o.expires_at <= now() as is_over, not coalesce(u.is_here, false) as is_away,
             ${isRemoved} as is_removed,
             -- Of what rrmemory has promised the newest goes first when there are fewer slots than promises.
             u.slots < case when q.strategy = 'beepall' then 1
               else row_number() over (partition by o.user_id, q.strategy, o.expires_at <= now() order by o.id) end as is_full
    from offer o join agent u on u.id = o.user_id join queue q on q.id = o.queue_id
      left join queue_entry e on e.interaction_id = o.interaction_id
      where o.state = 'open'
    )
    select id, interaction_id as "interactionId", case when is_over then 'timeout' else 'withdrawn' end as state,
           case when is_over then null when is_away then 'away' when is_removed then 'removed' else 'full' end as reason
    from open where is_over or is_away or is_removed or is_full
    order by id limit ${limit}`.execute(tx)
  return rows
}

/** Agents of any queue who are here and have a free slot; among `userIds` only, when given. */
export async function freeAgents(tx: Tx, userIds?: readonly number[]): Promise<Agent[]> {
  const among = userIds
    ? sql`u.id = any(${userIds}::bigint[])`
    : sql`exists (select from queue_member m where m.user_id = u.id)`
  const { rows } = await sql<Agent>`
    select * from (
      select u.id as "userId", (${slots} - ${promised})::int as free,
             (select count(*)::int from offer o where o.user_id = u.id and o.state = 'open') as asked
      from presence p join app_user u on u.id = p.user_id
      where ${isHere} and ${among}
      offset 0
    ) agent where free > 0`.execute(tx)
  return rows
}

/**
 * What some of the agents can be asked about now, first come first. Queues and accounts that have entries are found by hops through
 * the index, since counting out a crowd that waits for nobody would cost more than everything else. `is_ready` is what `choose`
 * decides, so that no entry which cannot be served now hides one that can.
 */
export async function waitingFor(tx: Tx, agents: readonly Agent[], limit: number): Promise<Waiting[]> {
  const ringable = agents.filter(({ asked }) => asked < MAX_ASKED)
  const ids = (of: readonly Agent[]) => sql`${of.map(({ userId }) => userId)}::bigint[]`
  const { rows } = await sql<Waiting>`
    with recursive hop as (
      (select queue_id, account_id from queue_entry order by queue_id, account_id limit 1)
      union all
      select next.queue_id, next.account_id from hop cross join lateral (
        select queue_id, account_id from queue_entry e
        where (e.queue_id, e.account_id) > (hop.queue_id, hop.account_id) order by 1, 2 limit 1) next
    ),
    pool as materialized (
      select hop.queue_id, hop.account_id, array_agg(u.id order by u.id) as user_ids
      from hop join queue q on q.id = hop.queue_id
      join app_user u on u.id = any(case q.strategy when 'beepall' then ${ids(ringable)} else ${ids(agents)} end)
       and ${belongs(sql`hop.queue_id`, sql`hop.account_id`)}
      group by 1, 2
    ),
    ready as materialized (
      select pool.user_ids, q.id as queue_id, q.strategy, q.weight, q.agent_timeout_seconds, q.last_user_id,
             e.interaction_id, e.entered_at
      from pool join queue q on q.id = pool.queue_id cross join lateral (
        select e.interaction_id, e.entered_at
        from queue_entry e
        where e.queue_id = pool.queue_id and e.account_id = pool.account_id and coalesce(e.until > now(), true)
          and ${isReady}
        order by e.entered_at, e.interaction_id
        limit ${limit}
      ) e
      order by q.weight desc, e.entered_at, e.interaction_id
      limit ${limit}
    )
    select interaction_id as "interactionId", queue_id as "queueId", strategy, weight,
           (extract(epoch from entered_at) * 1000000)::bigint as "enteredAt", agent_timeout_seconds as "timeoutSeconds",
           last_user_id as "lastUserId", user_ids as candidates, past.past
    from ready cross join lateral (${pastOf}) past`.execute(tx)
  return rows
}

const leftAlone = sql`o.ended_at > now() - make_interval(secs => ${sql.lit(LEAVE_ALONE_SECONDS)})`
const ofEntry = sql`o.interaction_id = e.interaction_id and o.created_at >= e.entered_at`

const isReady = sql`(
  (q.strategy = 'beepall' or not exists (select from offer o where ${ofEntry} and o.state = 'open'))
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

/** Milliseconds until the next offer or step runs out; null: nothing does. */
export async function nextDueMs(db: Db): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from least(
      (select min(expires_at) from offer where state = 'open'),
      (select min(until) from queue_entry where until is not null)) - clock_timestamp()) * 1000)::float8 as ms`.execute(
    db,
  )
  const ms = rows[0]?.ms ?? null
  return ms === null ? null : Math.max(0, ms)
}
