/** What the router sees: which offers ended by themselves, who is free, and what waits for whom. */
import type { Action } from '@patchbay/protocol/api/actions.ts'
import { type RawBuilder, sql } from 'kysely'
import { anyOf, type Db, type Tx } from '../db.ts'
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

/** Of what some of the agents can be asked about now (migrations/0057-waiting-for.sql), first come first. */
export interface Ready extends Waiting {
  /** Entries of one pool have one number, and there may be more of them when there are `poolLimit`. */
  pool: number
  poolLimit: number
}

/** `isFirst`: no more of each pool than its agents have slots. */
export async function waitingFor(
  tx: Tx,
  agents: readonly Agent[],
  limit: number,
  isFirst = false,
): Promise<Ready[]> {
  const ringable = agents.filter(({ asked }) => asked < MAX_ASKED)
  const ids = (of: readonly Agent[]) => sql`${of.map(({ userId }) => userId)}::bigint[]`
  const { rows } = await sql<Ready>`
    select interaction_id as "interactionId", strategy, weight, queue_id as "queueId", user_id as "userId", team_id as "teamId",
           entered_at as "enteredAt", timeout_seconds as "timeoutSeconds", last_user_id as "lastUserId", candidates, past,
           pool, pool_limit as "poolLimit"
    from waiting_for(${ids(agents)}, ${agents.map(({ free }) => free)}::int[], ${ids(ringable)}, ${LEAVE_ALONE_SECONDS}::int,
                     ${limit}::int, ${isFirst}::boolean)`.execute(tx)
  return rows
}

/** Steps of accounts by their id. */
export async function actionsOf(tx: Tx, accountIds: readonly number[]): Promise<Map<number, Action[]>> {
  const rows = await tx
    .selectFrom('account')
    .select(['id', 'actions'])
    .where('id', '=', anyOf(accountIds))
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
