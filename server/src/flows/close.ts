/** Closing an interaction and opening it again. */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Db } from '../db.ts'
import * as interactions from '../interactions/interactions.ts'
import { type Change, leaveQueue } from './change.ts'

/** `disposition` undefined: as it is. Closing what is closed sets the disposition and changes nothing else. */
export async function close(change: Change, disposition: string | null | undefined): Promise<void> {
  const { tx, interaction, caller } = change
  if (interaction.state === 'closed') return setDisposition(change, disposition)
  await leaveQueue(change, 'closed')
  const final = disposition === undefined ? interaction.disposition : disposition
  await interactions.close(tx, interaction.id, caller.user.id, final)
  change.touch([interaction.user_id])
  await change.publish('closed', final === null ? undefined : { disposition: final })
}

export async function setDisposition(change: Change, disposition: string | null | undefined): Promise<void> {
  const { tx, interaction } = change
  if (disposition === undefined || disposition === interaction.disposition) return
  await interactions.setDisposition(tx, interaction.id, disposition)
  await change.publish('changed', { disposition })
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
    interaction: { ...interaction, state: 'new', user_id: null, queue_id: null, disposition: null },
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
