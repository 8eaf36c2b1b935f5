/** Binds the endpoint table to HTTP: who may call, what the call must look like, and what the answer looks like. */
import { sqlState } from '@patchbay/kit/database.ts'
import { requireOwnSite } from '@patchbay/kit/own-site.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { serve as serveTable } from '@patchbay/kit/serve.ts'
import type { Endpoint, Method } from '@patchbay/protocol/endpoint.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireAccess, requireOwnDesk } from './access.ts'
import type { Caller, Handlers } from './endpoint.ts'
import type { Gatekeeper } from './gatekeeper.ts'

export interface ServeOptions {
  gatekeeper: Gatekeeper
  publicUrl: string
  /** Hears of every call that somebody was allowed to make. */
  onCall?: (caller: Caller) => void
  /** Hears of every answer, also of refusals. */
  onAnswer?: (endpoint: string, status: number, durationMs: number) => void
}

export function serve<Table extends Record<string, Endpoint>>(
  app: FastifyInstance,
  table: Table,
  handlers: Handlers<Table>,
  options: ServeOptions,
): void {
  const { gatekeeper, publicUrl, onCall, onAnswer } = options
  serveTable<Table, Caller | null>(app, table, handlers, {
    async admit(request, endpoint, key) {
      const caller = await identify(request, endpoint, gatekeeper)
      try {
        requireOwnSite(request, { via: caller?.via, consumes: endpoint.consumes, publicUrl })
        requireAccess(caller, endpoint.access)
        requireOwnDesk(caller, endpoint.access, key.split(' ', 1)[0] as Method)
      } catch (error) {
        if (caller && error instanceof Refusal) tell(request, key, caller, error)
        throw error
      }
      if (caller) onCall?.(caller)
      return caller
    },
    onAnswer,
    refuse: refuseUnstorable,
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
