/** The CDN over HTTP: files by signed addresses, without a token, and its faults. */
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Box } from '../box.ts'
import { readUrl } from './files.ts'

export function cdnRoutes(app: FastifyInstance, box: Box): void {
  app.get<{ Querystring: Record<string, string> }>('/v/*', async (request, reply) => {
    const { cdn } = box.faults
    if (cdn.delayMs) await wait(cdn.delayMs)
    if (cdn.status) return reply.code(cdn.status).type('text/plain').send('Bad URL')
    const file = readUrl(box, request.originalUrl.split('?')[0] ?? '', request.query)
    if (!file) return reply.code(403).type('text/plain').send('URL signature expired')
    const bytes = cdn.sizeBytes === undefined ? file.bytes : Buffer.alloc(cdn.sizeBytes, file.bytes)
    return reply
      .headers({
        'cache-control': 'max-age=1209600, no-transform',
        'x-content-type-options': 'nosniff',
        // Not a page of ours, whatever is in it.
        'content-security-policy': "default-src 'none'; sandbox",
      })
      .type(cdn.type ?? file.type)
      .send(bytes)
  })
}
