/** Contacts whose list another one has replaced: also those that a message made in it meanwhile, at a node that did not know yet. */

import { addChore, type Chores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { moveContacts, requireList } from './lists.ts'

const MOVE_CONTACTS = 'move-contacts'
// By then every node has read the accounts anew, and what was under way has ended.
const LATER_MS = 60_000

/** Now, in the caller's transaction, and once more. */
export async function moveAllContacts(tx: Tx, from: number, to: number): Promise<void> {
  await moveContacts(tx, from, to)
  await addChore(tx, MOVE_CONTACTS, { from, to }, { notBefore: new Date(Date.now() + LATER_MS) })
}

export function contactChores({ db }: Pick<Context, 'db'>): Chores {
  return {
    [MOVE_CONTACTS]: {
      async run(payload) {
        const { from, to } = payload as { from: number; to: number }
        await transaction(db, async (tx) => {
          await requireList(tx, to)
          await moveContacts(tx, from, to)
        })
      },
    },
  }
}
