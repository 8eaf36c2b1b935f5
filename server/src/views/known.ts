/** Whether what a change names is there. */
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
  // Of an account its interactions stay; nothing new may name it.
  const isThere = table === 'account' ? sql`deleted_at is null` : sql`true`
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(table)} where id = any(${ids}::bigint[]) and ${isThere} order by id for key share`.execute(
    tx,
  )
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

/** Those of them who are disabled, by name. They cannot be enabled or disabled before the transaction ends where `hold` holds them. */
export async function disabledUsers(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('app_user')
    .select(['id', 'fullname'])
    .where('id', 'in', [...ids])
    .where('disabled_at', 'is not', null)
    .execute()
  return new Map(rows.map(({ id, fullname }) => [id, fullname]))
}
