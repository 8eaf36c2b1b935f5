/** Passing an interaction on: to an agent, a queue or a team, or back to all agents of its account. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { may } from '../access/access.ts'
import * as interactions from '../interactions/interactions.ts'
import * as entries from '../routing/entries.ts'
import * as offers from '../routing/offers.ts'
import * as presence from '../routing/presence.ts'
import { isSameTarget, type Target } from '../routing/targets.ts'
import { agentOf } from '../views/agents.ts'
import { hold } from '../views/known.ts'
import { targetsFor } from '../views/pass-to.ts'
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
  // Whoever was disabling him at this moment held him, and had not seen this.
  await hold(tx, 'app_user', [userId])
  if (!(await agentOf(tx, interaction.account_id, userId))) throw new Refusal('IN-102')
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

const RING_AGENT_SECONDS = 60
const RING_TEAM_SECONDS = 300

/** Asks the agent first; when he declines, or does not answer, it goes back to who had it. */
export async function ringAgent(change: Change, userId: number, note: string | null): Promise<void> {
  requireGivable(change)
  if (change.interaction.user_id === userId) throw new Refusal('IN-106')
  const agent = await agentOf(change.tx, change.interaction.account_id, userId)
  if (!agent) throw new Refusal('IN-102')
  await ring(change, { userId }, RING_AGENT_SECONDS, { agent: agent.fullname }, note)
}

/** Asks the agents of the team, all at once. */
export async function ringTeam(change: Change, teamId: number, note: string | null): Promise<void> {
  requireGivable(change)
  const { teams } = await targetsFor(change.tx, change.interaction.id)
  await hold(change.tx, 'team', [teamId])
  const team = teams.find(({ id }) => id === teamId)
  if (!team)
    throw new Refusal('IN-102', 'No agent of this team may have interactions of the account.', {
      field: 'teamId',
    })
  await ring(change, { teamId }, RING_TEAM_SECONDS, { team: team.name }, note)
}

async function ring(
  change: Change,
  target: Target,
  timeoutSeconds: number,
  name: Record<string, string>,
  note: string | null,
): Promise<void> {
  const { tx, interaction, caller } = change
  const { id, account_id: accountId } = interaction
  const waits = (await entries.targetsOf(tx, [id])).get(id)
  if (waits && isSameTarget(waits, target)) throw new Refusal('IN-106')
  await leaveQueue(change, 'transferred')
  const returnTo = interaction.user_id ?? (caller.via === 'session' ? caller.user.id : null)
  await entries.enter(tx, [
    { interactionId: id, accountId, ...target, stepId: null, timeoutSeconds, returnTo },
  ])
  await interactions.queue(tx, [{ interactionId: id, queueId: null }])
  change.touch([interaction.user_id])
  await change.publish('transferred', { ...name, rings: 'first', ...(note && { note }) })
}

/** Refuses what `toAgent` and `toQueue` take for done, because programs repeat themselves: a person has chosen the wrong line. */
export async function requireElsewhere(
  change: Change,
  target: { userId?: number | undefined; queueId?: number | undefined },
): Promise<void> {
  requireGivable(change)
  const { tx, interaction } = change
  const waits = (await entries.targetsOf(tx, [interaction.id])).get(interaction.id)
  const isThere =
    (target.userId !== undefined && interaction.user_id === target.userId) ||
    (target.queueId !== undefined && waits?.queueId === target.queueId)
  if (isThere) throw new Refusal('IN-106')
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
