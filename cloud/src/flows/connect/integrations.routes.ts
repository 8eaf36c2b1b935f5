/** Routes of integrations: making, reading, changing, checking, deleting. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { createThrottle } from '@patchbay/kit/throttle.ts'
import type { cloudIntegrationsApi } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import * as integrations from '../../integrations/integrations.ts'
import { bind, type Chosen, change, reconnect, unbind } from './bind.ts'
import { checkTarget, fetchTarget } from './centre.ts'
import { check } from './check.ts'

type Routes = Omit<
  typeof cloudIntegrationsApi,
  | 'GET /connect/facebook'
  | 'GET /connect/facebook/callback'
  | 'GET /api/facebook'
  | 'DELETE /api/facebook'
  | 'GET /api/pages'
>

/** Each of them calls an address that somebody typed. */
const forChecks = { perUser: 60, perAddress: 120, inAll: 600 }

export function integrationsRoutes(
  ctx: Context,
  claim: (caller: Caller, code: string) => Promise<Chosen>,
): Handlers<Routes> {
  const { db } = ctx
  const checks = createThrottle(forChecks)

  return {
    'POST /api/targets/check': async ({ caller, body }) => {
      await checks.attempt(`user:${caller.user.id}`, caller.address)
      const found = await checkTarget(ctx.door, body)
      return { ok: found.every(({ ok }) => ok), checks: found }
    },

    'POST /api/integrations': async ({ caller, body }) => {
      const { kind = 'facebook', pageId, receiveUrl, apiKey, pairingCode, ...options } = body
      const userId = caller.user.id
      await checks.attempt(`user:${userId}`, caller.address)
      const choose = async (): Promise<Chosen> => {
        if (pairingCode !== undefined) return claim(caller, pairingCode)
        if (receiveUrl === undefined)
          throw new Refusal('GE-101', 'receiveUrl or pairingCode is missing.', { field: 'receiveUrl' })
        if (apiKey === undefined) throw new Refusal('GE-101', 'apiKey is missing.', { field: 'apiKey' })
        return { target: await fetchTarget(ctx.door, { receiveUrl, apiKey }) }
      }
      return integrations.toIntegration(await bind(ctx, caller, { kind, pageId }, choose, options))
    },

    'GET /api/integrations': async ({ caller }) => {
      const rows = (await integrations.list(db, caller.user.id)).map(integrations.toIntegration)
      return { count: rows.length, rows }
    },

    'GET /api/integrations/:id': async ({ caller, params }) =>
      integrations.toIntegration(await integrations.find(db, caller.user.id, params.id)),

    'PATCH /api/integrations/:id': async ({ caller, params, body }) =>
      integrations.toIntegration(await change(ctx, caller, params.id, body)),

    'DELETE /api/integrations/:id': async ({ caller, params }) => {
      await unbind(ctx, caller, params.id)
      return null
    },

    'POST /api/integrations/:id/check': async ({ caller, params }) => {
      await checks.attempt(`user:${caller.user.id}`, caller.address)
      return check(ctx, caller.user.id, params.id)
    },

    'POST /api/integrations/:id/reconnect': async ({ caller, params }) =>
      integrations.toIntegration(await reconnect(ctx, caller, params.id)),
  }
}
