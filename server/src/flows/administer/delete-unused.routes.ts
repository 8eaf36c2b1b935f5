/** Routes that delete lists, custom fields and queues. */
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { deleteField, deleteList, deleteQueue } from './delete-unused.ts'

type Routes = Pick<typeof contactsApi, 'DELETE /api/lists/:id' | 'DELETE /api/fields/:id'> &
  Pick<typeof queuesApi, 'DELETE /api/openchannel/queues/:id'>

export function deleteUnusedRoutes(ctx: Context): Handlers<Routes> {
  return {
    'DELETE /api/lists/:id': async ({ caller, params }) => {
      await deleteList(ctx, caller, params.id)
      return null
    },
    'DELETE /api/fields/:id': async ({ caller, params }) => {
      await deleteField(ctx, caller, params.id)
      return null
    },
    'DELETE /api/openchannel/queues/:id': async ({ caller, params }) => {
      await deleteQueue(ctx, caller, params.id)
      return null
    },
  }
}
