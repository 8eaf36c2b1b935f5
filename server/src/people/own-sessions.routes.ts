/** Where a user is signed in, and ending it there. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { signInApi } from '@patchbay/protocol/api/sign-in.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'

type Routes = Pick<
  typeof signInApi,
  'GET /api/me/sessions' | 'DELETE /api/me/sessions/:id' | 'DELETE /api/me/sessions'
>

export function ownSessionsRoutes({ db, gatekeeper }: Context): Handlers<Routes> {
  const { cookie } = gatekeeper

  return {
    'GET /api/me/sessions': async ({ caller, request }) => {
      const rows = await sessions.list(db, caller.user.id, request.cookies[cookie.name] ?? '')
      return {
        rows: rows.map((row) => ({
          id: row.id,
          current: row.isCurrent,
          via: row.via as sessions.SignInWay,
          address: row.address,
          userAgent: row.user_agent,
          createdAt: row.created_at.toISOString(),
          lastUsedAt: row.last_used_at.toISOString(),
        })),
      }
    },

    'DELETE /api/me/sessions/:id': async ({ caller, params }) => {
      const { id } = caller.user
      await transaction(db, async (tx) => {
        if (!(await sessions.endOne(tx, id, params.id)))
          throw new Refusal('GE-105', 'There is no such session of yours.')
        await audit.record(tx, caller, { action: 'ended-session', object: 'app_user', objectId: id })
      })
      gatekeeper.forget(id)
      return null
    },

    'DELETE /api/me/sessions': async ({ caller, request }) => {
      const { id } = caller.user
      await transaction(db, async (tx) => {
        await sessions.endAll(tx, id, request.cookies[cookie.name])
        await audit.record(tx, caller, { action: 'ended-other-sessions', object: 'app_user', objectId: id })
      })
      gatekeeper.forget(id)
      return null
    },
  }
}
