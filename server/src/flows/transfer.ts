/** Passing an interaction on: to an agent, to a queue, or back to all agents of its account. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { may } from '../access/access.ts'
import * as interactions from '../interactions/interactions.ts'
import * as entries from '../routing/entries.ts'
import * as offers from '../routing/offers.ts'
import * as presence from '../routing/presence.ts'
import { agentOf } from '../views/agents.ts'
import { hold } from '../views/known.ts'
import { type Change, leaveQueue } from './change.ts'

type Verb = 'assigned' | 'transferred'

/** The agent has it at once, whether or not he has a slot left: people decide this, not the router. */
export async function toAgent(
  change: Change,
  userId: number,
  verb: Verb,
  note: string | null = null,
): Promise<void> {
  const { tx, interaction, caller } = change
  requireGivable(change)
  if (interaction.user_id === userId) return
  const agent = await agentOf(tx, interaction.account_id, userId)
  if (!agent) throw new Refusal('IN-102')
  if (interaction.user_id !== null) await presence.lockBoth(tx, userId, interaction.user_id)
  await presence.engage(tx, userId)
  await leaveQueue(change, 'transferred')
  await interactions.assign(tx, interaction.id, userId, userId === caller.user.id)
  change.touch([interaction.user_id, userId])
  const data = { agent: agent.fullname, ...(note && { note }) }
  await change.publish(verb, userId === caller.user.id && !note ? undefined : data)
}

export async function toQueue(change: Change, queueId: number, note: string | null = null): Promise<void> {
  const { tx, interaction, caller } = change
  const { id } = interaction
  requireGivable(change)
  const isWaitingThere =
    interaction.queue_id === queueId && (interaction.state === 'queued' || interaction.state === 'offered')
  if (isWaitingThere) return
  // Held, so that it is not deleted before the interaction is in it.
  await hold(tx, 'queue', [queueId])
  const name = (await entries.queueNames(tx, [queueId])).get(queueId)
  if (name === undefined) throw new Refusal('IN-102', 'There is no such queue.', { field: 'queueId' })
  await leaveQueue(change, 'transferred')
  const accountId = interaction.account_id
  await entries.enter(tx, [{ interactionId: id, accountId, queueId, stepId: null, timeoutSeconds: null }])
  await interactions.queue(tx, [{ interactionId: id, queueId }])
  if (interaction.user_id === caller.user.id) await offers.comeLast(tx, id, queueId, caller.user.id)
  change.touch([interaction.user_id])
  const data = { queue: name, ...(note && { note }) }
  await change.publish(interaction.state === 'assigned' ? 'transferred' : 'queued', data)
}

/** To the agents of its account; its actions do not run again. */
export async function release(change: Change): Promise<void> {
  const { tx, interaction } = change
  requireGivable(change)
  await leaveQueue(change, 'transferred')
  if (interaction.state === 'new') return
  await interactions.rest(tx, [interaction.id])
  change.touch([interaction.user_id])
  await change.publish('released')
}

// Everybody takes what nobody has and passes on his own; what a colleague has needs a permission.
function requireGivable({ interaction, caller }: Change): void {
  if (interaction.state === 'closed') throw new Refusal('IN-103')
  const { user_id } = interaction
  if (user_id !== null && user_id !== caller.user.id && !may(caller, 'openchannel.assign'))
    throw new Refusal('AU-105', 'Your role does not have the permission openchannel.assign.')
}
