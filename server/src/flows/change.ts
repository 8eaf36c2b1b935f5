/** How every verb changes an interaction: seen by its caller, locked, its events in the same transaction, rung after the commit. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { mayUseAccount } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db, Tx } from '../db.ts'
import * as interactions from '../interactions/interactions.ts'
import { type EventType, type Push, publish } from '../push/push.ts'
import type { Ring } from '../push/ring.ts'
import * as entries from '../routing/entries.ts'
import * as offers from '../routing/offers.ts'
import * as presence from '../routing/presence.ts'

/** The part of the context that a change needs. */
export interface Writer {
  readonly db: Db
  readonly push: Pick<Push, 'ring'>
}

export interface Change {
  readonly tx: Tx
  readonly caller: Caller
  /** As it stood when the lock was had. */
  readonly interaction: interactions.LockedInteraction
  /** Writes an event in the caller's name. */
  publish(type: EventType, data?: Record<string, string | null>): Promise<void>
  /** Rings these users, whose offers or slots changed, and the router. */
  touch(userIds: readonly (number | null)[], routes?: Routes): void
}

/** What a change gives the router to do: whatever waits, what waits for the agents who have a slot again, or nothing. */
type Routes = 'all' | 'freed' | 'nothing'

/** Refuses with GE-105 when there is no such interaction or the caller does not see its account. */
export async function changeInteraction<T>(
  ctx: Writer,
  caller: Caller,
  id: number,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const { result, ring } = await transaction(ctx.db, (tx) => changeWithin(tx, caller, id, work))
  if (ring) ctx.push.ring(ring)
  return result
}

/** As a part of something larger. `ring` is for the caller, after his commit. */
export async function changeWithin<T>(
  tx: Tx,
  caller: Caller,
  id: number,
  work: (change: Change) => Promise<T>,
): Promise<{ result: T; ring: Ring | undefined }> {
  let isChanged = false
  let isTouched = false
  let route = false
  const users = new Set<number>()
  const freed = new Set<number>()
  const interaction = await interactions.lock(tx, id)
  if (!interaction || !(await mayUseAccount(tx, caller, interaction.account_id))) throw new Refusal('GE-105')
  const result = await work({
    tx,
    caller,
    interaction,
    async publish(type, data) {
      isChanged = true
      await publish(tx, { interactionId: id, type, userId: caller.user.id, data })
    },
    touch(userIds, routes = 'all') {
      isTouched = true
      if (routes === 'all') route = true
      for (const userId of userIds) {
        if (userId === null) continue
        users.add(userId)
        if (routes === 'freed') freed.add(userId)
      }
    },
  })
  const { state, user_id: userId, queue_id: queueId } = interaction
  // He may have closed it or passed it on: his queue may grant him time before the next offer.
  if (isTouched && state === 'assigned' && userId === caller.user.id && queueId !== null)
    await presence.wrapUp(tx, userId, { interactionId: id, queueId })
  const ring =
    isChanged || isTouched ? { interactions: isChanged ? [id] : [], users, freed, route } : undefined
  return { result, ring }
}

/** Out of its queue, or off the way into one; nobody is asked any more. */
export async function leaveQueue(change: Change, reason: offers.WithdrawReason): Promise<void> {
  const { tx, interaction } = change
  await entries.leave(tx, interaction.id)
  if (interaction.state === 'offered') change.touch(await offers.withdraw(tx, [interaction.id], reason))
}
