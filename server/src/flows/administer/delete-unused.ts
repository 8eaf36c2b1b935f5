/** delete unused: lists, custom fields, queues and intervals, which go only when no account names them any more. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Caller } from '../../access/endpoint.ts'
import { moveDeletedAccounts } from '../../accounts/accounts.ts'
import { removeField } from '../../contacts/fields.ts'
import { removeList } from '../../contacts/lists.ts'
import type { Context } from '../../context.ts'
import { lockInterval, removeInterval } from '../../intervals/intervals.ts'
import { lockQueue, removeQueue } from '../../routing/queues.ts'
import { accountsNaming, triggersNaming } from '../../views/known.ts'

export async function deleteList(ctx: Context, caller: Caller, listId: number): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    refuseUsed('The list', 'takes the contacts of', await accountsNaming(tx, { listId }))
    await removeList(tx, caller, listId, (otherListId) => moveDeletedAccounts(tx, listId, otherListId))
  })
  ctx.push.ring({ changed: 'lists' })
}

export async function deleteField(ctx: Context, caller: Caller, fieldId: number): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    refuseUsed('The field', 'is the map key of', await accountsNaming(tx, { fieldId }))
    await removeField(tx, caller, fieldId)
  })
  ctx.push.ring({ changed: 'lists' })
}

export async function deleteQueue(ctx: Context, caller: Caller, queueId: number): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    // Whoever names a queue in an account's actions holds it until his commit, so under this lock the answer is final.
    await lockQueue(tx, queueId)
    refuseUsed('The queue', 'stands in the actions of', await accountsNaming(tx, { queueId }))
    refuseUsed('The queue', 'is where a trigger moves interactions:', await triggersNaming(tx, { queueId }))
    await removeQueue(tx, caller, queueId)
  })
  ctx.push.ring({ changed: 'queues' })
}

export async function deleteInterval(ctx: Context, caller: Caller, intervalId: number): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    // As with queues.
    await lockInterval(tx, intervalId)
    refuseUsed('The interval', 'stands in the actions of', await accountsNaming(tx, { intervalId }))
    refuseUsed('The interval', 'limits the trigger', await triggersNaming(tx, { intervalId }))
    await removeInterval(tx, caller, intervalId)
  })
  ctx.push.ring({ changed: 'intervals' })
}

const NAMED = 5

function refuseUsed(what: string, how: string, accounts: readonly string[]): void {
  if (accounts.length === 0) return
  const named = accounts.slice(0, NAMED).map((name) => `“${name}”`)
  const more = accounts.length > NAMED ? ` and ${accounts.length - NAMED} more` : ''
  throw new Refusal('GE-103', `${what} ${how} ${named.join(', ')}${more}.`, { extra: { accounts } })
}
