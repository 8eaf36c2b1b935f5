/** Begins a session for somebody who has just proven who he is, or asks for what is still to prove. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { CodeWanted, Me } from '@patchbay/protocol/api/session.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { startChallenge } from '../access/challenges.ts'
import * as sessions from '../access/sessions.ts'
import { rulesOf } from '../access/sign-in-rules.ts'
import * as audit from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { readMe } from './me.ts'

/** For a right password: a session, or with 202 the challenge of the second step. */
export async function admit(
  ctx: Context,
  user: { id: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Me | CodeWanted> {
  const { hasSecondFactor, needsSecondFactor, isPasswordRefused } = await rulesOf(ctx.db, user.id)
  if (isPasswordRefused) throw new Refusal('AU-113')
  if (hasSecondFactor || needsSecondFactor) {
    const step = hasSecondFactor ? 'code' : 'set-up'
    const { challenge, expiresAt } = await startChallenge(ctx.db, user.id, step)
    reply.code(202)
    return { challenge, step, expiresAt: expiresAt.toISOString() }
  }
  await signIn(ctx, user, request, reply, 'password')
  return readMe(ctx, user.id)
}

/** Sets the cookie. A session that the browser had before ends, so that nobody can plant one. `first` is of the same transaction. */
export async function signIn(
  { db, gatekeeper }: Context,
  user: { id: number },
  request: FastifyRequest,
  reply: FastifyReply,
  via: sessions.SignInWay,
  first?: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  const { cookie } = gatekeeper
  const address = request.ip
  const old = request.cookies[cookie.name]
  const caller = { user, address }
  const { token, endedUserId } = await transaction(db, async (tx) => {
    await first?.(tx)
    const entry = { action: 'signed-in', object: 'app_user', objectId: user.id, after: { via } }
    await audit.record(tx, caller, entry)
    const endedUserId = old && (await sessions.end(tx, old))
    const userAgent = request.headers['user-agent']
    return { token: await sessions.start(tx, { userId: user.id, address, userAgent, via }), endedUserId }
  })
  if (endedUserId) gatekeeper.forget(endedUserId)
  reply.setCookie(cookie.name, token, cookie.options)
}
