/**
 * Passes a request on to its server and the answer back, both as streams; nothing is kept.
 *
 * What the sender is told is what the server said. When the link breaks before that, the sender is told to repeat: the server may have
 * taken the message in, and knows the repetition by the sender's message id. It is never told of a success that the server did not tell.
 */
import { once } from 'node:events'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders as Http2Headers,
  type OutgoingHttpHeaders as Http2OutgoingHeaders,
} from 'node:http2'
import { pipeline } from 'node:stream'
import { watchPace } from '@patchbay/kit/pace.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Link } from './links.ts'

/** They speak of one connection, not of the request. */
const perConnection = new Set([
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** From the end of the request to the first byte of the answer, and between any two bytes of it. */
const SILENT_FOR_MS = 60_000
const AGAIN_AFTER_SECONDS = 3

export const away = (): Refusal =>
  new Refusal('RL-101', undefined, { retryAfterSeconds: AGAIN_AFTER_SECONDS })

/** Throws RL-101 when the server did not answer. */
export async function forward(link: Link, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  link.inFlight++
  try {
    const stream = link.session.request(headersFor(request), { endStream: isBodiless(request) })
    await carry(stream, request, reply)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw away()
  } finally {
    link.inFlight--
  }
}

async function carry(stream: ClientHttp2Stream, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { raw } = request
  // An error that comes after everything was said is nobody's any more.
  stream.on('error', () => undefined)
  // Closing it would end it first, as if the body were whole.
  const giveUp = (): void => void stream.destroy(new Error('the sender is gone, or too slow'))
  const unwatch = watchPace(raw, giveUp)
  reply.raw.once('close', giveUp)
  try {
    if (!stream.writableEnded) raw.pipe(stream)
    stream.setTimeout(SILENT_FOR_MS, giveUp)
    const answered = new AbortController()
    stream.once('close', () => answered.abort())
    const [headers] = (await once(stream, 'response', { signal: answered.signal })) as [Http2Headers]
    reply.hijack()
    reply.raw.writeHead(Number(headers[':status']), headersOf(headers, reply))
    await new Promise<void>((resolve) => {
      // A link that breaks in the middle of an answer must not look like its end: the connection is cut.
      pipeline(stream, reply.raw, (error) => {
        if (error || stream.rstCode !== constants.NGHTTP2_NO_ERROR) reply.raw.destroy()
        resolve()
      })
    })
  } finally {
    unwatch()
    reply.raw.off('close', giveUp)
    stream.setTimeout(0)
  }
}

function headersFor(request: FastifyRequest): Http2OutgoingHeaders {
  return {
    ':method': request.method,
    ':path': request.url,
    ...withoutConnection(request.headers),
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
  }
}

function headersOf(headers: Http2Headers, reply: FastifyReply): OutgoingHttpHeaders {
  const ours = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)])
  return { ...Object.fromEntries(ours), ...withoutConnection(headers) }
}

function withoutConnection(headers: IncomingHttpHeaders | Http2Headers): Record<string, string | string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !name.startsWith(':') && !perConnection.has(name) && !named.includes(name))
      kept[name] = value
  return kept
}

function isBodiless({ headers, method }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return true
  return headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)
}
