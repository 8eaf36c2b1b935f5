/** Binds the endpoint table to HTTP: who is calling, from where, and whether he is signed in. */
import { sqlState } from '@patchbay/kit/database.ts'
import { requireOwnSite } from '@patchbay/kit/own-site.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { serve as serveTable } from '@patchbay/kit/serve.ts'
import { type SessionCookie, sessionCookie } from '@patchbay/kit/session-cookie.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { Caller, Handlers } from './endpoint.ts'
import { find } from './sessions.ts'

export const cookieOf = (ctx: Pick<Context, 'config'>): SessionCookie =>
  sessionCookie('cloud', ctx.config.publicUrl)

export function serve<Table extends Record<string, Endpoint>>(
  app: FastifyInstance,
  table: Table,
  handlers: Handlers<Table>,
  ctx: Pick<Context, 'config' | 'db'>,
  onAnswer?: (endpoint: string, status: number, durationMs: number) => void,
): void {
  const { name } = cookieOf(ctx)
  serveTable<Table, Caller | null>(app, table, handlers, {
    async admit(request, endpoint) {
      const token = request.cookies[name]
      const caller = token ? await find(ctx.db, token, request.ip) : null
      const { publicUrl } = ctx.config
      const via = caller ? 'session' : undefined
      requireOwnSite(request, { via, consumes: endpoint.consumes, publicUrl })
      if (endpoint.access !== 'public' && !caller) throw new Refusal('AU-104')
      return caller
    },
    onAnswer,
    refuse: refuseUnstorable,
  })
}

// Class 22: a number beyond its column, a date that no calendar has. The caller sent it, so it is his to mend.
function refuseUnstorable(error: unknown): never {
  if (sqlState(error)?.startsWith('22'))
    throw new Refusal('GE-101', 'A value is out of the range that can be stored.')
  throw error
}
