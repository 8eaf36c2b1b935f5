/** Interactions on their way into a queue (`route_request`) and waiting for one, an agent or a team (`queue_entry`). Writers hold the interaction's lock. */
import { sql } from 'kysely'
import { anyOf, type Db, type Tx } from '../db.ts'
import { type Target, targetOf } from './targets.ts'

export type Entry = Target & {
  interactionId: number
  accountId: number
  /** The step of the account's actions that put it there; null: somebody did, and no step follows. */
  stepId: string | null
  /** null: waits for ever. */
  timeoutSeconds: number | null
  /** Who gets it back when nobody takes it up; null: the flow goes on, or it rests. */
  returnTo?: number | null
}

export interface Requests {
  /** Taken up: their interactions are held, the requests are gone when the transaction commits. */
  settled: number[]
  /** Of these, what is with nobody, and the accounts of that. */
  opened: number[]
  accounts: number[]
  /** Of `opened`, what a bot or a web request is asked about. */
  calls: number[]
  /** Some were held by others, or there are more. */
  is_left: boolean
}

/** Those of the oldest interactions first. */
export async function takeRequests(tx: Tx, limit: number): Promise<Requests> {
  const { rows } = await sql<Requests>`select * from take_requests(${limit})`.execute(tx)
  return rows[0] as Requests
}

/** Has the account's actions run again from their beginning. */
export async function request(
  tx: Tx,
  interactions: readonly { interactionId: number; accountId: number }[],
): Promise<void> {
  await tx
    .insertInto('route_request')
    .values(interactions.map((it) => ({ interaction_id: it.interactionId, account_id: it.accountId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function enter(tx: Tx, entries: readonly Entry[]): Promise<void> {
  await sql`
    insert into queue_entry (interaction_id, account_id, queue_id, user_id, team_id, step_id, until, return_to)
    select interaction_id, account_id, queue_id, user_id, team_id, step_id, now() + make_interval(secs => timeout_seconds), return_to
    from unnest(${entries.map((entry) => entry.interactionId)}::bigint[],
                ${entries.map((entry) => entry.accountId)}::bigint[],
                ${entries.map((entry) => entry.queueId ?? null)}::bigint[],
                ${entries.map((entry) => entry.userId ?? null)}::bigint[],
                ${entries.map((entry) => entry.teamId ?? null)}::bigint[],
                ${entries.map((entry) => entry.stepId)}::text[],
                ${entries.map((entry) => entry.timeoutSeconds)}::int[],
                ${entries.map((entry) => entry.returnTo ?? null)}::bigint[])
      as entry (interaction_id, account_id, queue_id, user_id, team_id, step_id, timeout_seconds, return_to)
    on conflict (interaction_id) do update set
      queue_id = excluded.queue_id, user_id = excluded.user_id, team_id = excluded.team_id, entered_at = excluded.entered_at, step_id = excluded.step_id, until = excluded.until,
      return_to = excluded.return_to`.execute(tx)
}

/** The targets of those that wait. */
export async function targetsOf(tx: Tx, ids: readonly number[]): Promise<Map<number, Target>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('queue_entry')
    .select(['interaction_id', 'queue_id', 'user_id', 'team_id'])
    .where('interaction_id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.interaction_id, targetOf(row)]))
}

/** Those that wait for the target. */
export async function waitingFor(tx: Tx, target: Target): Promise<number[]> {
  const rows = await tx
    .selectFrom('queue_entry')
    .select('interaction_id')
    .where('queue_id', 'is not distinct from', target.queueId ?? null)
    .where('user_id', 'is not distinct from', target.userId ?? null)
    .where('team_id', 'is not distinct from', target.teamId ?? null)
    .execute()
  return rows.map((row) => row.interaction_id)
}

/** They wait for another target; since when and until when stays. */
export async function redirect(tx: Tx, ids: readonly number[], to: Target): Promise<void> {
  await tx
    .updateTable('queue_entry')
    .set({ queue_id: to.queueId ?? null, user_id: to.userId ?? null, team_id: to.teamId ?? null })
    .where('interaction_id', 'in', [...ids])
    .execute()
}

/** The one agent for whom it waits does not want it, so there is nothing left to wait for. */
export async function giveUp(tx: Tx, id: number, userId: number): Promise<void> {
  await tx
    .updateTable('queue_entry')
    .set({ until: sql<Date>`now()` })
    .where('interaction_id', '=', id)
    .where('user_id', '=', userId)
    .execute()
}

/** Neither waits in a queue nor is on its way into one any more. */
export async function leave(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('queue_entry').where('interaction_id', '=', id).execute()
  await tx.deleteFrom('route_request').where('interaction_id', '=', id).execute()
}

export async function runOutIds(tx: Tx, limit: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('queue_entry')
    .select('interaction_id')
    .where('until', '<=', sql<Date>`now()`)
    .orderBy('until')
    .limit(limit)
    .execute()
  return rows.map((row) => row.interaction_id)
}

/** Of these, those that go back to somebody when nobody takes them up. */
export async function returning(tx: Tx, ids: readonly number[]) {
  if (ids.length === 0) return []
  return tx
    .selectFrom('queue_entry')
    .select(['interaction_id', 'return_to'])
    .where('interaction_id', 'in', [...ids])
    .where('return_to', 'is not', null)
    .execute()
}

/** Takes out those whose step ran out. */
export function takeRunOut(tx: Tx, ids: readonly number[]) {
  return tx
    .deleteFrom('queue_entry')
    .where('interaction_id', 'in', [...ids])
    .where('until', '<=', sql<Date>`now()`)
    .returning(['interaction_id', 'account_id', 'step_id', 'return_to'])
    .execute()
}

/** Names by id of those that exist. */
export async function queueNames(db: Db | Tx, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('queue').select(['id', 'name']).where('id', '=', anyOf(ids)).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
