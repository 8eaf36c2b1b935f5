/** Triggers that name a thing which goes: another one takes its place. */
import type { Caller } from '../access/endpoint.ts'
import type { Tx } from '../db.ts'
import { changeTrigger, findTrigger, type TriggerFields, type TriggerRow } from './triggers.ts'

export async function replaceInTriggers(
  tx: Tx,
  caller: Caller,
  triggerIds: readonly number[],
  rewrite: (trigger: TriggerRow) => TriggerFields,
): Promise<void> {
  for (const id of triggerIds)
    await changeTrigger(tx, caller, id, rewrite(await findTrigger(tx, id, { isLocked: true })), undefined)
}
