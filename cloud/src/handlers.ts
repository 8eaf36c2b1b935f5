/** Every handler of the endpoint table: one that is missing does not compile. */
import type { CloudApi } from '@patchbay/protocol/cloud.ts'
import type { Handlers } from './access/endpoint.ts'
import type { Context } from './context.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { remove } from './people/people.ts'

export function createHandlers(ctx: Context): Handlers<CloudApi> {
  return {
    ...peopleRoutes(ctx, (userId) => remove(ctx.db, userId)),
  }
}
