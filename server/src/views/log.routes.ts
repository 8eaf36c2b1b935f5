/** The delivery log, the health drawn from it, and the way of one message. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { logApi } from '@patchbay/protocol/api/log.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as accounts from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { healthOf } from './health.ts'
import { hopsOf } from './hops.ts'
import * as log from './log.ts'

type Routes = Omit<typeof logApi, 'DELETE /api/openchannel/accounts/:id/log'>

export function logRoutes({ db, config }: Context): Handlers<Routes> {
  return {
    'GET /api/openchannel/accounts/:id/log': async ({ caller, params, query }) => {
      await accounts.find(db, caller, params.id)
      return log.list(db, params.id, query)
    },
    'GET /api/openchannel/accounts/:id/log/:entryId': async ({ caller, params }) => {
      await accounts.find(db, caller, params.id)
      return log.entry(db, params.id, params.entryId, config.publicUrl)
    },
    'GET /api/openchannel/accounts/:id/health': async ({ caller, params }) => {
      const [health] = await healthOf(db, caller, [params.id])
      if (!health) throw new Refusal('GE-105', `There is no account ${params.id}, or you may not see it.`)
      return health
    },
    'GET /api/openchannel/health': async ({ caller, query }) => ({
      rows: await healthOf(db, caller, query.accountIds),
    }),
    'GET /api/openchannel/messages/:id/hops': ({ caller, params }) => hopsOf(db, caller, params.id),
  }
}
