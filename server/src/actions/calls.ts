/**
 * Bots and web requests that interactions wait for: at most one each.
 *
 * due      is to be called; a node that does has claimed it until `due_at`, then another calls again with the same `webhook_id`
 * talking  the bot has answered and wants to hear the customer's next message, until `due_at`
 *
 *   due -> talking      the bot keeps talking
 *   talking -> due      the customer writes
 *   either -> gone      the flow goes on: by the answer, its failure, the end of its time, or because somebody else took the interaction
 *
 * `fence` rises with every claim: only who claimed last may bring an answer. Who changes or ends one holds the interaction's lock.
 */
import { type Selectable, sql } from 'kysely'
import type { ActionCallTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

export type Call = Selectable<ActionCallTable>

/** A call takes at most so long, and is repeated by another node when nothing was heard of it. */
export const CALL_SECONDS = 10
const LEASE_SECONDS = 2 * CALL_SECONDS
/** From when on it is not called any more: whoever writes to a customer must not come too late. */
const GIVE_UP_SECONDS = 120

export interface NewCall {
  interactionId: number
  accountId: number
  runId: number
  stepId: string
}

/** With the interaction's seq and newest message as they stand now. */
export async function begin(tx: Tx, calls: readonly NewCall[]): Promise<void> {
  if (calls.length === 0) return
  await sql`
    insert into action_call (interaction_id, account_id, run_id, step_id, state, webhook_id, message_id, seq, due_at, give_up_at)
    select c.interaction_id, c.account_id, c.run_id, c.step_id, 'due', ${newId}, ${newestMessage(sql`c.interaction_id`)}, i.seq, now(),
           now() + make_interval(secs => ${GIVE_UP_SECONDS})
    from unnest(${calls.map((call) => call.interactionId)}::bigint[], ${calls.map((call) => call.accountId)}::bigint[],
                ${calls.map((call) => call.runId)}::bigint[], ${calls.map((call) => call.stepId)}::text[])
      as c (interaction_id, account_id, run_id, step_id)
    join interaction i on i.id = c.interaction_id
    on conflict (interaction_id) do update set
      run_id = excluded.run_id, step_id = excluded.step_id, state = 'due', webhook_id = excluded.webhook_id,
      message_id = excluded.message_id, seq = excluded.seq, due_at = excluded.due_at, give_up_at = excluded.give_up_at,
      fence = action_call.fence + 1`.execute(tx)
}

const newId = sql`'act_' || replace(gen_random_uuid()::text, '-', '')`
const newestMessage = (interactionId: ReturnType<typeof sql>) => sql`(
  select m.id from message m where m.interaction_id = ${interactionId} and m.direction = 'in' order by m.seq desc limit 1)`

export async function end(tx: Tx, interactionIds: readonly number[]): Promise<void> {
  if (interactionIds.length === 0) return
  await tx
    .deleteFrom('action_call')
    .where('interaction_id', 'in', [...interactionIds])
    .execute()
}

/** Those of the interactions; `isStale`: somebody else has had the interaction since. */
export async function callsOf(
  tx: Tx,
  interactionIds: readonly number[],
): Promise<Map<number, Call & { isStale: boolean }>> {
  const { rows } = await sql<Call & { isStale: boolean }>`
    select c.*, exists (
      select from event e where e.interaction_id = c.interaction_id and e.seq > c.seq
        and e.type in ('assigned', 'queued', 'transferred', 'released', 'closed', 'reopened')) as "isStale"
    from action_call c where c.interaction_id = any(${interactionIds}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.interaction_id, row]))
}

/** Claims what is due, of accounts that are not `full`. Never waits. */
export async function claim(db: Db, limit: number, full: readonly number[]): Promise<Call[]> {
  const { rows } = await sql<Call>`
    update action_call c set fence = c.fence + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS})
    from (select interaction_id from action_call where due_at <= now() and account_id <> all(${full}::bigint[])
          order by due_at limit ${limit} for update skip locked) due
    where c.interaction_id = due.interaction_id
    returning c.*`.execute(db)
  return rows
}

/** The call as the claimer left it, held; undefined when somebody else went on with it. */
export function holdClaimed(tx: Tx, { interaction_id, webhook_id, fence }: Call): Promise<Call | undefined> {
  return tx
    .selectFrom('action_call')
    .selectAll()
    .where('interaction_id', '=', interaction_id)
    .where('webhook_id', '=', webhook_id)
    .where('fence', '=', fence)
    .forUpdate()
    .executeTakeFirst()
}

/** The bot waits for the customer, or hears at once what he wrote meanwhile. Answers whether it does. */
export async function talk(tx: Tx, { interaction_id }: Call, seconds: number): Promise<boolean> {
  if ((await hear(tx, [interaction_id])).length > 0) return true
  await sql`
    update action_call set state = 'talking', due_at = now() + make_interval(secs => ${seconds}), fence = fence + 1
    where interaction_id = ${interaction_id}`.execute(tx)
  return false
}

/** What the customer wrote goes to the bot. Answers those that had something to hear. */
export async function hear(tx: Tx, interactionIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ interaction_id: number }>`
    with heard as (
    update action_call c set message_id = newest.id, webhook_id = ${newId},
        state = 'due', due_at = now(), fence = c.fence + 1, give_up_at = now() + make_interval(secs => ${GIVE_UP_SECONDS})
    from (select id as interaction_id, ${newestMessage(sql`u.id`)} as id from unnest(${interactionIds}::bigint[]) as u (id)) newest
    where c.interaction_id = newest.interaction_id and newest.id > coalesce(c.message_id, 0)
    returning c.interaction_id, c.run_id),
    counted_anew as (update action_run set calls = 0 where id in (select run_id from heard))
    select interaction_id from heard`.execute(tx)
  return rows.map((row) => row.interaction_id)
}
