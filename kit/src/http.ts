// An HTTP server as every program needs it: bounded, quiet about secrets, and answering each error as a problem document.
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { addBodyParser, BODY_BYTES, jsonBody } from './body.ts'
import { closeIdleConnectionsOf } from './connections.ts'
import type { Log } from './log.ts'
import { redactPath } from './log.ts'
import { asRefusal } from './problems.ts'
import { Refusal } from './refusal.ts'

export interface HttpOptions {
  log: Log
  /** Addresses and CIDRs of proxies whose X-Forwarded-* headers are believed. */
  trustedProxies?: readonly string[]
  /** For answers that set none of their own. The default suits an API: nothing may load. */
  contentSecurityPolicy?: string
  /** Over https (also behind a proxy): tells browsers to stay there. */
  isHttps?: boolean
  /** Further options of Fastify, such as its validator. */
  fastify?: Pick<FastifyServerOptions, 'ajv' | 'schemaController' | 'routerOptions' | 'genReqId'>
}

export type Http = FastifyInstance

const HEADER_BYTES = 16 * 1024
const HEADERS_WITHIN_MS = 10_000
// The server's own limit is for the slowest that is allowed, uploads; JSON and form bodies have theirs in body.ts.
const REQUEST_WITHIN_MS = 15 * 60_000
// Whoever asks for a file and does not read it would otherwise hold it open for ever. Upgraded sockets have their own pings.
const SILENT_FOR_MS = 120_000
/** The whole program has nine and a half seconds, and the database is still to be closed. */
const CLOSE_WITHIN_MS = 6_500

export function createHttp(options: HttpOptions): Http {
  const { log } = options
  const app: Http = Fastify({
    ...options.fastify,
    loggerInstance: childless(log as FastifyBaseLogger),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    bodyLimit: BODY_BYTES,
    http: {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      connectionsCheckingInterval: 1_000,
    },
    requestTimeout: REQUEST_WITHIN_MS,
    connectionTimeout: SILENT_FOR_MS,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // A request that came over an open connection was accepted: it is finished, and the connection then closed.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1_024, ...options.fastify?.routerOptions },
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error, _request, reply) => {
      sendError(error, reply, log)
    },
  })

  app.removeAllContentTypeParsers()
  addBodyParser(app, ['application/json'], jsonBody)
  app.setErrorHandler((error, _request, reply) => sendError(error, reply, log))
  app.setNotFoundHandler((request, reply) => {
    sendRefusal(
      new Refusal('GE-105', `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`),
      reply,
    )
  })

  const headers = securityHeaders(options)
  app.addHook('onRequest', (_request, reply, next) => {
    reply.headers(headers)
    next()
  })
  if (log.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, next) => {
      const url = redactPath(request.url, request.params)
      log.debug(
        { method: request.method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'answered',
      )
      next()
    })
  }
  const closeIdle = closeIdleConnectionsOf(app.server)
  app.addHook('preClose', (done) => {
    const sweep = setInterval(closeIdle, 50)
    const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS)
    app.server.once('close', () => {
      clearInterval(sweep)
      clearTimeout(cut)
    })
    done()
  })
  return app
}

// A logger per request costs more than the rest of the routing, and a factory of ours is checked each time; errors carry an id of their own.
function childless(log: FastifyBaseLogger): FastifyBaseLogger {
  const logger: FastifyBaseLogger = Object.create(log)
  logger.child = () => logger
  return logger
}

/** Answers a Refusal as its problem document. */
export function sendRefusal(refusal: Refusal, reply: FastifyReply): FastifyReply {
  return reply
    .code(refusal.status)
    .headers(refusal.headers)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(refusal.toProblem())
}

function sendError(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const refusal = asRefusal(error)
  if (refusal) return sendRefusal(refusal, reply)
  const { request } = reply
  const id = randomUUID()
  log.error(
    { err: error, id, method: request.method, route: request.routeOptions?.url },
    'a request failed by a mistake of ours',
  )
  const detail = 'The program met a state that it does not know.'
  return sendRefusal(new Refusal('GE-110', detail, { extra: { id } }), reply)
}

function securityHeaders(options: HttpOptions): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Of what is answered to somebody who signed in nothing may stay behind; files that may be kept say so themselves.
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': options.contentSecurityPolicy ?? "default-src 'none'; frame-ancestors 'none'",
    ...(options.isHttps && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

// Before a request can be read there is no reply object, only the socket.
function answerBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  const answering = (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) {
    socket.destroy()
    return
  }
  const refusal = new Refusal(brokenHttpCodes[error.code ?? ''] ?? 'GE-113')
  const body = JSON.stringify(refusal.toProblem())
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // Destroying at once would reset the connection before the answer is read.
  setTimeout(() => socket.destroy(), 500).unref()
}

const brokenHttpCodes: Readonly<Record<string, 'GE-111' | 'GE-112'>> = {
  HPE_HEADER_OVERFLOW: 'GE-111',
  ERR_HTTP_REQUEST_TIMEOUT: 'GE-112',
}
