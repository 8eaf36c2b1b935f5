/** edit contact: by an agent or a program; the desks that show an interaction of the contact, open or closed, see the change. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Contact } from '@patchbay/protocol/api/contacts.ts'
import type { Caller } from '../../access/endpoint.ts'
import { type ContactInput, change, create } from '../../contacts/contacts.ts'
import { defaultListId } from '../../contacts/lists.ts'
import type { Context } from '../../context.ts'
import { lockShownInteractionsOf } from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import { findContact } from '../../views/contacts.ts'
import { requireVisibleList } from '../../views/lists.ts'

export async function createContact(
  ctx: Context,
  caller: Caller,
  input: ContactInput & { listId?: number | undefined },
): Promise<Contact> {
  return transaction(ctx.db, async (tx) => {
    const { listId = await defaultListId(tx), ...fields } = input
    await requireVisibleList(tx, caller, listId)
    return create(tx, caller, listId, fields)
  })
}

export async function editContact(
  ctx: Context,
  caller: Caller,
  id: number,
  patch: ContactInput,
): Promise<Contact> {
  const { contact, interactionIds } = await transaction(ctx.db, async (tx) => {
    await findContact(tx, caller, id)
    const { contact, changed } = await change(tx, caller, id, patch)
    const interactionIds = changed.length > 0 ? await lockShownInteractionsOf(tx, id) : []
    const data = { what: 'contact', fields: changed.filter((name) => name !== 'updatedAt').join(', ') }
    await publishAll(
      tx,
      interactionIds.map((interactionId) => ({
        interactionId,
        type: 'changed',
        userId: caller.user.id,
        data,
      })),
    )
    return { contact, interactionIds }
  })
  if (interactionIds.length > 0) ctx.push.ring({ interactions: interactionIds })
  return contact
}
