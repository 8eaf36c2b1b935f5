/** What a channel reports beside messages, at the siblings of the Receive URL: the same token, the same rules for bodies, an own rate. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyInstance } from 'fastify'
import type { Directory } from '../../accounts/directory.ts'
import { findByCaller, findByToken } from '../receive/receive-access.ts'
import { bodyKind, readFields } from '../receive/receive-body.ts'
import { createLimiter } from '../receive/receive-limits.ts'
import { takeEvent } from './report-event.ts'
import { type ReportContext, type TakeReport, toGiven } from './report-fields.ts'
import { takeReceipt } from './report-receipt.ts'
import { takeTyping } from './report-typing.ts'

const takers: Readonly<Record<string, TakeReport>> = {
  receipts: takeReceipt,
  typing: takeTyping,
  events: takeEvent,
}

export function reportPlugin(ctx: ReportContext, directory: Directory) {
  return async (app: FastifyInstance): Promise<void> => {
    // The handler reads the body, as at the Receive URL.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const [name, take] of Object.entries(takers)) {
      // Of its own each: somebody who types much must keep no receipt from coming in, and neither a message.
      const limiter = createLimiter()
      for (const path of [name, `${name}/`])
        app.post(`/api/openchannel/accounts/:id/${path}`, async (request) => {
          const account = findByToken(directory, request) ?? (await findByCaller(ctx, directory, request))
          const leave = limiter.enter(account)
          try {
            const kind = bodyKind(request.raw)
            if (kind === 'multipart') throw new Refusal('OC-108', 'Files are taken at the Receive URL alone.')
            return await take(
              ctx,
              account,
              toGiven(await readFields(request.raw, kind, account.bodyLimitBytes)),
            )
          } finally {
            leave()
          }
        })
    }
  }
}
