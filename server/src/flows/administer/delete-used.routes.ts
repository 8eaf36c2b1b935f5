/** Routes that delete what others may name. */
import type { Api } from '@patchbay/protocol/api.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import type { Context } from '../../context.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import type { UsedKind } from '../../views/uses.ts'
import { afterAccount } from './delete-account.ts'
import { createDeletion } from './delete-used.ts'

type Routes = Pick<
  Api,
  | 'DELETE /api/lists/:id'
  | 'DELETE /api/fields/:id'
  | 'DELETE /api/tags/:id'
  | 'DELETE /api/teams/:id'
  | 'DELETE /api/roles/:id'
  | 'DELETE /api/intervals/:id'
  | 'DELETE /api/dispositions/:id'
  | 'DELETE /api/openchannel/accounts/:id'
  | 'DELETE /api/openchannel/queues/:id'
  | 'DELETE /api/openchannel/skills/:id'
>

export function deleteUsedRoutes(ctx: Context, directory: Directory, watch: TriggerWatch): Handlers<Routes> {
  const remove = createDeletion(ctx, directory, watch)
  const of =
    (kind: Exclude<UsedKind, 'user'>): Handlers<Routes>[keyof Routes] =>
    async ({ caller, params, query }) => {
      await remove(kind, caller, params.id, query)
      return null
    }
  return {
    'DELETE /api/lists/:id': of('list'),
    'DELETE /api/fields/:id': of('field'),
    'DELETE /api/tags/:id': of('tag'),
    'DELETE /api/teams/:id': of('team'),
    'DELETE /api/roles/:id': of('role'),
    'DELETE /api/intervals/:id': of('interval'),
    'DELETE /api/dispositions/:id': of('disposition'),
    'DELETE /api/openchannel/accounts/:id': async (request) => {
      await of('account')(request)
      await afterAccount(ctx, directory, request.caller, request.params.id)
      return null
    },
    'DELETE /api/openchannel/queues/:id': of('queue'),
    'DELETE /api/openchannel/skills/:id': of('skill'),
  }
}
