/** Routes of pairing an account with the cloud. */
import type { pairingApi } from '@patchbay/protocol/api/pairing.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import type { Links } from '../relay/links.ts'
import { pair, stateOf } from './pair.ts'

export function pairRoutes(ctx: Context, links: Pick<Links, 'findWayIn'>): Handlers<typeof pairingApi> {
  return {
    'GET /api/openchannel/cloud': async () => ({ cloudUrl: ctx.config.cloudUrl ?? null }),
    'POST /api/openchannel/accounts/:id/pairings': ({ caller, params }) =>
      pair(ctx, links, caller, params.id),
    'GET /api/openchannel/accounts/:id/pairings/:keyId': async ({ caller, params }) => ({
      state: await stateOf(ctx, caller, params.id, params.keyId),
    }),
  }
}
