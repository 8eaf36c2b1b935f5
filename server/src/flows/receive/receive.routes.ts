/** The Receive URL over HTTP. It stands outside the endpoint table: senders speak several dialects, and it is the hot path. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import type { Arrivals } from '../../arrivals/arrivals.ts'
import type { Context } from '../../context.ts'
import { findByCaller, findByToken } from './receive-access.ts'
import { arrive, type Frame } from './receive-arriving.ts'
import { openBatches } from './receive-batch.ts'
import { readBodiesInHandler } from './receive-body.ts'
import { createLimiter } from './receive-limits.ts'
import { createTake } from './receive-take.ts'

const paths = ['notify', 'receive'].flatMap((name) => [
  `/api/openchannel/accounts/:id/${name}`,
  `/api/openchannel/accounts/:id/${name}/`,
])

export function receivePlugin(ctx: Context, directory: Directory, arrivals: Arrivals) {
  return async (app: FastifyInstance): Promise<void> => {
    const batches = openBatches(ctx)
    const take = createTake(ctx, batches)
    const frame: Frame = { ctx, directory, arrivals, limiter: createLimiter(), event: 'message' }
    app.addHook('onClose', () => batches.close())
    readBodiesInHandler(app)

    const post = async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
      const answer = await arrive(frame, request, async (account, arriving) => {
        const accepted = await take(request, account, arriving)
        return {
          answer: JSON.stringify(accepted),
          interactionId: accepted.interaction.id,
          messageId: accepted.message.id,
          isDuplicate: accepted.duplicate,
        }
      })
      // A handler that answers the reply itself would make the framework wait for the end of its stream.
      reply.type('application/json')
      return answer
    }

    const get = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const account = findByToken(directory, request) ?? (await findByCaller(ctx, directory, request))
      return sayAlive(account, request, reply)
    }

    for (const path of paths) {
      app.post(path, post)
      app.get(path, get)
    }
  }
}

function sayAlive(account: AccountEntry, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const hint = 'POST a message here: from, body and mapKey, as JSON or as a form.'
  if (!request.headers.accept?.includes('text/html'))
    return reply.send({ status: 'alive', account: { id: account.id, name: account.name }, hint })
  const page = `<!doctype html><html lang="en"><title>Receive URL</title><h1>This Receive URL is alive</h1>
<p>It belongs to the account <b>${escapeHtml(account.name)}</b>. ${hint}</p></html>`
  return reply.type('text/html; charset=utf-8').send(page)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
