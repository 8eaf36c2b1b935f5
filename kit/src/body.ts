// Reads a request's body as text, bounded in size and time, and parses it.
import type { IncomingMessage } from 'node:http'
import type { ProblemCode } from '@patchbay/protocol/problem.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseJson, UnreadableJson } from './json.ts'
import { Refusal } from './refusal.ts'

export const BODY_BYTES = 256 * 1024
const BODY_WITHIN_MS = 15_000
/** Of all bodies together that are being read: each sender is held by limits of his own, many of them by this. */
const HELD_BYTES = 64 * 1024 * 1024
const SWEEP_EVERY_MS = 250
const DRAIN_WITHIN_MS = 10_000

export interface BodyParser {
  /** May throw a Refusal or UnreadableJson. */
  parse(text: string, request: FastifyRequest): unknown
  /** The route's `bodyLimit` unless this answers a number. */
  limitBytes?: (request: FastifyRequest) => number | undefined
  /** Codes of the refusals, where a route has its own. */
  codes?: { unreadable: ProblemCode; tooLarge: ProblemCode }
}

const usualCodes = { unreadable: 'GE-108', tooLarge: 'GE-106' } as const

export const jsonBody: BodyParser = { parse: (text) => parseJson(text) }

/** `contentTypes` as Fastify takes them: names, patterns, or `*` for all others. */
export function addBodyParser(
  app: FastifyInstance,
  contentTypes: string | string[] | RegExp,
  parser: BodyParser,
): void {
  const codes = parser.codes ?? usualCodes
  app.addContentTypeParser(contentTypes, async (request: FastifyRequest, payload: IncomingMessage) => {
    const limitBytes = parser.limitBytes?.(request) ?? request.routeOptions.bodyLimit ?? BODY_BYTES
    const text = await readText(payload, limitBytes, codes.tooLarge)
    try {
      return parser.parse(text, request)
    } catch (error) {
      if (error instanceof UnreadableJson) throw new Refusal(codes.unreadable, error.message)
      throw error
    }
  })
}

/** Rejects with a Refusal: too large, too slow, cut off, or too much at a time with all others. */
export function readText(
  payload: IncomingMessage,
  limitBytes: number,
  tooLarge: ProblemCode,
): Promise<string> {
  return read(payload, limitBytes, tooLarge, (chunks) => joined(chunks).toString())
}

/** As `readText`, for what is signed as it stands. */
export function readBytes(
  payload: IncomingMessage,
  limitBytes: number,
  tooLarge: ProblemCode,
): Promise<Buffer> {
  return read(payload, limitBytes, tooLarge, joined)
}

// Most bodies come in one piece, which need not be copied.
function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
}

function read<T>(
  payload: IncomingMessage,
  limitBytes: number,
  tooLarge: ProblemCode,
  join: (chunks: readonly Buffer[]) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let sizeBytes = 0
    let isDone = false
    const stopClock = startClock(() =>
      finish(new Refusal('GE-112', 'The body did not arrive within 15 seconds.')),
    )

    const onData = (chunk: Buffer): void => {
      if (isDone) return
      sizeBytes += chunk.length
      heldBytes += chunk.length
      if (sizeBytes > limitBytes) refuseSize()
      else if (heldBytes > HELD_BYTES) finish(tooMuch())
      else chunks.push(chunk)
    }
    const onEnd = (): void => finish()
    const onCut = (): void => finish(new Refusal('GE-113', 'The connection ended before the body did.'))
    const refuseSize = (): void =>
      finish(new Refusal(tooLarge, `The body is larger than ${limitBytes} bytes.`, { extra: { limitBytes } }))

    // The listeners stay: to take four of them off each body costs as much as to put them on.
    function finish(refusal?: Refusal): void {
      if (isDone) return
      isDone = true
      heldBytes -= sizeBytes
      stopClock()
      const taken = chunks
      chunks = []
      if (!refusal) {
        resolve(join(taken))
        return
      }
      drain(payload)
      reject(refusal)
    }

    payload.on('data', onData).on('end', onEnd).on('error', onCut).on('aborted', onCut)
    if (Number(payload.headers['content-length']) > limitBytes) refuseSize()
  })
}

let heldBytes = 0

function tooMuch(): Refusal {
  return new Refusal('GE-109', 'Too many large bodies are being read at this moment.', {
    retryAfterSeconds: 1,
  })
}

// One timer for all bodies that are under way, since one for each costs more than to parse a small body. They all have the same time, so
// they stand in the order in which it ends.
const underWay = new Set<{ until: number; late: () => void }>()
let sweeper: NodeJS.Timeout | undefined

/** Answers the function that stops the clock. */
function startClock(late: () => void): () => void {
  const clock = { until: performance.now() + BODY_WITHIN_MS, late }
  underWay.add(clock)
  sweeper ??= setInterval(sweep, SWEEP_EVERY_MS).unref()
  return () => void underWay.delete(clock)
}

function sweep(): void {
  const now = performance.now()
  for (const { until, late } of underWay) {
    if (until > now) return
    late()
  }
  clearInterval(sweeper)
  sweeper = undefined
}

// What is still to come is read into nothing, so that the sender gets to read the answer; but not for as long as an upload may take.
function drain(payload: IncomingMessage): void {
  payload.resume()
  setTimeout(() => payload.complete || payload.destroy(), DRAIN_WITHIN_MS).unref()
}
