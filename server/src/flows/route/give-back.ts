/** What was passed on and nobody took up goes back to who had passed it on. */
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import * as presence from '../../routing/presence.ts'
import { agentOf, slotsOf } from '../../views/agents.ts'

interface Ended {
  interaction_id: number
  account_id: number
  return_to: number | null
}

/** How long it waits for an agent who is full until it rests with the agents of its account. */
const FULL_SECONDS = 300

/** Of those who are to get something back, whom somebody holds at this moment. The others are held from now on. */
export async function busyReceivers(
  tx: Tx,
  ended: readonly { return_to: number | null }[],
): Promise<Set<number>> {
  const ids = new Set(ended.flatMap(({ return_to: userId }) => userId ?? []))
  if (ids.size === 0) return ids
  const known = await presence.known(tx, [...ids])
  return known.difference(await presence.lockFree(tx, [...ids]))
}

/**
 * Answers by interaction who has it now, or for whom it waits: whoever has filled his slots meanwhile is asked when one is free. Nobody
 * where he may not have it any more. The caller holds the locks of the interactions and of the agents.
 */
export async function giveBack(tx: Tx, ended: readonly Ended[]): Promise<Map<number, number>> {
  const given = new Map<number, number>()
  for (const { interaction_id: id, account_id: accountId, return_to: userId } of ended) {
    const agent = userId === null ? undefined : await agentOf(tx, accountId, userId)
    if (!agent || userId === null) continue
    const slots = await slotsOf(tx, userId)
    const isFull = slots.used >= slots.capacity
    if (isFull) {
      const entry = { interactionId: id, accountId, userId, stepId: null, timeoutSeconds: FULL_SECONDS }
      await entries.enter(tx, [entry])
      await interactions.queue(tx, [{ interactionId: id }])
    } else await interactions.assign(tx, id, userId, false)
    const data = { agent: agent.fullname, back: agent.fullname }
    await publishAll(tx, [{ interactionId: id, type: isFull ? 'queued' : 'transferred', data }])
    given.set(id, userId)
  }
  return given
}
