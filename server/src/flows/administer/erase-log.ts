/** Takes the bodies out of an account's delivery log: what was said is gone, that it was said remains. */
import { transaction } from '@patchbay/kit/database.ts'
import type { logApi } from '@patchbay/protocol/api/log.ts'
import type { Handlers } from '../../access/endpoint.ts'
import * as accounts from '../../accounts/accounts.ts'
import { eraseBodies as eraseArrived } from '../../arrivals/arrivals.sql.ts'
import type { Arrivals } from '../../arrivals/arrivals.ts'
import * as audit from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { eraseBodies } from '../../delivery/attempts.ts'
import { eraseCallBodies } from '../../delivery/call-records.ts'

type Routes = Pick<typeof logApi, 'DELETE /api/openchannel/accounts/:id/log'>

export function eraseLogRoutes({ db }: Context, arrivals: Arrivals): Handlers<Routes> {
  return {
    'DELETE /api/openchannel/accounts/:id/log': async ({ caller, params: { id } }) => {
      await accounts.find(db, caller, id)
      // Before, because the bodies go in steps: whoever looks for them learns who erased them, also when a step failed.
      await transaction(db, (tx) =>
        audit.record(tx, caller, { action: 'erased-log', object: 'account', objectId: id }),
      )
      // What is still gathered would be written afterwards.
      await arrivals.flush()
      const sent = (await eraseBodies(db, id)) + (await eraseCallBodies(db, id))
      return { erased: sent + (await eraseArrived(db, id)) }
    },
  }
}
