/**
 * What triggers show to agents. A pop-up belongs to its interaction and not to a person: whoever has the interaction sees it, and while
 * nobody has it, it waits for the one who takes it. It is gone when he has put it away, when the interaction closes, and after a day.
 */

import type { Chores } from '@patchbay/kit/chores.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'

export interface NewPopup {
  interactionId: number
  triggerId: number
  /** Which action of the trigger. */
  place: number
  title: string
  text: string
  url: string | null
}

/** One that the agent has not put away yet makes room, with its id: who is just putting away the old one has not seen this. */
export async function showPopup(tx: Tx, popup: NewPopup): Promise<void> {
  const { interactionId, triggerId, place, title, text, url } = popup
  await tx
    .deleteFrom('popup')
    .where('interaction_id', '=', interactionId)
    .where('trigger_id', '=', triggerId)
    .where('place', '=', place)
    .execute()
  await tx
    .insertInto('popup')
    .values({ interaction_id: interactionId, trigger_id: triggerId, place, title, body: text, url })
    .execute()
}

/** Only one of an interaction that the user has. */
export async function putAway(tx: Tx, id: number, userId: number): Promise<boolean> {
  const { rows } = await sql`
    delete from popup using interaction
    where popup.id = ${id} and interaction.id = popup.interaction_id and interaction.user_id = ${userId}
    returning popup.id`.execute(tx)
  return rows.length > 0
}

export function triggerChores({ db }: Pick<Context, 'db'>): Chores {
  return {
    'expire-popups': {
      every: '20 * * * *',
      run: async () => {
        await sql`
          delete from popup using interaction
          where interaction.id = popup.interaction_id
            and (popup.created_at < now() - interval '1 day' or interaction.closed_at is not null)`.execute(
          db,
        )
      },
    },
  }
}
