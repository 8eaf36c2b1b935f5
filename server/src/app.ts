/** The contact centre over HTTP: every room's routes, the operator's pages and the desk. */
import cookie from '@fastify/cookie'
import { addBodyParser } from '@patchbay/kit/body.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { parseJson } from '@patchbay/kit/json.ts'
import { type Api, api } from '@patchbay/protocol/api.ts'
import type { Handlers } from './access/endpoint.ts'
import { serve } from './access/serve.ts'
import type { Context } from './context.ts'
import { sessionRoutes } from './people/session.routes.ts'

/** Answers the server, not yet listening. */
export async function createApp(ctx: Context): Promise<Http> {
  const { config, log, gatekeeper } = ctx
  const isHttps = config.publicUrl.startsWith('https:')
  const app = createHttp({ log, trustedProxies: config.trustedProxies, isHttps })
  await app.register(cookie)
  acceptEmptyJson(app)
  serve(app, api, handlers(ctx), { gatekeeper, publicUrl: config.publicUrl })
  return app
}

// Each room adds its routes here, and its raw routes (`await app.register(xPlugin(ctx))`) in createApp.
function handlers(ctx: Context): Partial<Handlers<Api>> {
  return {
    ...sessionRoutes(ctx),
  }
}

// Programs name the content type also where they send nothing, as in POST .../accept.
function acceptEmptyJson(app: Http): void {
  app.removeContentTypeParser('application/json')
  addBodyParser(app, ['application/json', 'text/json'], {
    parse: (text) => (text === '' ? undefined : parseJson(text)),
  })
}
