/** The relay over HTTP: what it passes on, its own endpoints, the operator's page and the links. */
import { apiPages } from '@patchbay/kit/api-pages.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Metrics } from '@patchbay/kit/metrics.ts'
import { makeOpenApi } from '@patchbay/kit/openapi.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { serve } from '@patchbay/kit/serve.ts'
import * as relay from '@patchbay/protocol/relay.ts'
import { apiRoutes } from './api.routes.ts'
import { createCodes } from './codes.ts'
import type { Config } from './config.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import { createLimits } from './limits.ts'
import { linkSocket } from './link-socket.ts'
import { createLinks } from './links.ts'
import { operatorPage } from './page.ts'
import type { Registry } from './registry.ts'
import { relayRoutes } from './relay.routes.ts'
import { version } from './version.ts'

export interface AppOptions {
  config: Pick<Config, 'publicUrl' | 'trustedProxies' | 'ratePerSecond' | 'rateBurst'>
  adminToken: string
  registry: Registry
  log: Log
  metrics: Metrics
  door: Pick<Door, 'request'>
  /** How often links are asked whether they live. */
  pingMs?: number
}

export async function createApp(options: AppOptions): Promise<Http> {
  const { config, adminToken, registry, log, metrics, door } = options
  const http = createHttp({
    log,
    trustedProxies: config.trustedProxies,
    isHttps: config.publicUrl.startsWith('https:'),
  })
  const codes = createCodes(adminToken)
  const doorkeeper = createDoorkeeper({ adminToken, codes, registry })
  const links = createLinks({
    log,
    onSeen: (serverId) => registry.seen(serverId, new Date()),
    ...(options.pingMs !== undefined && { pingMs: options.pingMs }),
  })
  linkSocket(http, doorkeeper, links)

  metrics.gauge('relay_links', 'Open links of servers', () => links.size())
  const requests = metrics.counter('relay_requests_total', 'Requests by what became of them', ['outcome'])
  relayRoutes(http, {
    registry,
    links,
    limits: createLimits(config),
    onRequest: (outcome) => requests.inc({ outcome }),
  })
  const handlers = apiRoutes({ codes, registry, links, doorkeeper, door })
  serve(http, relay.relayApi, handlers, {
    admit: async ({ headers, ip }) => ({ authorization: headers.authorization, address: ip }),
  })
  healthPages(http, metrics)
  await apiPages(http, document())
  await operatorPage(http)
  return http
}

function healthPages(http: Http, metrics: Metrics): void {
  let isStopping = false
  http.addHook('preClose', async () => {
    isStopping = true
  })
  http.get('/healthz', async () => ({ status: 'alive', version }))
  http.get('/readyz', async () => {
    if (isStopping) throw new Refusal('GE-109', 'The relay is stopping.', { retryAfterSeconds: 5 })
    return { status: 'ready', version }
  })
  http.get('/metrics', async (_request, reply) => {
    reply.type(metrics.contentType)
    return metrics.text()
  })
}

function document(): object {
  return makeOpenApi({
    title: 'Patchbay relay',
    version,
    description: 'The way in for contact centres that nobody can connect to.',
    table: relay.relayApi,
    schemas: [relay],
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'The operator’s token, or the key of an activated server.',
      },
    },
    security: () => ['bearer'],
  })
}
