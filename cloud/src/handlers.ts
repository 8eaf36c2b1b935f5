/** Every handler of the endpoint table: one that is missing does not compile. */
import type { CloudApi } from '@patchbay/protocol/cloud.ts'
import type { Handlers } from './access/endpoint.ts'
import { type Actor, list as listAudit } from './audit/audit.ts'
import type { Context } from './context.ts'
import { unbindAll } from './flows/connect/bind.ts'
import { connectRoutes } from './flows/connect/connect.routes.ts'
import { integrationsRoutes } from './flows/connect/integrations.routes.ts'
import { createPairing } from './flows/connect/pairings.routes.ts'
import { logRoutes } from './flows/log.routes.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { remove } from './people/people.ts'

export function createHandlers(ctx: Context): Handlers<CloudApi> {
  const pairing = createPairing(ctx)
  const leave = async (caller: Actor): Promise<void> => {
    await unbindAll(ctx, caller)
    await remove(ctx.db, caller)
  }
  return {
    ...peopleRoutes(ctx, leave),
    ...connectRoutes(ctx),
    ...integrationsRoutes(ctx, pairing.claim),
    ...logRoutes(ctx),
    ...pairing.routes,
    'GET /api/audit': async ({ caller, query }) => {
      const { limit = 50 } = query
      const found = await listAudit(ctx.db, caller.user, { ...query, limit: limit + 1 })
      const rows = found.slice(0, limit)
      return { rows, before: found.length > limit ? (rows.at(-1)?.id ?? null) : null }
    },
  }
}
