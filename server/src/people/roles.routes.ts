/** Routes of roles, and of looking at the desk as somebody else. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { rolesApi } from '@patchbay/protocol/api/roles.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import * as roles from './roles.ts'
import * as users from './users.ts'

type Routes = Omit<typeof rolesApi, 'GET /api/users/:id/rights' | 'DELETE /api/roles/:id'>

const VIEW_MINUTES = 30

export function rolesRoutes({ db, push, gatekeeper }: Context): Handlers<Routes> {
  // Open sessions and sockets look again at once; who may no longer answer is offered nothing.
  const announce = (userIds: readonly number[]): void => {
    for (const userId of userIds) gatekeeper.forget(userId)
    push.ring({ changed: 'users', route: userIds.length > 0 })
  }

  return {
    'GET /api/roles': async () => {
      const rows = await roles.list(db)
      return { count: rows.length, rows }
    },

    'POST /api/roles': ({ caller, body }) => transaction(db, (tx) => roles.create(tx, caller, body)),

    'PATCH /api/roles/:id': async ({ caller, params, body }) => {
      const role = await transaction(db, (tx) => roles.change(tx, caller, params.id, body))
      announce(await roles.usersOf(db, role.id))
      return role
    },

    'POST /api/users/:id/view-as': async ({ caller, params: { id }, request }) => {
      const until = await transaction(db, async (tx) => {
        const user = await users.find(tx, id)
        if (user.disabled || id === caller.user.id) throw new Refusal('PE-111')
        await roles.requireCoverOfUser(tx, caller, id)
        const token = request.cookies[gatekeeper.cookie.name] ?? ''
        const end = await sessions.view(tx, token, id, VIEW_MINUTES)
        const after = { until: end.toISOString() }
        await audit.record(tx, caller, { action: 'view-as-began', object: 'app_user', objectId: id, after })
        return end
      })
      gatekeeper.forget(caller.user.id)
      return { until: until.toISOString() }
    },

    'DELETE /api/me/view-as': async ({ caller, request }) => {
      const { viewer, user } = caller
      if (!viewer) return null
      await transaction(db, async (tx) => {
        await sessions.endViews(tx, [viewer.id], request.cookies[gatekeeper.cookie.name])
        await audit.record(tx, caller, { action: 'view-as-ended', object: 'app_user', objectId: user.id })
      })
      gatekeeper.forget(viewer.id)
      return null
    },
  }
}
