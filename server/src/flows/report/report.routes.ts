/** What a channel reports beside messages, at the siblings of the Receive URL: the same token, the same rules for bodies, an own rate. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyInstance } from 'fastify'
import type { Directory } from '../../accounts/directory.ts'
import { type ArrivalEvent, type Arrivals, notes } from '../../arrivals/arrivals.ts'
import { arrive, type Frame } from '../receive/receive-arriving.ts'
import { bodyKind, readBodiesInHandler, readFields, readText } from '../receive/receive-body.ts'
import { createLimiter } from '../receive/receive-limits.ts'
import { expectSignature } from '../receive/receive-signature.ts'
import { takeEvent } from './report-event.ts'
import { type ReportContext, type TakeReport, toGiven } from './report-fields.ts'
import { takeReceipt } from './report-receipt.ts'
import { takeTyping } from './report-typing.ts'

const takers: Readonly<Record<string, { event: ArrivalEvent; take: TakeReport }>> = {
  receipts: { event: 'receipt', take: takeReceipt },
  typing: { event: 'typing', take: takeTyping },
  events: { event: 'event', take: takeEvent },
}

export function reportPlugin(ctx: ReportContext, directory: Directory, arrivals: Arrivals) {
  return async (app: FastifyInstance): Promise<void> => {
    readBodiesInHandler(app)
    for (const [name, { event, take }] of Object.entries(takers)) {
      // Of its own each: somebody who types much must keep no receipt from coming in, and neither a message.
      const frame: Frame = { ctx, directory, arrivals, limiter: createLimiter(), event }
      for (const path of [name, `${name}/`])
        app.post(`/api/openchannel/accounts/:id/${path}`, async (request, reply) => {
          const answer = await arrive(frame, request, async (account, arriving) => {
            const kind = bodyKind(request.raw)
            if (kind === 'multipart') throw new Refusal('OC-108', 'Files are taken at the Receive URL alone.')
            const checkSignature = expectSignature(request.raw, account)
            const text = await readText(request.raw, account.bodyLimitBytes)
            arriving.body = text
            checkSignature?.()
            if (kind === 'form') arriving.notes |= notes.form
            const taken = await take(ctx, account, toGiven(readFields(text, kind, request.raw)))
            return { answer: JSON.stringify(taken), interactionId: 0, messageId: 0, isDuplicate: false }
          })
          reply.type('application/json')
          return answer
        })
    }
  }
}
