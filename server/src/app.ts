/** The contact centre over HTTP: every room's routes, the operator's pages and the desk. */
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import { apiPages } from '@patchbay/kit/api-pages.ts'
import { appPages } from '@patchbay/kit/app-pages.ts'
import { addBodyParser } from '@patchbay/kit/body.ts'
import { errorsPage } from '@patchbay/kit/errors-page.ts'
import { healthPages } from '@patchbay/kit/health.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { parseJson } from '@patchbay/kit/json.ts'
import { stopInTurn } from '@patchbay/kit/lifecycle.ts'
import { mailChores } from '@patchbay/kit/mail.ts'
import { timeBuckets } from '@patchbay/kit/metrics.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { startChores } from '@patchbay/kit/run-chores.ts'
import { api } from '@patchbay/protocol/api.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import { type ServeOptions, serve } from './access/serve.ts'
import { sessionChores } from './access/sessions.ts'
import { openDirectory } from './accounts/directory.ts'
import { echoPlugin } from './accounts/echo.ts'
import { actionChores } from './actions/expiry.ts'
import { arrivalChores, openArrivals } from './arrivals/arrivals.ts'
import { attachmentAliases, attachmentAliasRoutes } from './attachments/attachments.routes.ts'
import { attachmentChores } from './attachments/expiry.ts'
import { contactChores } from './contacts/move-contacts.ts'
import type { Context } from './context.ts'
import { deliveryChores } from './delivery/chores.ts'
import { startReplays } from './delivery/replays.ts'
import { startCaller } from './flows/call/caller.ts'
import { pairingChores } from './flows/connect/pair.ts'
import { alarmChores } from './flows/deliver/alarm-mail.ts'
import { startDeliveries } from './flows/deliver/deliver.ts'
import { acceptSockets, deskSocket } from './flows/desk/desk-socket.ts'
import { startWatch } from './flows/presence/watch.ts'
import { receivePlugin } from './flows/receive/receive.routes.ts'
import { createRelayLinks } from './flows/relay/links.ts'
import { reportPlugin } from './flows/report/report.routes.ts'
import { startRouter } from './flows/route/router.ts'
import { callChores } from './flows/trigger/call.ts'
import { startTriggers } from './flows/trigger/engine.ts'
import { createHandlers } from './handlers.ts'
import { interactionChores } from './interactions/move-dispositions.ts'
import { makeOpenApi } from './pages/openapi.ts'
import { peopleChores } from './people/password-links.ts'
import { createLeases } from './routing/leases.ts'
import { triggerChores } from './triggers/popups.ts'
import { watchTriggers } from './triggers/watch.ts'
import { version } from './version.ts'
import { createBoard } from './views/board.ts'

const deskDir = fileURLToPath(new URL('../../web/dist', import.meta.url))

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
  const triggers = watchTriggers(ctx)
  resources.defer(() => triggers.close())
  const arrivals = openArrivals(ctx)
  resources.defer(() => arrivals.close())

  const http = createHttp({ log, trustedProxies: config.trustedProxies, isHttps })
  acceptEmptyJson(http)
  leaveMultipart(http)
  await http.register(receivePlugin(ctx, directory, arrivals))
  await http.register(echoPlugin(ctx))
  await http.register(reportPlugin(ctx, directory, arrivals))
  healthPages(http, { ...ctx, version })
  errorsPage(http)
  await apiPages(http, makeOpenApi(version))
  await appPages(http, { name: 'The desk', dir: deskDir, taken: ['echo'] })
  const board = createBoard(ctx.db)
  const hub = await acceptSockets(http, ctx, board, { triggers })
  ctx.metrics.gauge('desk_sockets', 'Open sockets of desks', hub.size)
  const leases = createLeases(ctx)
  resources.defer(() => leases.close())
  const answers = ctx.metrics.histogram(
    'http_answer_seconds',
    'Answers of the API by endpoint and status',
    timeBuckets,
    ['endpoint', 'status'],
  )
  const onAnswer: ServeOptions['onAnswer'] = (endpoint, status, durationMs) =>
    answers.observe({ endpoint, status: String(status) }, durationMs / 1000)
  const serving = { gatekeeper, publicUrl: config.publicUrl, onCall: leases.seen, onAnswer }
  const links = createRelayLinks(ctx)
  // A scope of their own for those who have cookies: the two hooks are a measurable part of what a sender's message costs.
  await http.register(async (site) => {
    await site.register(cookie)
    deskSocket(site, ctx, hub)
    serve(site, api, createHandlers(ctx, directory, arrivals, board, links, triggers), serving)
    serve(site, attachmentAliases, attachmentAliasRoutes(ctx), serving)
  })
  const engines: { stop(): Promise<void> }[] = []
  // What relays pass on is asked of the server, and what the server accepted may still need the engines.
  resources.defer(() =>
    stopInTurn([
      () => links.stop(),
      () => http.close(),
      () => Promise.all(engines.map((engine) => engine.stop())),
    ]),
  )
  const chores = {
    ...mailChores(ctx),
    ...sessionChores(ctx),
    ...peopleChores(ctx),
    ...attachmentChores(ctx),
    ...deliveryChores(ctx),
    ...arrivalChores(ctx),
    ...contactChores(ctx),
    ...interactionChores(ctx),
    ...alarmChores(ctx),
    ...pairingChores(ctx),
    ...actionChores(ctx),
    ...triggerChores(ctx),
    ...callChores(ctx),
  }
  const start = (): void => {
    links.start(http)
    engines.push(
      startRouter(ctx),
      startCaller(ctx, directory),
      startWatch(ctx),
      startDeliveries(ctx, directory),
      startReplays(ctx),
      startTriggers(ctx, triggers),
      startChores(ctx, chores),
    )
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
