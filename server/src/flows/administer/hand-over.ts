/** hand over: what somebody who is disabled has, and what waits for him, goes to a queue, to a colleague, or is routed again. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { HandedOver, HandOver } from '@patchbay/protocol/api/people.ts'
import type { Caller } from '../../access/endpoint.ts'
import { replaceInActions } from '../../accounts/replace.ts'
import { record } from '../../audit/audit.ts'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import * as offers from '../../routing/offers.ts'
import * as presence from '../../routing/presence.ts'
import { answererOf } from '../../views/agents.ts'
import { hold } from '../../views/known.ts'
import { shownTo, usesOf } from '../../views/uses.ts'
import { beginAnew, holdWaiting } from './move-waiting.ts'

export interface Notes {
  interactions: Set<number>
  users: Set<number>
}

interface Receiver {
  queueId: number | null
  userId: number | null
  /** Part of an event's data. */
  words: Record<string, string>
  /** Accounts of which the colleague may have interactions. */
  answers(accountId: number): boolean
}

/**
 * `disable` runs between: both agents are locked before it, as wherever somebody is given an interaction, so that what is looked for
 * afterwards is all there is. Who waited for that lock finds a user who is disabled.
 */
export async function handOver<T extends { fullname: string }>(
  tx: Tx,
  caller: Caller,
  userId: number,
  { steps = false, ...to }: HandOver,
  notes: Notes,
  disable: () => Promise<T>,
): Promise<{ user: T; handedOver: HandedOver }> {
  await holdWaiting(tx, [
    ...(await interactions.openOf(tx, userId)),
    ...(await entries.waitingFor(tx, { userId })),
  ])
  const receiver = await receiverOf(tx, userId, to)
  if (steps && receiver.userId === null) throw faulty('`steps` goes with `userId`.')
  await presence.lockBoth(tx, userId, receiver.userId ?? userId)
  if (receiver.userId !== null) await presence.engage(tx, receiver.userId)
  const user = await disable()

  const held = await lockFound(tx, await interactions.openOf(tx, userId))
  const waiting = await lockFound(tx, await entries.waitingFor(tx, { userId }))
  const all = [...held, ...waiting]
  for (const { id } of all) notes.interactions.add(id)
  for (const one of [userId, receiver.userId]) if (one !== null) notes.users.add(one)
  if (waiting.length > 0)
    for (const one of await offers.withdraw(tx, idsOf(waiting), 'transferred')) notes.users.add(one)

  const isTaken = (one: interactions.LockedInteraction) =>
    receiver.queueId !== null || (receiver.userId !== null && receiver.answers(one.account_id))
  await give(tx, receiver, held.filter(isTaken))
  await redirect(tx, receiver, waiting.filter(isTaken))
  await publishAll(
    tx,
    idsOf(all.filter(isTaken)).map((interactionId) => ({
      interactionId,
      type: 'transferred',
      userId: caller.user.id,
      data: receiver.words,
    })),
  )
  const rerouted = all.filter((one) => !isTaken(one))
  await reroute(tx, { id: userId, fullname: user.fullname }, rerouted)

  const flows = steps && receiver.userId !== null ? await ringInstead(tx, caller, userId, receiver.userId) : 0
  const handedOver = {
    interactions: held.length,
    waiting: waiting.length,
    rerouted: rerouted.length,
    steps: flows,
  }
  await record(tx, caller, {
    action: 'handed-over',
    object: 'app_user',
    objectId: userId,
    after: { to: receiver.words, ...handedOver },
  })
  return { user, handedOver }
}

function faulty(detail: string): Refusal {
  return new Refusal('GE-101', detail, { field: 'handOver' })
}

async function receiverOf(
  tx: Tx,
  leaving: number,
  { queueId, userId, reroute }: HandOver,
): Promise<Receiver> {
  if ([queueId, userId, reroute].filter((one) => one !== undefined).length !== 1)
    throw faulty('Name a queue, a colleague or `reroute`, and one of them alone.')
  const nobody: Omit<Receiver, 'words'> = { queueId: null, userId: null, answers: () => false }
  if (queueId !== undefined) {
    // Held, so that it is not deleted before the interactions are in it.
    await hold(tx, 'queue', [queueId])
    const name = (await entries.queueNames(tx, [queueId])).get(queueId)
    if (name === undefined)
      throw new Refusal('IN-102', 'There is no such queue.', { field: 'handOver.queueId' })
    return { ...nobody, queueId, words: { queue: name } }
  }
  if (userId === undefined) return { ...nobody, words: {} }
  const refuse = (detail: string) => new Refusal('IN-102', detail, { field: 'handOver.userId' })
  if (userId === leaving) throw refuse('Nobody hands over to himself.')
  await hold(tx, 'app_user', [userId])
  const agent = await answererOf(tx, userId)
  if (!agent) throw refuse('There is no such user, or he is disabled or may not answer.')
  return { ...nobody, userId, words: { agent: agent.fullname }, answers: agent.answers }
}

/** Whoever holds one that came meanwhile may be waiting for the user who is held here: to wait for him would be a circle. */
async function lockFound(tx: Tx, ids: readonly number[]): Promise<interactions.LockedInteraction[]> {
  if (ids.length === 0) return []
  const held = await interactions.lockFree(tx, ids)
  return held.length === ids.length ? held : beginAnew(tx)
}

function idsOf(found: readonly interactions.LockedInteraction[]): number[] {
  return found.map(({ id }) => id)
}

async function give(tx: Tx, to: Receiver, held: readonly interactions.LockedInteraction[]): Promise<void> {
  if (held.length === 0) return
  if (to.userId !== null) {
    for (const { id } of held) await interactions.assign(tx, id, to.userId, false)
    return
  }
  const { queueId } = to
  if (queueId === null) return
  await entries.enter(
    tx,
    held.map(({ id: interactionId, account_id: accountId }) => ({
      interactionId,
      accountId,
      queueId,
      stepId: null,
      timeoutSeconds: null,
    })),
  )
  await interactions.queue(
    tx,
    idsOf(held).map((interactionId) => ({ interactionId, queueId })),
  )
}

/** Since when and until when it waits stays. */
async function redirect(
  tx: Tx,
  { queueId, userId }: Receiver,
  waiting: readonly interactions.LockedInteraction[],
): Promise<void> {
  if (waiting.length === 0) return
  if (queueId !== null) await entries.redirect(tx, idsOf(waiting), { queueId })
  else if (userId !== null) await entries.redirect(tx, idsOf(waiting), { userId })
  await interactions.queue(
    tx,
    idsOf(waiting).map((interactionId) => ({ interactionId, queueId })),
  )
}

async function reroute(
  tx: Tx,
  from: { id: number; fullname: string },
  found: readonly interactions.LockedInteraction[],
): Promise<void> {
  if (found.length === 0) return
  for (const { id } of found) await entries.leave(tx, id)
  await interactions.rest(tx, idsOf(found))
  await entries.request(
    tx,
    found.map(({ id, account_id }) => ({ interactionId: id, accountId: account_id })),
  )
  await publishAll(
    tx,
    idsOf(found).map((interactionId) => ({
      interactionId,
      type: 'released',
      userId: from.id,
      data: { agent: from.fullname, absent: 'disabled' },
    })),
  )
}

/** Flows of accounts that the caller does not see stay as they are. */
async function ringInstead(tx: Tx, caller: Caller, from: number, to: number): Promise<number> {
  const uses = await shownTo(tx, caller, await usesOf(tx, 'user', [from]))
  const accountIds = uses.flatMap(({ place, id }) => (place === 'flow' && id !== null ? [id] : []))
  await replaceInActions(tx, caller, accountIds, (step) =>
    step.userId === from ? { ...step, userId: to } : step,
  )
  return accountIds.length
}
