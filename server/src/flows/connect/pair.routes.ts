/** Routes of pairing an account with the cloud. */
import type { pairingApi } from '@patchbay/protocol/api/pairing.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { pair, stateOf } from './pair.ts'

export function pairRoutes(ctx: Context): Handlers<typeof pairingApi> {
  return {
    'GET /api/openchannel/cloud': async () => ({ cloudUrl: ctx.config.cloudUrl ?? null }),
    'POST /api/openchannel/accounts/:id/pairings': ({ caller, params }) => pair(ctx, caller, params.id),
    'GET /api/openchannel/accounts/:id/pairings/:keyId': async ({ caller, params }) => ({
      state: await stateOf(ctx, caller, params.id, params.keyId),
    }),
  }
}
