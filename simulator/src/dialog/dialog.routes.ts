/** The login dialog over HTTP. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Box } from '../box.ts'
import { accept, cancelAddress, type Query, readRequest } from './dialog.ts'
import { choosePersonPage, decidePage, refusalPage } from './dialog-page.ts'
import { languageOf } from './words.ts'

export const DIALOG_PATH = '/dialog/oauth'

// Where the form may lead says the app's list of addresses: browsers hold form-action against redirects too.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"

export function dialogRoutes(app: FastifyInstance, box: Box): void {
  app.get<{ Querystring: Record<string, string> }>(DIALOG_PATH, async (request, reply) => {
    const { query } = request
    const language = languageOf(request.headers['accept-language'])
    const asked = readRequest(box, query)
    if (typeof asked === 'string') return page(reply, 400, refusalPage(asked, language))
    const person = box.world.people.get(query.person ?? '')
    if (!person) return page(reply, 200, choosePersonPage(box, asked, query, language))
    return page(reply, 200, decidePage(box, asked, person, query, language))
  })

  app.post(DIALOG_PATH, async (request, reply) => {
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '')
    const query: Query = Object.fromEntries([
      ...new URL(request.originalUrl, box.origin).searchParams,
      ...form,
    ])
    const language = languageOf(request.headers['accept-language'])
    const asked = readRequest(box, query)
    if (typeof asked === 'string') return page(reply, 400, refusalPage(asked, language))
    if (query.decision === 'cancel') return reply.redirect(cancelAddress(box, asked), 302)
    const person = box.world.people.get(query.person ?? '')
    if (!person) return page(reply, 400, refusalPage('Nobody was chosen.', language))
    const decision = {
      person,
      permissions: form.getAll('permissions'),
      pageIds: form.getAll('pages'),
    }
    return reply.redirect(accept(box, asked, decision), 302)
  })
}

function page(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    .type('text/html; charset=utf-8')
    .send(html)
}
