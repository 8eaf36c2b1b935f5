/** Accounts whose actions close with a disposition that goes: another one takes its place. */
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import type { Tx } from '../db.ts'
import { alter } from './accounts.ts'

export async function replaceDispositions(
  tx: Tx,
  caller: Caller,
  ids: readonly number[],
  replacementId: number,
): Promise<void> {
  const named = sql<boolean>`exists (
    select from unnest(${ids}::bigint[]) as gone (id)
    where actions @> jsonb_build_array(jsonb_build_object('dispositionId', gone.id)))`
  const accounts = await tx
    .selectFrom('account')
    .select('id')
    .where('deleted_at', 'is', null)
    .where(named)
    .orderBy('id')
    .execute()
  for (const { id } of accounts)
    await alter(tx, caller, id, 'changed', async (before) => {
      const steps = before.actions as { dispositionId?: number | null }[]
      const replaced = steps.map((step) =>
        step.dispositionId != null && ids.includes(step.dispositionId)
          ? { ...step, dispositionId: replacementId }
          : step,
      )
      return { actions: JSON.stringify(replaced) }
    })
}
