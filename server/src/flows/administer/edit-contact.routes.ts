/** Routes that make and change contacts. */
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { createContact, editContact } from './edit-contact.ts'

type Routes = Pick<typeof contactsApi, 'POST /api/contacts' | 'PATCH /api/contacts/:id'>

export function editContactRoutes(ctx: Context): Handlers<Routes> {
  return {
    'POST /api/contacts': ({ caller, body }) => createContact(ctx, caller, body),
    'PATCH /api/contacts/:id': ({ caller, params, body }) => editContact(ctx, caller, params.id, body),
  }
}
