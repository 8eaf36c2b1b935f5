/** Signing in and out. */
import { transaction } from '@patchbay/kit/database.ts'
import type { sessionApi } from '@patchbay/protocol/api/session.ts'
import type { Handlers } from '../access/endpoint.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { admit } from './sign-in.ts'

type Routes = Pick<typeof sessionApi, 'POST /api/session' | 'DELETE /api/session'>

async function end(tx: Tx, token: string, address: string): Promise<number | undefined> {
  const userId = await sessions.end(tx, token)
  if (userId !== undefined)
    await audit.record(
      tx,
      { user: { id: userId }, address },
      { action: 'signed-out', object: 'app_user', objectId: userId },
    )
  return userId
}

/** `onSignedOut`: a session of the user has ended by his own will. */
export function sessionRoutes(
  ctx: Context,
  onSignedOut: (userId: number) => Promise<void>,
): Handlers<Routes> {
  const { db, gatekeeper } = ctx
  const { cookie } = gatekeeper

  return {
    'POST /api/session': async ({ body, request, reply }) => {
      const user = await gatekeeper.checkPassword(body.email, body.password, request.ip)
      return admit(ctx, user, request, reply)
    },

    'DELETE /api/session': async ({ request, reply }) => {
      const token = request.cookies[cookie.name]
      const userId = token && (await transaction(db, (tx) => end(tx, token, request.ip)))
      if (userId) {
        gatekeeper.forget(userId)
        await onSignedOut(userId)
      }
      reply.clearCookie(cookie.name, cookie.options)
      return null
    },
  }
}
