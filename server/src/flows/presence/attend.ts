/** A customer who writes to an absent agent is routed again, as if the interaction had just opened. */
import { transaction } from '@patchbay/kit/database.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import { unattended } from '../../views/absent.ts'
import type { Writer } from '../change.ts'

const AT_ONCE = 200

/** Answers how many were taken from their agents. The account's actions run for them when the router has their requests. */
export async function attend(ctx: Writer): Promise<number> {
  const found = await unattended(ctx.db, AT_ONCE)
  if (found.length === 0) return 0
  const taken = await transaction(ctx.db, async (tx) => {
    const held = await interactions.lockFree(
      tx,
      found.map((one) => one.interactionId),
    )
    // Read again under the locks: the agent may have come back, answered, or passed it on.
    const still = await unattended(
      tx,
      AT_ONCE,
      held.map(({ id }) => id),
    )
    if (still.length === 0) return []
    await interactions.rest(
      tx,
      still.map((one) => one.interactionId),
    )
    await entries.request(tx, still)
    await publishAll(
      tx,
      still.map(({ interactionId, userId, fullname, why }) => ({
        interactionId,
        type: 'released',
        userId,
        data: { agent: fullname, absent: why },
      })),
    )
    return still
  })
  if (taken.length === 0) return 0
  ctx.push.ring({
    interactions: taken.map((one) => one.interactionId),
    users: new Set(taken.map((one) => one.userId)),
    route: true,
  })
  return taken.length
}
