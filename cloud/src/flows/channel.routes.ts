/** What Meta and contact centres call: read as bytes, since both sign what they send. */

import type { IncomingMessage } from 'node:http'
import { readBytes } from '@patchbay/kit/body.ts'
import { equalInConstantTime } from '@patchbay/kit/crypto.ts'
import type { Http } from '@patchbay/kit/http.ts'
import { UnreadableJson } from '@patchbay/kit/json.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { type Handlers, serve } from '@patchbay/kit/serve.ts'
import { type ChannelApi, channelApi } from '@patchbay/protocol/api/cloud-channels.ts'
import { isSigned } from '../graph/signature.ts'
import { takeReply } from './answer/take-reply.ts'
import type { FlowContext } from './flow-context.ts'
import { takeWebhook } from './webhook/take-webhook.ts'

const BODY_BYTES = 2 * 1024 * 1024

export type OnAnswer = (endpoint: string, status: number, durationMs: number) => void

export async function channelRoutes(http: Http, ctx: FlowContext, onAnswer: OnAnswer): Promise<void> {
  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage) =>
      readBytes(payload, BODY_BYTES, 'GE-106'),
    )
    serve(scope, channelApi, channelHandlers(ctx), { admit: async () => null, onAnswer })
  })
}

function channelHandlers(ctx: FlowContext): Handlers<ChannelApi, null> {
  return {
    async 'GET /webhook/facebook'({ query, reply }) {
      const { verifyToken } = ctx.graph.app()
      const token = query['hub.verify_token'] ?? ''
      const challenge = query['hub.challenge']
      if (
        query['hub.mode'] !== 'subscribe' ||
        !equalInConstantTime(token, verifyToken.reveal()) ||
        challenge === undefined
      )
        throw new Refusal('CL-205')
      reply.type('text/plain; charset=utf-8')
      return challenge
    },

    async 'POST /webhook/facebook'({ request }) {
      const { appSecret } = ctx.graph.app()
      const body = bytesOf(request.body)
      if (!isSigned(body, request.headers['x-hub-signature-256'], appSecret.reveal()))
        throw new Refusal('CL-111')
      try {
        await takeWebhook(ctx, body.toString('utf8'))
      } catch (error) {
        if (error instanceof UnreadableJson) throw new Refusal('GE-108', error.message)
        throw error
      }
      return {}
    },

    'POST /api/reply': ({ request }) => takeReply(ctx, bytesOf(request.body), request.headers),
  }
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
