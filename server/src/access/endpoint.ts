/** What a handler of an endpoint is given and must answer. An endpoint without a handler does not compile. */
import type { Answer, Body, Endpoint, Params, Query, Scope } from '@patchbay/protocol/endpoint.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from './identity.ts'

export interface Caller {
  readonly user: Readonly<Identity['user']>
  /** Who looks at the desk as the user, and may change nothing; null: the user himself. */
  readonly viewer: Identity['viewer']
  readonly via: 'session' | 'key' | 'basic'
  /** null: signed in as the user himself, or the key has all his rights. */
  readonly scopes: readonly Scope[] | null
  readonly keyId: number | null
  readonly address: string
}

/** `caller` is null only where the endpoint's access is `public` and nobody is signed in. */
export interface Call<E extends Endpoint> {
  readonly params: Params<E>
  readonly query: Query<E>
  readonly body: Body<E>
  readonly caller: E['access'] extends 'public' ? Caller | null : Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Answers the body; a status other than the lowest of the endpoint's is set on `reply`. */
export type Handler<E extends Endpoint> = (call: Call<E>) => Promise<Answer<E>>
export type Handlers<Table extends Record<string, Endpoint>> = {
  readonly [K in keyof Table]: Handler<Table[K]>
}
