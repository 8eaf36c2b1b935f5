/** Binds the endpoint table to HTTP: who may call, what the call must look like, and what the answer looks like. */
import { createCheck } from '@patchbay/kit/check.ts'
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Endpoint, Method } from '@patchbay/protocol/endpoint.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireAccess, requireOwnDesk } from './access.ts'
import type { Call, Caller, Handlers } from './endpoint.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { requireOwnSite } from './origin.ts'

export interface ServeOptions {
  gatekeeper: Gatekeeper
  publicUrl: string
  /** Hears of every call that somebody was allowed to make. */
  onCall?: (caller: Caller) => void
  /** Hears of every answer, also of refusals. */
  onAnswer?: (endpoint: string, status: number, durationMs: number) => void
}

type AnyHandler = (call: Call<Endpoint>) => Promise<unknown>

const callers = new WeakMap<FastifyRequest, Caller | null>()

export function serve<Table extends Record<string, Endpoint>>(
  app: FastifyInstance,
  table: Table,
  handlers: Handlers<Table>,
  options: ServeOptions,
): void {
  for (const [key, endpoint] of Object.entries(table)) {
    serveOne(app, key, endpoint, handlers[key] as AnyHandler, options)
  }
}

function serveOne(
  app: FastifyInstance,
  key: string,
  endpoint: Endpoint,
  handler: AnyHandler,
  options: ServeOptions,
): void {
  const [method, url] = key.split(' ') as [Method, string]
  const usualStatus = Math.min(...Object.keys(endpoint.response).map(Number))
  const checkParams = endpoint.params && createCheck(endpoint.params, 'params')
  const checkQuery = endpoint.query && createCheck(endpoint.query, 'querystring')
  const checkBody = endpoint.body && createCheck(endpoint.body, 'body')

  app.route({
    method,
    url,
    schema: { response: endpoint.response },
    // Before the body is read: strangers may not make us read it.
    onRequest: async (request) => {
      const caller = await identify(request, endpoint, options.gatekeeper)
      try {
        requireOwnSite(request, endpoint, caller, options.publicUrl)
        requireAccess(caller, endpoint.access)
        requireOwnDesk(caller, endpoint.access, method)
      } catch (error) {
        if (caller && error instanceof Refusal) tell(request, key, caller, error)
        throw error
      }
      callers.set(request, caller)
      if (caller) options.onCall?.(caller)
    },
    onResponse: async (_request, reply) => options.onAnswer?.(key, reply.statusCode, reply.elapsedTime),
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const call = {
        params: checkParams?.(request.params) ?? {},
        query: checkQuery?.(request.query) ?? {},
        body: checkBody?.(request.body),
        caller: callers.get(request) as Caller,
        request,
        reply,
      }
      reply.code(usualStatus)
      const answer = await handler(call).catch(refuseUnstorable)
      return reply.sent ? reply : (answer ?? reply.send())
    },
  })
}

// Somebody who is known asks for what is not his: a slip, a key of too few scopes, or the beginning of something.
function tell(
  request: FastifyRequest,
  endpoint: string,
  { user, keyId, address }: Caller,
  { code }: Refusal,
): void {
  request.log.info({ refusal: code, endpoint, userId: user.id, keyId, address }, 'a call was refused')
}

// Class 22: a number beyond its column, a date that no calendar has. The caller sent it, so it is his to mend.
function refuseUnstorable(error: unknown): never {
  if (sqlState(error)?.startsWith('22'))
    throw new Refusal('GE-101', 'A value is out of the range that can be stored.')
  throw error
}

// Where anybody may call, a session that ended is no reason to refuse: signing in again is such a call.
async function identify(
  request: FastifyRequest,
  endpoint: Endpoint,
  gatekeeper: Gatekeeper,
): Promise<Caller | null> {
  try {
    return await gatekeeper.authenticate(request)
  } catch (error) {
    if (endpoint.access === 'public' && error instanceof Refusal && error.status === 401) return null
    throw error
  }
}
