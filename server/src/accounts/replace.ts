/** Accounts that use a thing which goes: another one takes its place in their actions, as their list, their map key or their team. */
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import type { Tx } from '../db.ts'
import { alter } from './accounts.ts'

/** A step as it is kept, whatever its type. */
export type KeptStep = Readonly<Record<string, unknown>>

export async function replaceInActions(
  tx: Tx,
  caller: Caller,
  accountIds: readonly number[],
  rewrite: (step: KeptStep) => KeptStep,
): Promise<void> {
  for (const id of accountIds)
    await alter(tx, caller, id, 'changed', async (before) => ({
      actions: JSON.stringify((before.actions as KeptStep[]).map(rewrite)),
    }))
}

/** Those that are deleted keep what they were, and need a list all the same. */
export async function replaceList(tx: Tx, caller: Caller, from: number, to: number): Promise<void> {
  for (const id of await using(tx, sql<boolean>`list_id = ${from}`))
    await alter(tx, caller, id, 'changed', async () => ({ list_id: to }))
}

export async function replaceMapKey(tx: Tx, caller: Caller, from: number, to: number): Promise<void> {
  for (const id of await using(tx, sql<boolean>`map_key = ${`cf_${from}`}`))
    await alter(tx, caller, id, 'changed', async () => ({ map_key: `cf_${to}` }))
}

export async function replaceTeam(tx: Tx, caller: Caller, from: number, to: number): Promise<void> {
  const condition = sql<boolean>`
    exists (select from account_team where account_id = account.id and team_id = ${from})`
  for (const id of await using(tx, condition))
    await alter(tx, caller, id, 'changed', async () => {
      await sql`insert into account_team (account_id, team_id) values (${id}, ${to}) on conflict do nothing`.execute(
        tx,
      )
      await tx.deleteFrom('account_team').where('account_id', '=', id).where('team_id', '=', from).execute()
      return {}
    })
}

async function using(tx: Tx, condition: RawBuilder<boolean>): Promise<number[]> {
  const rows = await tx
    .selectFrom('account')
    .select('id')
    .where('deleted_at', 'is', null)
    .where(condition)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
