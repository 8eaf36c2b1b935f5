/** delete disposition: with everything below it, and with another one in its place where that is named. */

import { addChore } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import { replaceDispositions } from '../../accounts/replace-disposition.ts'
import type { Context } from '../../context.ts'
import * as dispositions from '../../dispositions/dispositions.ts'
import { MOVE_DISPOSITIONS } from '../../interactions/move-dispositions.ts'
import { accountsNaming } from '../../views/known.ts'
import { announce } from './save-account.ts'

export async function deleteDisposition(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  replacementId: number | null,
): Promise<void> {
  const isNamed = await transaction(ctx.db, async (tx) => {
    const ids = await dispositions.lockBranch(tx, id)
    const accounts = await accountsNaming(tx, { dispositionIds: ids })
    if (replacementId === null && accounts.length > 0) throw stillNamed(accounts)
    if (replacementId !== null) {
      if (ids.includes(replacementId))
        throw new Refusal('DI-101', 'What is deleted cannot take its own place.', { field: 'replacementId' })
      // Refuses with GE-105 where there is none.
      await dispositions.lockBranch(tx, replacementId)
      await replaceDispositions(tx, caller, ids, replacementId)
      // Many interactions may count with it: they follow in the background, so that nothing waits for their locks.
      await addChore(tx, MOVE_DISPOSITIONS, { ids, replacementId })
    }
    await dispositions.remove(tx, caller, id, replacementId)
    return accounts.length > 0
  })
  ctx.push.ring({ changed: 'dispositions' })
  if (!isNamed) return
  await announce(ctx, directory)
}

function stillNamed(accounts: readonly string[]): Refusal {
  const names = accounts.map((name) => `“${name}”`).join(', ')
  return new Refusal('GE-103', `The actions of ${names} close with it: name a replacement.`, {
    extra: { accounts },
  })
}
