/** What Meta tells of people who take their permission back, or want what is kept about them deleted. */
import { randomBytes } from 'node:crypto'
import { addBodyParser } from '@patchbay/kit/body.ts'
import { transaction } from '@patchbay/kit/database.ts'
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Context } from '../context.ts'
import { readSignedRequest, type SignedRequest } from '../graph/signed-request.ts'
import * as deletions from '../integrations/deletions.ts'
import * as logins from '../integrations/logins.ts'
import { acceptedLanguage } from '../texts/accepted.ts'
import { deletionPage } from './deletion-page.ts'

const FORM_BYTES = 64 * 1024

/** Routes of their own, since Meta sends forms, knows no JSON problem, and its addresses stand in its dashboard. */
export async function callbackRoutes(http: Http, ctx: Context): Promise<void> {
  await http.register(async (app) => {
    addBodyParser(app, ['application/x-www-form-urlencoded'], {
      parse: (text) => Object.fromEntries(new URLSearchParams(text)),
      limitBytes: () => FORM_BYTES,
    })

    app.post('/webhook/facebook/deauthorize', async (request) => {
      await takeBack(ctx, read(ctx, request.body))
      return { success: true }
    })

    app.post('/webhook/facebook/data-deletion', async (request) => {
      const about = read(ctx, request.body)
      const code = randomBytes(12).toString('hex')
      await takeBack(ctx, about, code)
      return { url: `${ctx.config.publicUrl}/deletion?id=${code}`, confirmation_code: code }
    })

    app.get<{ Querystring: { id?: unknown } }>('/deletion', async (request, reply) => {
      const { id } = request.query
      const found = typeof id === 'string' ? await deletions.find(ctx.db, id.slice(0, 100)) : undefined
      reply.type('text/html; charset=utf-8').header('vary', 'Accept-Language')
      return deletionPage(acceptedLanguage(request.headers['accept-language']), found)
    })
  })
}

function read({ graph, log }: Context, body: unknown): SignedRequest {
  const { signed_request: text } = (body ?? {}) as { signed_request?: unknown }
  const found = readSignedRequest(text, graph.app().appSecret.reveal())
  if (found) return found
  log.warn('a call that says it is Meta’s is not signed with the secret of the app')
  throw new Refusal('CL-111')
}

/** Tokens go at once. With `code` also everything else that names the person. */
async function takeBack(ctx: Context, about: SignedRequest, code?: string): Promise<void> {
  const { facebookUserId, pageId } = about
  await transaction(ctx.db, async (tx) => {
    if (facebookUserId !== null) {
      await logins.forgetPerson(tx, facebookUserId)
      await deletions.disconnect(tx, 'facebook_user_id', facebookUserId)
      if (code !== undefined) await deletions.erasePerson(tx, facebookUserId)
    } else if (pageId !== null) await deletions.disconnect(tx, 'page_id', pageId)
    if (code !== undefined) await deletions.record(tx, code)
  })
}
