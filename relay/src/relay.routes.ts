/** What the relay passes on: the addresses of accounts, and attachments. */
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { away, forward } from './forward.ts'
import type { Limits } from './limits.ts'
import type { Links } from './links.ts'
import type { Registry } from './registry.ts'
import { findWay, isRelayed } from './way.ts'

export interface RelayRoutesOptions {
  registry: Registry
  links: Links
  limits: Limits
  /** Hears of every request: `relayed`, or the code of its refusal. */
  onRequest: (outcome: string) => void
}

export function relayRoutes(http: Http, options: RelayRoutesOptions): void {
  const { registry, links, limits, onRequest } = options

  const pass = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const url = new URL(request.url, 'http://relay')
    if (!isRelayed(url.pathname)) throw new Refusal('GE-105')
    const { serverId, digest } = findWay(registry, url, request.headers.authorization)
    const link = links.pick(serverId)
    if (!link) throw away()
    const leave = limits.enter(digest)
    try {
      await forward(link, request, reply)
    } finally {
      leave()
    }
    return reply
  }

  http.register(async (scope) => {
    // Bodies pass as they come, whatever they are.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.addHook('onError', async (_request, _reply, error) => {
      onRequest(error instanceof Refusal ? error.code : 'error')
    })
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const answer = await pass(request, reply)
      onRequest('relayed')
      return answer
    }
    for (const url of ['/api/openchannel/accounts/*', '/api/attachments', '/api/attachments/*'])
      scope.route({ method: ['GET', 'HEAD', 'POST'], url, handler, exposeHeadRoute: false })
  })
}
