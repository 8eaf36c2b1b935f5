/** Begins a session for somebody who has just proven who he is. */
import { transaction } from '@patchbay/kit/database.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'

/** Sets the cookie. A session that the browser had before ends, so that nobody can plant one. */
export async function signIn(
  { db, gatekeeper }: Context,
  user: { id: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { cookie } = gatekeeper
  const address = request.ip
  const old = request.cookies[cookie.name]
  const caller = { user, address }
  const { token, endedUserId } = await transaction(db, async (tx) => {
    await audit.record(tx, caller, { action: 'signed-in', object: 'app_user', objectId: user.id })
    const endedUserId = old && (await sessions.end(tx, old))
    const userAgent = request.headers['user-agent']
    return { token: await sessions.start(tx, { userId: user.id, address, userAgent }), endedUserId }
  })
  if (endedUserId) gatekeeper.forget(endedUserId)
  reply.setCookie(cookie.name, token, cookie.options)
}
