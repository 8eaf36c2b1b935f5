/** Closing an interaction and opening it again. */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Db, Tx } from '../db.ts'
import { allowed, choose } from '../dispositions/choose.ts'
import type { Ending, LockedInteraction } from '../interactions/interactions.ts'
import * as interactions from '../interactions/interactions.ts'
import { publish } from '../push/push.ts'
import { type Endings, endingsFor } from '../views/dispositions.ts'
import { hold } from '../views/known.ts'
import { type Change, leaveQueue } from './change.ts'

/** By its id, its path or its name; null or an empty word: none; undefined: as it is. */
export type NamedDisposition = string | number | null | undefined

/**
 * Closing what is closed sets the disposition and changes nothing else. Refuses with IN-105 what names no disposition of this
 * interaction, and with IN-104 to close without one where its account or queue asks for it.
 */
export async function close(change: Change, disposition: NamedDisposition): Promise<void> {
  const { tx, interaction, caller } = change
  if (interaction.state === 'closed') return setDisposition(change, disposition)
  const endings = await endingsFor(tx, interaction)
  const chosen = await endingOf(change, endings, disposition)
  const final = chosen === undefined ? endingNow(interaction) : chosen
  if (final === null && endings.required) throw mustBeNamed(endings)
  await leaveQueue(change, 'closed')
  await interactions.close(tx, interaction.id, caller.user.id, final)
  change.touch([interaction.user_id], 'freed')
  await change.publish('closed', final === null ? undefined : { disposition: final.path })
}

export async function setDisposition(change: Change, disposition: NamedDisposition): Promise<void> {
  if (disposition === undefined) return
  const { tx, interaction } = change
  const endings = await endingsFor(tx, interaction)
  const chosen = (await endingOf(change, endings, disposition)) ?? null
  const now = endingNow(interaction)
  if (chosen?.path === now?.path && chosen?.id === now?.id) return
  if (chosen === null && interaction.state === 'closed' && endings.required) throw mustBeNamed(endings)
  await interactions.setEnding(tx, interaction.id, chosen)
  await change.publish('changed', { disposition: chosen?.path ?? null })
}

/** Held, so that it is not deleted before it stands on the interaction. */
async function endingOf(
  { tx }: Change,
  { rows }: Endings,
  disposition: NamedDisposition,
): Promise<Ending | null | undefined> {
  if (disposition === undefined) return undefined
  if (disposition === null || String(disposition).trim() === '') return null
  const chosen = choose(rows, disposition)
  if (chosen.id === null || (await hold(tx, 'disposition', [chosen.id])).size > 0) return chosen
  throw new Refusal('IN-105', `“${chosen.path}” was deleted a moment ago.`, {
    field: 'disposition',
    allowed: allowed(rows.filter(({ id }) => id !== chosen.id)),
  })
}

function endingNow({ disposition, disposition_id }: LockedInteraction): Ending | null {
  return disposition === null ? null : { id: disposition_id, path: disposition }
}

function mustBeNamed({ rows }: Endings): Refusal {
  return new Refusal('IN-104', undefined, { field: 'disposition', allowed: allowed(rows) })
}

/** By a step of the account's actions, in nobody's name. It waits in no queue any more. */
export async function closeByFlow(tx: Tx, interactionId: number, disposition: Ending | null): Promise<void> {
  await interactions.close(tx, interactionId, null, disposition)
  await publish(tx, {
    interactionId,
    type: 'closed',
    ...(disposition && { data: { disposition: disposition.path } }),
  })
}

/** Open and with nobody; its actions do not run again. Answers the change to go on with; what is open stays as it is. */
export async function reopen(change: Change): Promise<Change> {
  const { tx, interaction } = change
  if (interaction.state !== 'closed') return change
  const twin = await interactions.openTwin(tx, interaction.id)
  if (twin !== undefined) throw anotherIsOpen(twin)
  await interactions.reopen(tx, interaction.id)
  change.touch([])
  await change.publish('reopened')
  return {
    ...change,
    interaction: {
      ...interaction,
      state: 'new',
      user_id: null,
      queue_id: null,
      disposition: null,
      disposition_id: null,
    },
  }
}

/** A message may open another interaction between the look and the update: the unique index then tells. */
export async function refusingTwins<T>(db: Db, id: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    const twin = await interactions.openTwin(db, id)
    if (twin === undefined) throw error
    throw anotherIsOpen(twin)
  }
}

function anotherIsOpen(interactionId: number): Refusal {
  const detail = `Interaction ${interactionId} of the same contact is open.`
  return new Refusal('IN-101', detail, { extra: { interactionId } })
}
