/** The contact centre over HTTP: every room's routes, the operator's pages and the desk. */
import cookie from '@fastify/cookie'
import { addBodyParser } from '@patchbay/kit/body.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { parseJson } from '@patchbay/kit/json.ts'
import { type Api, api } from '@patchbay/protocol/api.ts'
import type { Handlers } from './access/endpoint.ts'
import { serve } from './access/serve.ts'
import { accountsRoutes } from './accounts/accounts.routes.ts'
import { openDirectory } from './accounts/directory.ts'
import { echoPlugin } from './accounts/echo.ts'
import type { Context } from './context.ts'
import { keysRoutes } from './people/keys.routes.ts'
import { meRoutes } from './people/me.routes.ts'
import { sessionRoutes } from './people/session.routes.ts'
import { setupRoutes } from './people/setup.routes.ts'
import { teamsRoutes } from './people/teams.routes.ts'
import { usersRoutes } from './people/users.routes.ts'

export interface App {
  http: Http
  /** Starts the engines: call it when the server listens. */
  start(): void
}

/** What it opens it leaves in `resources`; the server itself last, so that it is the first to stop. */
export async function createApp(ctx: Context, resources: AsyncDisposableStack): Promise<App> {
  const { config, log, gatekeeper } = ctx
  const isHttps = config.publicUrl.startsWith('https:')
  const directory = openDirectory(ctx)
  resources.defer(() => directory.close())
  await directory.ready

  const http = createHttp({ log, trustedProxies: config.trustedProxies, isHttps })
  await http.register(cookie)
  acceptEmptyJson(http)
  await http.register(echoPlugin(ctx))
  // Each room and flow adds its routes here.
  const handlers: Partial<Handlers<Api>> = {
    ...sessionRoutes(ctx),
    ...setupRoutes(ctx),
    ...meRoutes(ctx),
    ...usersRoutes(ctx),
    ...teamsRoutes(ctx),
    ...keysRoutes(ctx),
    ...accountsRoutes(ctx, directory),
  }
  serve(http, api, handlers, { gatekeeper, publicUrl: config.publicUrl })
  resources.defer(() => http.close())
  return { http, start: () => {} }
}

// Programs name the content type also where they send nothing, as in POST .../accept.
function acceptEmptyJson(app: Http): void {
  app.removeContentTypeParser('application/json')
  addBodyParser(app, ['application/json', 'text/json'], {
    parse: (text) => (text === '' ? undefined : parseJson(text)),
  })
}
