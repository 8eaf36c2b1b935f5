/** Routes that delete lists, custom fields, queues and intervals. */
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { intervalsApi } from '@patchbay/protocol/api/intervals.ts'
import type { queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { deleteField, deleteInterval, deleteList, deleteQueue } from './delete-unused.ts'

type Routes = Pick<typeof contactsApi, 'DELETE /api/lists/:id' | 'DELETE /api/fields/:id'> &
  Pick<typeof queuesApi, 'DELETE /api/openchannel/queues/:id'> &
  Pick<typeof intervalsApi, 'DELETE /api/intervals/:id'>

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
    'DELETE /api/intervals/:id': async ({ caller, params }) => {
      await deleteInterval(ctx, caller, params.id)
      return null
    },
    'DELETE /api/openchannel/queues/:id': async ({ caller, params }) => {
      await deleteQueue(ctx, caller, params.id)
      return null
    },
  }
}
