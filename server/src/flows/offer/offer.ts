/**
 * An agent's answer to an offer. The interaction's row lock makes accepting a compare-and-set: of many who accept at the same moment
 * one finds it waiting, the others find who has it.
 */
import { Refusal } from '@patchbay/kit/refusal.ts'
import * as interactions from '../../interactions/interactions.ts'
import * as entries from '../../routing/entries.ts'
import * as offers from '../../routing/offers.ts'
import * as presence from '../../routing/presence.ts'
import { fullnames, slotsOf } from '../../views/agents.ts'
import type { Change } from '../change.ts'

/**
 * Accepts the offer, or takes what waits and is offered to nobody. What comes by a queue needs a free slot; what rests with the
 * account's agents they take as they see fit. To accept once more what one has already is no fault.
 */
export async function accept(change: Change): Promise<void> {
  const { tx, caller, interaction } = change
  const { id, state } = interaction
  const me = caller.user.id
  if (state === 'closed') throw new Refusal('IN-103')
  if (state === 'assigned') {
    if (interaction.user_id === me) return
    throw await taken(change, interaction.user_id)
  }
  // Before the slots are counted: while it is held neither the router nor another call of this agent gives him more.
  await presence.engage(tx, me, true)
  if (state !== 'new') {
    const asked = await offers.asked(tx, id)
    if (asked.length > 0 && !asked.includes(me)) throw await taken(change, asked[0] ?? null)
    const slots = await slotsOf(tx, me)
    if (slots.used >= slots.capacity) throw new Refusal('OF-103')
  }
  const ended = await offers.accept(tx, id, me)
  // He fills the slot that was promised, nobody else was asked, and he about nothing for which he had to have a slot left.
  const isAsPromised =
    ended.length === 1 && ended.every((it) => it.user_id === me && it.takes_slot && !it.is_rung)
  change.touch([me, ...ended.map((offer) => offer.user_id)], isAsPromised ? 'nothing' : 'all')
  await entries.leave(tx, id)
  await interactions.assign(tx, id, me, true)
  await change.publish('assigned')
}

/** Passes on to the next at once; what waited for this agent alone goes on to its next step. */
export async function decline(change: Change, reason: string | null): Promise<void> {
  const { tx, caller, interaction } = change
  if (!(await offers.decline(tx, interaction.id, caller.user.id, reason))) throw new Refusal('OF-102')
  await entries.giveUp(tx, interaction.id, caller.user.id)
  const asked = await offers.stillAsked(tx, [interaction.id])
  if (asked.size === 0) await interactions.setAsked(tx, [interaction.id], false)
  await presence.answered(tx, caller.user.id)
  change.touch([caller.user.id])
  await change.publish('declined', reason ? { reason } : undefined)
}

async function taken({ tx, interaction }: Change, userId: number | null): Promise<Refusal> {
  const by = userId === null ? null : ((await fullnames(tx, [userId])).get(userId) ?? null)
  const detail =
    interaction.state === 'assigned'
      ? `${by ?? 'Somebody else'} has it.`
      : `It is being offered to ${by ?? 'somebody else'}.`
  return new Refusal('OF-101', detail, { extra: { by } })
}
