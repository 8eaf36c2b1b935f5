// Binds an endpoint table to HTTP: whom a call is admitted for, what it must look like, and what the answer looks like.
import type { Answer, Body, Endpoint, Method, Params, Query } from '@patchbay/protocol/endpoint.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createCheck } from './check.ts'

/** `caller` is whatever `admit` answered. */
export interface Call<E extends Endpoint, Caller> {
  readonly params: Params<E>
  readonly query: Query<E>
  readonly body: Body<E>
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Answers the body; a status other than the lowest of the endpoint's is set on `reply`. */
export type Handlers<Table extends Record<string, Endpoint>, Caller> = {
  readonly [K in keyof Table]: (call: Call<Table[K], Caller>) => Promise<Answer<Table[K]>>
}

export interface Serving<Caller> {
  /** Asked before the body is read: strangers may not make us read it. Throws what refuses the call. */
  admit(request: FastifyRequest, endpoint: Endpoint, key: string): Promise<Caller>
  /** Hears of every answer, also of refusals. */
  onAnswer?: ((key: string, status: number, durationMs: number) => void) | undefined
  /** Makes a refusal of what a handler threw, or throws it on. */
  refuse?: (error: unknown) => never
}

export function serve<Table extends Record<string, Endpoint>, Caller>(
  app: FastifyInstance,
  table: Table,
  // Each takes a call of its own endpoint's shape, which `Handlers`, or a narrower type of the program, has checked.
  handlers: { readonly [K in keyof Table]: (call: never) => Promise<unknown> },
  serving: Serving<Caller>,
): void {
  for (const [key, endpoint] of Object.entries(table)) {
    const handler = handlers[key] as (call: Call<Endpoint, Caller>) => Promise<unknown>
    serveOne(app, key, endpoint, handler, serving)
  }
}

function serveOne<Caller>(
  app: FastifyInstance,
  key: string,
  endpoint: Endpoint,
  handler: (call: Call<Endpoint, Caller>) => Promise<unknown>,
  serving: Serving<Caller>,
): void {
  const [method, url] = key.split(' ') as [Method, string]
  const usualStatus = Math.min(...Object.keys(endpoint.response).map(Number))
  const checkParams = endpoint.params && createCheck(endpoint.params, 'params')
  const checkQuery = endpoint.query && createCheck(endpoint.query, 'querystring')
  const checkBody = endpoint.body && createCheck(endpoint.body, 'body')
  const callers = new WeakMap<FastifyRequest, Caller>()

  app.route({
    method,
    url,
    schema: { response: endpoint.response },
    onRequest: async (request) => {
      callers.set(request, await serving.admit(request, endpoint, key))
    },
    onResponse: async (_request, reply) => serving.onAnswer?.(key, reply.statusCode, reply.elapsedTime),
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
      const answer = await handler(call).catch(serving.refuse)
      return reply.sent ? reply : (answer ?? reply.send())
    },
  })
}
