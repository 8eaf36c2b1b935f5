/** Routes of people: registering, signing in and out, passwords. */
import { createThrottle, forResets, forSignIns } from '@patchbay/kit/throttle.ts'
import type { cloudPeopleApi } from '@patchbay/protocol/api/cloud-people.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Handlers } from '../access/endpoint.ts'
import { cookieOf } from '../access/serve.ts'
import * as sessions from '../access/sessions.ts'
import type { Actor } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import * as people from './people.ts'

/** `leave` deletes the user, with whatever hangs on him elsewhere. */
export function peopleRoutes(
  ctx: Context,
  leave: (caller: Actor) => Promise<void>,
): Handlers<typeof cloudPeopleApi> {
  const { db } = ctx
  const cookie = cookieOf(ctx)
  const mails = createThrottle(forResets)
  const guesses = createThrottle(forSignIns)

  const visitor = (request: FastifyRequest): people.Visitor => ({
    address: request.ip,
    userAgent: request.headers['user-agent'],
  })
  const letIn = (reply: FastifyReply, token: string): void => {
    reply.setCookie(cookie.name, token, cookie.options)
  }

  async function prove(email: string, password: string, address: string): Promise<number> {
    await guesses.attempt(email, address)
    const userId = await people.checkPassword(db, email, password)
    await guesses.forgive(email, address)
    return userId
  }

  return {
    'POST /api/register': async ({ body, request }) => {
      await mails.attempt(body.email, request.ip)
      await people.register(ctx, body)
      return {}
    },

    'POST /api/verify': async ({ body, request, reply }) => {
      await guesses.attempt(body.email, request.ip)
      const { userId, token } = await people.verify(ctx, body, visitor(request))
      await guesses.forgive(body.email, request.ip)
      letIn(reply, token)
      return people.read(db, userId)
    },

    'POST /api/session': async ({ body, request, reply }) => {
      const userId = await prove(body.email, body.password, request.ip)
      letIn(reply, await sessions.start(db, { userId, ...visitor(request) }))
      return people.read(db, userId)
    },

    'DELETE /api/session': async ({ request, reply }) => {
      const token = request.cookies[cookie.name]
      if (token) await sessions.end(db, token)
      reply.clearCookie(cookie.name, cookie.options)
      return null
    },

    'GET /api/me': ({ caller }) => people.read(db, caller.user.id),

    'PATCH /api/me': async ({ caller, body }) => {
      await people.setLocale(db, caller, body.locale)
      return people.read(db, caller.user.id)
    },

    'DELETE /api/me': async ({ caller, body, reply }) => {
      await prove(caller.user.email, body.password, caller.address)
      await leave(caller)
      reply.clearCookie(cookie.name, cookie.options)
      return null
    },

    'POST /api/me/password': async ({ caller, body }) => {
      const { user, address } = caller
      await prove(user.email, body.currentPassword, address)
      await people.changePassword(db, caller, body.password)
      return null
    },

    'POST /api/password-resets': async ({ body, request }) => {
      await mails.attempt(body.email, request.ip)
      await people.askForReset(ctx, body.email)
      return {}
    },

    'PUT /api/password-resets': async ({ body, request, reply }) => {
      await guesses.attempt(body.email, request.ip)
      const { userId, token } = await people.reset(ctx, body, visitor(request))
      await guesses.forgive(body.email, request.ip)
      letIn(reply, token)
      return people.read(db, userId)
    },
  }
}
