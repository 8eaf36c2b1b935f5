/** What was passed on and nobody took up goes back to who had passed it on. */
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import { agentOf } from '../../views/agents.ts'

interface Ended {
  interaction_id: number
  account_id: number
  return_to: number | null
}

/** Answers by interaction who has it now; nobody where he may not have it any more. The caller holds the interactions' locks. */
export async function giveBack(tx: Tx, ended: readonly Ended[]): Promise<Map<number, number>> {
  const given = new Map<number, number>()
  for (const { interaction_id: id, account_id: accountId, return_to: userId } of ended) {
    const agent = userId === null ? undefined : await agentOf(tx, accountId, userId)
    if (!agent || userId === null) continue
    await interactions.assign(tx, id, userId, false)
    await publishAll(tx, [
      { interactionId: id, type: 'transferred', data: { agent: agent.fullname, back: agent.fullname } },
    ])
    given.set(id, userId)
  }
  return given
}
