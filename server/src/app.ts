/** The contact centre over HTTP: every room's routes, the operator's pages and the desk. */
import cookie from '@fastify/cookie'
import { addBodyParser } from '@patchbay/kit/body.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { parseJson } from '@patchbay/kit/json.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { type Api, api } from '@patchbay/protocol/api.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import type { Handlers } from './access/endpoint.ts'
import { serve } from './access/serve.ts'
import { accountsRoutes } from './accounts/accounts.routes.ts'
import { openDirectory } from './accounts/directory.ts'
import { echoPlugin } from './accounts/echo.ts'
import {
  attachmentAliases,
  attachmentAliasRoutes,
  attachmentsRoutes,
} from './attachments/attachments.routes.ts'
import { startExpiry } from './attachments/expiry.ts'
import { contactsRoutes } from './contacts/contacts.routes.ts'
import type { Context } from './context.ts'
import { connectRoutes } from './flows/connect.routes.ts'
import { deleteUnusedRoutes } from './flows/delete-unused.routes.ts'
import { startDeliveries } from './flows/deliver.ts'
import { deskRoutes } from './flows/desk.routes.ts'
import { deskSocket } from './flows/desk-socket.ts'
import { editContactRoutes } from './flows/edit-contact.routes.ts'
import { interactionsRoutes } from './flows/interactions.routes.ts'
import { receivePlugin } from './flows/receive.routes.ts'
import { replyRoutes } from './flows/reply.routes.ts'
import { startRouter } from './flows/router.ts'
import { saveAccountRoutes } from './flows/save-account.routes.ts'
import { saveQueueRoutes } from './flows/save-queue.routes.ts'
import { apiPages } from './pages/apidoc.ts'
import { deskPages } from './pages/desk.ts'
import { errorsPage } from './pages/errors.ts'
import { healthPages } from './pages/health.ts'
import { keysRoutes } from './people/keys.routes.ts'
import { meRoutes } from './people/me.routes.ts'
import { sessionRoutes } from './people/session.routes.ts'
import { setupRoutes } from './people/setup.routes.ts'
import { teamsRoutes } from './people/teams.routes.ts'
import { usersRoutes } from './people/users.routes.ts'
import { createLeases } from './routing/leases.ts'
import { version } from './version.ts'
import { createBoard } from './views/board.ts'
import { contactViewRoutes } from './views/contacts.ts'
import { historyRoutes } from './views/history.ts'
import { listViewRoutes } from './views/lists.ts'
import { queueViewRoutes } from './views/queues.ts'
import { viewsRoutes } from './views/views.routes.ts'

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
  leaveMultipart(http)
  await http.register(echoPlugin(ctx))
  await http.register(receivePlugin(ctx, directory))
  healthPages(http, ctx)
  errorsPage(http)
  await apiPages(http, version)
  await deskPages(http)
  const board = createBoard(ctx.db)
  await deskSocket(http, ctx, board)
  // Each room and flow adds its routes here.
  const handlers: Partial<Handlers<Api>> = {
    ...sessionRoutes(ctx),
    ...setupRoutes(ctx),
    ...meRoutes(ctx),
    ...usersRoutes(ctx),
    ...teamsRoutes(ctx),
    ...keysRoutes(ctx),
    ...accountsRoutes(ctx, directory),
    ...attachmentsRoutes(ctx),
    ...saveAccountRoutes(ctx, directory),
    ...connectRoutes(ctx, directory),
    ...contactsRoutes(ctx),
    ...editContactRoutes(ctx),
    ...deleteUnusedRoutes(ctx),
    ...saveQueueRoutes(ctx),
    ...contactViewRoutes(ctx),
    ...historyRoutes(ctx),
    ...listViewRoutes(ctx),
    ...queueViewRoutes(ctx),
    ...interactionsRoutes(ctx),
    ...replyRoutes(ctx, directory),
    ...deskRoutes(ctx),
    ...viewsRoutes(ctx, board),
  }
  const leases = createLeases(ctx)
  resources.defer(() => leases.close())
  const serving = { gatekeeper, publicUrl: config.publicUrl, onCall: leases.seen }
  serve(http, api, handlers, serving)
  serve(http, attachmentAliases, attachmentAliasRoutes(ctx), serving)
  resources.defer(() => http.close())
  const start = (): void => {
    const router = startRouter(ctx)
    resources.defer(() => router.stop())
    const deliveries = startDeliveries(ctx, directory)
    resources.defer(() => deliveries.stop())
    const expiry = startExpiry(ctx)
    resources.defer(() => expiry.stop())
  }
  return { http, start }
}

// Programs name the content type also where they send nothing, as in POST .../accept.
function acceptEmptyJson(app: Http): void {
  app.removeContentTypeParser('application/json')
  addBodyParser(app, ['application/json', 'text/json'], {
    parse: (text) => (text === '' ? undefined : parseJson(text)),
  })
}

// Handlers that take files read the stream themselves.
function leaveMultipart(app: Http): void {
  const urls = new Set(
    Object.entries<Endpoint>(api)
      .filter(([, { consumes }]) => consumes === 'multipart')
      .map(([key]) => key.split(' ')[1]),
  )
  app.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
    if (urls.has(request.routeOptions.url)) done(null)
    else done(new Refusal('GE-107'))
  })
}
