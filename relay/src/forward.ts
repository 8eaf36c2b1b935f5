/**
 * Passes a request on to its server and the answer back, both as they come; nothing is kept.
 *
 * What the sender is told is what the server said. When the link breaks before that, the sender is told to repeat: the server may have
 * taken the message in, and knows the repetition by the sender's message id. It is never told of a success that the server did not tell.
 */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import {
  type AnswerHead,
  type AskHead,
  createMeasure,
  type Headers,
  lengthIn,
  readAnswerHead,
  SMALL_BYTES,
} from '@patchbay/kit/exchange-heads.ts'
import type { Exchange } from '@patchbay/kit/exchanges.ts'
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

/** Rejects with RL-101 when the server did not answer. */
export function forward(link: Link, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve, reject) => {
    const { raw } = request
    const out = reply.raw
    let isAnswered = false
    let isDone = false
    let back: Back | undefined
    const finish = (refusal?: Refusal): void => {
      isDone = true
      clearTimeout(silence)
      unwatch()
      out.off('close', giveUp)
      // The sender may still be at it, and what he says interests nobody any more.
      exchange.cut()
      if (refusal) reject(refusal)
      else resolve()
    }
    const broke = (): void => {
      if (isDone) return
      // An answer that breaks off must not look like its end: the connection is cut.
      if (isAnswered) out.destroy()
      finish(isAnswered ? undefined : away())
    }
    const giveUp = (): void => {
      exchange.cut()
      broke()
    }
    const goesOn = (): void => {
      if (!isDone) silence.refresh()
    }
    const begin = (answer: AnswerHead, body: Buffer | undefined): boolean => {
      try {
        out.writeHead(answer.status, headersOf(answer, reply, hasBody(answer, request), body))
      } catch {
        return false
      }
      isAnswered = true
      reply.hijack()
      return true
    }
    const exchange = link.exchanges.open({
      head(head, body, isWhole) {
        const answer = readAnswerHead(head)
        if (!answer || !begin(answer, isWhole ? body : undefined)) giveUp()
        else if (isWhole) {
          out.end(body)
          finish()
        } else {
          goesOn()
          back = passBack(hasBody(answer, request) ? answer.headers : {}, out, exchange)
          if (body.length > 0 && !back.data(body)) giveUp()
        }
      },
      data(chunk) {
        goesOn()
        if (!back?.data(chunk)) giveUp()
      },
      end() {
        if (back?.end()) finish()
        else giveUp()
      },
      cut: broke,
      room: () => raw.resume(),
    })
    const silence = setTimeout(giveUp, SILENT_FOR_MS).unref()
    const unwatch = watchPace(raw, giveUp)
    out.once('close', giveUp)
    const head: AskHead = { method: request.method, path: request.url, headers: headersFor(request) }
    passOn(raw, head, exchange, goesOn)
  })
}

/** The request: what is small goes whole. */
function passOn(raw: IncomingMessage, head: AskHead, exchange: Exchange, passed: () => void): void {
  if (isBodiless(raw)) {
    exchange.head(head, undefined, true)
    return
  }
  const length = lengthIn(head.headers)
  if (length !== undefined && length <= SMALL_BYTES) {
    const chunks: Buffer[] = []
    raw.on('data', (chunk: Buffer) => chunks.push(chunk))
    raw.on('end', () => {
      exchange.head(head, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), true)
      passed()
    })
    return
  }
  if (!exchange.head(head)) raw.pause()
  raw.on('data', (chunk: Buffer) => {
    passed()
    if (!exchange.write(chunk)) raw.pause()
  })
  raw.on('end', () => exchange.end())
}

interface Back {
  /** False: the answer is longer than it said. */
  data(chunk: Buffer): boolean
  /** False: it is shorter. */
  end(): boolean
}

function passBack(headers: Headers, out: ServerResponse, exchange: Exchange): Back {
  const measure = createMeasure(headers)
  let waiting = 0
  out.on('drain', () => {
    exchange.took(waiting)
    waiting = 0
  })
  return {
    data(chunk) {
      if (!measure.fits(chunk.length)) return false
      if (out.write(chunk)) exchange.took(chunk.length)
      else waiting += chunk.length
      return true
    },
    end() {
      if (!measure.isWhole()) return false
      out.end()
      return true
    },
  }
}

function headersFor(request: FastifyRequest): Headers {
  return {
    ...withoutConnection(request.headers),
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.host,
  }
}

/** Whether the answer has a body at all, and so has the length that it declares. */
function hasBody({ status }: AnswerHead, { method }: FastifyRequest): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304
}

/** `whole`: all of its body. */
function headersOf(
  { headers }: AnswerHead,
  reply: FastifyReply,
  isBodied: boolean,
  whole: Buffer | undefined,
): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) all[name] = String(value)
  Object.assign(all, withoutConnection(headers))
  // Its own word would be believed by whoever reads the connection.
  if (whole !== undefined && isBodied) all['content-length'] = whole.length
  return all
}

function withoutConnection(headers: IncomingHttpHeaders | Headers): Headers {
  const named = headers.connection === undefined ? [] : namedBy(String(headers.connection))
  const kept: Headers = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !perConnection.has(name) && !named.includes(name)) kept[name] = value
  return kept
}

function namedBy(connection: string): string[] {
  return connection.toLowerCase().split(/\s*,\s*/)
}

function isBodiless({ headers, method }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return true
  return headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)
}
