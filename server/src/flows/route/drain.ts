/**
 * From waiting to agents: ends what ran out, and asks free agents about what waits.
 *
 * One drain runs at a time, for all queues and nodes, under an advisory lock: only who sees every queue can serve the heavier ones
 * first when an agent is in several. It plans on what it reads, then locks no more than the plan names, never waiting for a lock, and
 * keeps of the plan what still holds: an agent who accepted something meanwhile may be full, an interaction may have been taken.
 * What it has to leave is looked at again in a moment.
 */
import { transaction } from '@patchbay/kit/database.ts'
import { sql } from 'kysely'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { type NewEvent, publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import * as offers from '../../routing/offers.ts'
import * as presence from '../../routing/presence.ts'
import { type Agent, type Choice, choose, inOrder, takesSlot, type Waiting } from '../../routing/strategy.ts'
import { isSameTarget, type Target, targetKey, targetOf } from '../../routing/targets.ts'
import { dueOffers, freeAgents, waitingFor } from '../../views/candidates.ts'
import { type TargetName, targetNames } from '../../views/targets.ts'
import type { Writer } from '../change.ts'
import { busyReceivers, giveBack } from './give-back.ts'
import { runActions } from './run-actions.ts'

// Any constant does, as long as every node takes the same one.
const LOCK = 7_140_553
const AT_ONCE = 200

export interface Drained {
  made: readonly Choice[]
  /** Something had to be left: locked by somebody, beyond what one drain takes, or another drain is at it. */
  left: boolean
}

interface Notes {
  interactions: Set<number>
  users: Set<number>
  left: boolean
  /** Flows that went on have answered, or have somebody to be called. */
  deliver: boolean
  call: boolean
}

/**
 * `memberships`: also take back offers of agents who no longer belong to the queue or the account. `agents`: these have a slot again and
 * nothing else has changed since a drain for all, which left nothing that anybody else could have been asked about; so they alone are looked at.
 */
export async function drain(
  ctx: Writer,
  options: { memberships: boolean } | { agents: readonly number[] } = { memberships: true },
): Promise<Drained> {
  const among = 'agents' in options ? options.agents : undefined
  const { made, notes } = await transaction(ctx.db, async (tx) => {
    const notes: Notes = {
      interactions: new Set(),
      users: new Set(),
      left: false,
      deliver: false,
      call: false,
    }
    const { rows } = await sql<{ waits: boolean; mine: boolean }>`
      select waits, waits and pg_try_advisory_xact_lock(${LOCK}) as mine
      from (select exists (select from queue_entry) as waits) entry`.execute(tx)
    if (!rows[0]?.mine) return { made: [], notes: { ...notes, left: rows[0]?.waits ?? false } }
    if (!('agents' in options)) {
      await endOffers(tx, options.memberships, notes)
      await endSteps(tx, notes)
    }
    return { made: await makeOffers(tx, notes, among), notes }
  })
  const { interactions: changed, users, deliver, call } = notes
  if (changed.size > 0) ctx.push.ring({ interactions: changed, users, deliver, call })
  return { made, left: notes.left }
}

async function endOffers(tx: Tx, memberships: boolean, notes: Notes): Promise<void> {
  const due = await dueOffers(tx, memberships, AT_ONCE)
  if (due.length === 0) return
  const wanted = [...new Set(due.map(({ interactionId }) => interactionId))]
  const held = new Set((await interactions.lockFree(tx, wanted)).map(({ id }) => id))
  if (held.size < wanted.length || due.length === AT_ONCE) notes.left = true
  const ended = await offers.end(
    tx,
    due.filter(({ interactionId }) => held.has(interactionId)),
  )
  if (ended.length === 0) return
  const ids = [...new Set(ended.map((offer) => offer.interaction_id))]
  const asked = await offers.stillAsked(tx, ids)
  const silent = ids.filter((id) => !asked.has(id))
  if (silent.length > 0) await interactions.setAsked(tx, silent, false)
  const asks = ended.map((offer) => ({ ...offer, target: targetOf(offer) }))
  await publishAll(tx, grouped(asks, 'timeout', await targetNames(tx, distinct(asks))))
  for (const id of ids) notes.interactions.add(id)
  for (const offer of ended) notes.users.add(offer.user_id)
  // That nobody of many came says little of any one of them: what rings all takes no slot and counts for nobody.
  const missed = ended.filter((offer) => offer.state === 'timeout' && offer.takes_slot)
  const silentAgents = await presence.missed(
    tx,
    missed.map((offer) => offer.user_id),
  )
  // Their other offers are taken back by the next round.
  if (silentAgents.length > 0) notes.left = true
}

async function endSteps(tx: Tx, notes: Notes): Promise<void> {
  const wanted = await entries.runOutIds(tx, AT_ONCE)
  if (wanted.length === 0) return
  const free = (await interactions.lockFree(tx, wanted)).map(({ id }) => id)
  const goingBack = await entries.returning(tx, free)
  const busy = await busyReceivers(tx, goingBack)
  const waits = new Set(
    goingBack.filter((entry) => busy.has(entry.return_to ?? 0)).map((entry) => entry.interaction_id),
  )
  const held = free.filter((id) => !waits.has(id))
  if (held.length < wanted.length || wanted.length === AT_ONCE) notes.left = true
  if (held.length === 0) return
  const ended = await entries.takeRunOut(tx, held)
  const ids = ended.map((entry) => entry.interaction_id)
  if (ids.length === 0) return
  for (const userId of await offers.withdraw(tx, ids, 'step')) notes.users.add(userId)
  for (const id of ids) notes.interactions.add(id)
  const returned = await giveBack(tx, ended)
  for (const userId of returned.values()) notes.users.add(userId)
  const going = ended.filter((entry) => !returned.has(entry.interaction_id))
  if (going.length === 0) return
  const { hasAnswered, hasCalls } = await runActions(
    tx,
    going.map(({ interaction_id, account_id, step_id }) => ({
      interactionId: interaction_id,
      accountId: account_id,
      from: step_id === null ? { at: null } : { after: step_id },
      begins: false,
      isQueued: true,
      ...(step_id !== null && {
        since: { stepId: step_id, outcome: 'passed-over', said: { code: 'nobody-came' } },
      }),
    })),
  )
  notes.deliver ||= hasAnswered
  notes.call ||= hasCalls
}

async function makeOffers(tx: Tx, notes: Notes, among?: readonly number[]): Promise<Choice[]> {
  const agents = await freeAgents(tx, among)
  if (agents.length === 0) return []
  const { waiting, plan } = await planFor(tx, agents)
  if (plan.length === 0) return []
  const made = await keepWhatHolds(tx, plan)
  if (made.length < plan.length || waiting.length === AT_ONCE) notes.left = true
  if (made.length === 0) return []

  await offers.make(
    tx,
    made.map(({ waiting, userId }) => ({ ...waiting, userId, takesSlot: takesSlot(waiting) })),
  )
  await offers.remember(
    tx,
    new Map(
      made.flatMap(({ waiting, userId }) => (waiting.queueId === null ? [] : [[waiting.queueId, userId]])),
    ),
  )
  const ids = [...new Set(made.map(({ waiting }) => waiting.interactionId))]
  await interactions.setAsked(tx, ids, true)
  const asks = made.map(({ waiting, userId }) => ({
    interaction_id: waiting.interactionId,
    user_id: userId,
    reason: null,
    target: waitsFor(waiting),
  }))
  await publishAll(tx, grouped(asks, 'offered', await targetNames(tx, distinct(asks))))
  for (const id of ids) notes.interactions.add(id)
  for (const { userId } of made) notes.users.add(userId)
  return made
}

/**
 * When one agent frees up in front of a crowd, one entry is enough: of each pool of agents as many are looked at as these have slots.
 * Where what was read of a pool does not use up their slots, because what came first suits others, all are looked at: what was cut off
 * comes before whatever these agents would be asked about in its place.
 */
async function planFor(tx: Tx, agents: readonly Agent[]): Promise<{ waiting: Waiting[]; plan: Choice[] }> {
  const first = await waitingFor(tx, agents, AT_ONCE, true)
  const plan = choose(first, agents)
  if (first.length === AT_ONCE) return { waiting: first, plan }
  const freeOf = new Map(agents.map(({ userId, free }) => [userId, free]))
  const taking = plan.filter(({ waiting }) => takesSlot(waiting))
  const isCut = Map.groupBy(first, ({ pool }) => pool)
    .values()
    .some((entries) => {
      const last = entries.at(-1)
      if (!last || entries.length < last.poolLimit) return false
      const before = taking.filter(({ waiting }) => inOrder(waiting, last) <= 0)
      const taken = Map.groupBy(before, ({ userId }) => userId)
      return last.candidates.some((id) => (taken.get(id)?.length ?? 0) < (freeOf.get(id) ?? 0))
    })
  if (!isCut) return { waiting: first, plan }
  const waiting = await waitingFor(tx, agents, AT_ONCE)
  return { waiting, plan: choose(waiting, agents) }
}

/** Locks what the plan names and reads again what may have changed before the locks were had. */
async function keepWhatHolds(tx: Tx, plan: readonly Choice[]): Promise<Choice[]> {
  const ids = [...new Set(plan.map(({ waiting }) => waiting.interactionId))]
  const rows = await interactions.lockFree(tx, ids)
  const held = new Map(rows.map((row) => [row.id, row]))
  // Of a queue the interaction's own row tells. Under its lock nobody puts it elsewhere.
  const others = plan.filter(({ waiting }) => waiting.queueId === null)
  const targets = await entries.targetsOf(tx, [
    ...new Set(others.map(({ waiting }) => waiting.interactionId)),
  ])
  const userIds = await presence.lockFree(tx, [...new Set(plan.map(({ userId }) => userId))])
  // A statement of its own: it must see what was committed before the locks were had.
  const agents = new Map((await freeAgents(tx, [...userIds])).map((agent) => [agent.userId, agent]))
  return plan.filter(({ waiting, userId }) => {
    const row = held.get(waiting.interactionId)
    const agent = agents.get(userId)
    if (!row || !agent || agent.free <= 0 || row.queue_id !== waiting.queueId) return false
    const target = targets.get(row.id)
    if (waiting.queueId === null && !(target && isSameTarget(target, waitsFor(waiting)))) return false
    if (!takesSlot(waiting)) return row.state === 'queued' || row.state === 'offered'
    if (row.state !== 'queued') return false
    agent.free--
    return true
  })
}

interface Ask {
  interaction_id: number
  user_id: number
  reason: string | null
  target: Target
}

function waitsFor({ queueId, userId, teamId }: Waiting): Target {
  return targetOf({ queue_id: queueId, user_id: userId, team_id: teamId })
}

function distinct(asks: readonly Ask[]): Target[] {
  return [...new Map(asks.map(({ target }) => [targetKey(target), target])).values()]
}

/** One event for an interaction, however many agents it speaks of: a beepall queue would flood the log otherwise. */
function grouped(
  asks: readonly Ask[],
  type: 'offered' | 'timeout',
  names: ReadonlyMap<string, TargetName>,
): NewEvent[] {
  const byInteraction = Map.groupBy(asks, (ask) => `${ask.interaction_id} ${ask.reason ?? ''}`)
  return [...byInteraction.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { interaction_id: interactionId, user_id, reason } = first
    const data = {
      ...names.get(targetKey(first.target)),
      ...(reason && { reason }),
      ...(group.length > 1 && { agents: String(group.length) }),
    }
    return [{ interactionId, type, userId: group.length === 1 ? user_id : null, data }]
  })
}
