/** Routes of the pop-ups that triggers show: each agent sees those of the interactions that he has. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { triggersApi } from '@patchbay/protocol/api/triggers.ts'
import { seesAll } from '../../access/access.ts'
import type { Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import { putAway } from '../../triggers/popups.ts'
import { accountsOfMember } from '../../views/known.ts'
import { openPopups } from '../../views/popups.ts'

type Routes = Pick<typeof triggersApi, 'GET /api/openchannel/popups' | 'DELETE /api/openchannel/popups/:id'>

export function popupRoutes({ db, push }: Context): Handlers<Routes> {
  return {
    'GET /api/openchannel/popups': async ({ caller }) => {
      const { id } = caller.user
      const accountIds = seesAll(caller) ? null : await accountsOfMember(db, id)
      const popups = await openPopups(db, [id], (_, accountId) => accountIds?.has(accountId) ?? true)
      const rows = popups.get(id) ?? []
      return { count: rows.length, rows }
    },

    'DELETE /api/openchannel/popups/:id': async ({ caller, params }) => {
      const isGone = await transaction(db, (tx) => putAway(tx, params.id, caller.user.id))
      if (!isGone) throw new Refusal('GE-105')
      push.ring({ users: [caller.user.id] })
      return null
    },
  }
}
