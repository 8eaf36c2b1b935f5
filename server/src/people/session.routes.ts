/** Signing in and out, and who is signed in. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { readMe } from './me.ts'

type Table = Pick<typeof sessionApi, 'POST /api/session' | 'DELETE /api/session' | 'GET /api/me'>

export function sessionRoutes(ctx: Context): Handlers<Table> {
  const { db, gatekeeper } = ctx
  const { cookie } = gatekeeper

  return {
    'POST /api/session': async ({ body, request, reply }) => {
      const user = await gatekeeper.checkPassword(body.email, body.password, request.ip)
      const caller = { user, via: 'session', scopes: null, keyId: null, address: request.ip } as const
      const old = request.cookies[cookie.name]
      const token = await transaction(db, async (tx) => {
        if (old) await sessions.end(tx, old)
        await audit.record(tx, caller, { action: 'signed-in', object: 'app_user', objectId: user.id })
        const userAgent = request.headers['user-agent']
        return sessions.start(tx, { userId: user.id, address: request.ip, userAgent })
      })
      reply.setCookie(cookie.name, token, cookie.options)
      return readMe(ctx, user.id)
    },

    'DELETE /api/session': async ({ request, reply }) => {
      const token = request.cookies[cookie.name]
      const userId = token && (await sessions.end(db, token))
      if (userId) gatekeeper.forget(userId)
      reply.clearCookie(cookie.name, cookie.options)
      return null
    },

    'GET /api/me': async ({ caller }) => {
      const me = await readMe(ctx, caller.user.id)
      if (!me) throw new Refusal('AU-104')
      return me
    },
  }
}
