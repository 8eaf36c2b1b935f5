/** Routes of API keys. */
import { transaction } from '@patchbay/kit/database.ts'
import type { peopleApi } from '@patchbay/protocol/api/people.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import * as keys from './keys.ts'

type Routes = Pick<
  typeof peopleApi,
  'GET /api/keys' | 'POST /api/keys' | 'POST /api/keys/:id/rotate' | 'DELETE /api/keys/:id'
>

export function keysRoutes({ db, gatekeeper }: Context): Handlers<Routes> {
  return {
    'GET /api/keys': ({ caller, query }) => keys.list(db, caller, query),

    'POST /api/keys': ({ caller, body }) => transaction(db, (tx) => keys.create(tx, caller, body)),

    'POST /api/keys/:id/rotate': async ({ caller, params, body }) => {
      const successor = await transaction(db, (tx) => keys.rotate(tx, caller, params.id, body.overlapSeconds))
      gatekeeper.forget(successor.user.id)
      return successor
    },

    'DELETE /api/keys/:id': async ({ caller, params }) => {
      gatekeeper.forget(await transaction(db, (tx) => keys.revoke(tx, caller, params.id)))
      return null
    },
  }
}
