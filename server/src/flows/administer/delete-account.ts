/** delete account: its Receive URL stops, its people leave it, and nothing of it waits in a queue any more. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Caller } from '../../access/endpoint.ts'
import * as accounts from '../../accounts/accounts.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import { membersOf, waitingOf } from '../../views/known.ts'
import { changeInteraction } from '../change.ts'
import { release } from '../transfer.ts'
import { announce } from './save-account.ts'

export async function deleteAccount(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
): Promise<void> {
  const left = await transaction(ctx.db, async (tx) => {
    const { agent_ids, team_ids } = await accounts.find(tx, caller, id)
    await accounts.remove(tx, caller, id)
    return [...agent_ids, ...(await membersOf(tx, team_ids))]
  })
  ctx.push.ring({ rights: left, users: left })
  await announce(ctx, directory)
  // One by one, each under its own lock, so that routing goes on meanwhile.
  for (const interactionId of await waitingOf(ctx.db, id))
    await changeInteraction(ctx, caller, interactionId, async (change) => {
      if (change.interaction.state !== 'closed') await release(change)
    })
}
