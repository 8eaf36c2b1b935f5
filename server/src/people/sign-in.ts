/** Begins a session for somebody who has just proven who he is. */
import type { FastifyRequest } from 'fastify'
import type { Identity } from '../access/identity.ts'
import * as sessions from '../access/sessions.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'

/** Answers the token for the cookie. A session that the browser had before ends, so that nobody can plant one. */
export async function beginSession(
  { gatekeeper }: Context,
  tx: Tx,
  user: Identity['user'],
  request: FastifyRequest,
): Promise<string> {
  const address = request.ip
  const old = request.cookies[gatekeeper.cookie.name]
  if (old) await sessions.end(tx, old)
  const caller = { user, via: 'session', scopes: null, keyId: null, address } as const
  await audit.record(tx, caller, { action: 'signed-in', object: 'app_user', objectId: user.id })
  return sessions.start(tx, { userId: user.id, address, userAgent: request.headers['user-agent'] })
}
