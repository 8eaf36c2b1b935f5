/** delete account: its Receive URL stops, its people leave it, and nothing of it waits in a queue any more. */
import type { Caller } from '../../access/endpoint.ts'
import * as accounts from '../../accounts/accounts.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { readdress } from '../../delivery/endpoints.ts'
import { membersOf, waitingOf } from '../../views/known.ts'
import { changeInteraction } from '../change.ts'
import { release } from '../transfer.ts'
import { announce } from './save-account.ts'

/** Answers who worked for it. */
export async function removeAccount(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<number[]> {
  const before = await accounts.find(tx, caller, id)
  await accounts.remove(tx, caller, id, replacedBy)
  // What is still owed fails at once instead of waiting for an endpoint.
  await readdress(tx, id, before, { reply_url: '', events_url: '', alarm_url: '' })
  return [...before.agent_ids, ...(await membersOf(tx, before.team_ids))]
}

/** After the commit. */
export async function afterAccount(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
): Promise<void> {
  await announce(ctx, directory)
  ctx.push.ring({ deliver: true })
  // One by one, each under its own lock, so that routing goes on meanwhile.
  for (const interactionId of await waitingOf(ctx.db, id))
    await changeInteraction(ctx, caller, interactionId, async (change) => {
      if (change.interaction.state !== 'closed') await release(change)
    })
}
