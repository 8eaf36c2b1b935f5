/** Whether what a change names is there, and what would be left hanging if something were deleted. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

const words = {
  app_user: 'user',
  team: 'team',
  queue: 'queue',
  business_interval: 'interval',
  list: 'list',
  account: 'account',
  disposition: 'disposition',
  tag: 'tag',
} as const

/** Answers those that exist, which cannot be deleted before the transaction ends. */
export async function hold(
  tx: Tx,
  table: keyof typeof words,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(table)} where id = any(${ids}::bigint[]) order by id for key share`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** Refuses with the first id that names nothing. */
export async function requireAll(
  tx: Tx,
  table: keyof typeof words,
  ids: readonly number[],
  field: string,
): Promise<void> {
  const found = await hold(tx, table, ids)
  const unknown = ids.find((id) => !found.has(id))
  if (unknown !== undefined) throw new Refusal('GE-101', `There is no ${words[table]} ${unknown}.`, { field })
}

export async function membersOf(db: Db | Tx, teamIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    select distinct user_id from team_member where team_id = any(${teamIds}::bigint[])`.execute(db)
  return rows.map((row) => row.user_id)
}

/** Accounts in use, by name, that put contacts into the list, compare by the field, or name the queue, the interval or a disposition in their actions. */
export async function accountsNaming(
  tx: Tx,
  what:
    | { listId: number }
    | { fieldId: number }
    | { queueId: number }
    | { intervalId: number }
    | { dispositionIds: readonly number[] },
): Promise<string[]> {
  const condition =
    'listId' in what
      ? sql`list_id = ${what.listId}`
      : 'fieldId' in what
        ? sql`map_key = ${`cf_${what.fieldId}`}`
        : 'dispositionIds' in what
          ? sql`exists (select from unnest(${what.dispositionIds}::bigint[]) as one (id)
              where actions @> jsonb_build_array(jsonb_build_object('dispositionId', one.id)))`
          : sql`actions @> ${JSON.stringify([what])}::jsonb`
  const { rows } = await sql<{ name: string }>`
    select name from account where deleted_at is null and ${condition} order by lower(name)`.execute(tx)
  return rows.map(({ name }) => name)
}

/** Interactions of the account that wait in a queue or are on their way into one. */
export async function waitingOf(db: Db, accountId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select interaction_id as id from queue_entry where account_id = ${accountId}
    union
    select interaction_id from route_request where account_id = ${accountId}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Those to which the user or his team was added. */
export async function accountsOfMember(db: Db | Tx, userId: number): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ account_id: number }>`
    select account_id from account_member where user_id = ${userId}`.execute(db)
  return new Set(rows.map((row) => row.account_id))
}

/** Of every list and of all. */
export async function customFieldIds(db: Db | Tx): Promise<ReadonlySet<number>> {
  const rows = await db.selectFrom('custom_field').select('id').execute()
  return new Set(rows.map(({ id }) => id))
}

/** Triggers, by name, that move interactions into the queue or are limited to the interval. */
export async function triggersNaming(
  tx: Tx,
  what: { queueId: number } | { intervalId: number },
): Promise<string[]> {
  const condition =
    'queueId' in what
      ? sql`actions @> ${JSON.stringify([what])}::jsonb`
      : sql`interval_id = ${what.intervalId}`
  const { rows } = await sql<{ name: string }>`
    select name from message_trigger where ${condition} order by position, id`.execute(tx)
  return rows.map(({ name }) => name)
}
