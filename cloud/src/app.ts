/** The cloud over HTTP: people, integrations, what Meta calls, and the operator's pages. */
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import { apiPages } from '@patchbay/kit/api-pages.ts'
import { appPages } from '@patchbay/kit/app-pages.ts'
import type { Chores } from '@patchbay/kit/chores.ts'
import { errorsPage } from '@patchbay/kit/errors-page.ts'
import { healthPages } from '@patchbay/kit/health.ts'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { stopInTurn } from '@patchbay/kit/lifecycle.ts'
import { mailChores } from '@patchbay/kit/mail.ts'
import { timeBuckets } from '@patchbay/kit/metrics.ts'
import { startChores } from '@patchbay/kit/run-chores.ts'
import { cloudApi } from '@patchbay/protocol/cloud.ts'
import { serve } from './access/serve.ts'
import { sessionChores } from './access/sessions.ts'
import { auditChores } from './audit/audit.ts'
import type { Context } from './context.ts'
import { callbackRoutes } from './flows/callbacks.routes.ts'
import type { OnAnswer } from './flows/channel.routes.ts'
import { connectChores } from './flows/connect/watch.ts'
import { createTraffic } from './flows/traffic.ts'
import { createHandlers } from './handlers.ts'
import { makeOpenApi } from './openapi.ts'
import { codeChores } from './people/codes.ts'
import { peopleChores } from './people/people.ts'
import { version } from './version.ts'

const pagesDir = fileURLToPath(new URL('../../web/cloud/dist', import.meta.url))

export interface App {
  http: Http
  /** Starts the engines: call it when the cloud listens. */
  start(): void
}

/** What it opens it leaves in `resources`; the server itself last, so that it is the first to stop. */
export async function createApp(ctx: Context, resources: AsyncDisposableStack): Promise<App> {
  const { config, log, metrics } = ctx
  const isHttps = config.publicUrl.startsWith('https:')
  const http = createHttp({ log, trustedProxies: config.trustedProxies, isHttps })
  await http.register(cookie)
  healthPages(http, { ...ctx, version })
  errorsPage(http)
  await apiPages(http, makeOpenApi(version))
  await appPages(http, { name: 'The cloud’s page', dir: pagesDir, taken: ['webhook'] })
  const answers = metrics.histogram(
    'http_answer_seconds',
    'Answers of the API by endpoint and status',
    timeBuckets,
    ['endpoint', 'status'],
  )
  const onAnswer: OnAnswer = (endpoint, status, durationMs) =>
    answers.observe({ endpoint, status: String(status) }, durationMs / 1000)
  serve(http, cloudApi, createHandlers(ctx), ctx, onAnswer)
  await callbackRoutes(http, ctx)
  const traffic = await createTraffic(http, ctx, onAnswer)
  const chores: Chores = {
    ...mailChores(ctx),
    ...sessionChores(ctx),
    ...codeChores(ctx),
    ...peopleChores(ctx),
    ...auditChores(ctx),
    ...connectChores(ctx),
    ...traffic.chores,
  }
  const engines: { stop(): Promise<void> }[] = []
  // What was accepted may still need the engines.
  resources.defer(() =>
    stopInTurn([() => http.close(), () => Promise.all(engines.map((engine) => engine.stop()))]),
  )
  const start = (): void => void engines.push(startChores(ctx, chores), ...traffic.start())
  return { http, start }
}
