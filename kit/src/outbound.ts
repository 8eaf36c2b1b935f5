// The one guarded door for HTTP to the outside: every call that a stranger's address can cause goes through here.
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { asDoorError, DoorError } from './door-error.ts'
import { type Connection, createConnections } from './outbound-connections.ts'
import type { OutboundAllow } from './outbound-policy.ts'
import { createResolver, type Resolve } from './resolver.ts'

export interface DoorOptions {
  allow: OutboundAllow
  resolve?: Resolve
  /** Says of a whole URL, exactly as it is, that it may be called wherever it leads. */
  exempt?: (url: string) => boolean
}

export interface DoorRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** From the first look-up to the last byte, 15 000 unless told otherwise. */
  timeoutMs?: number
  /** Read at most, 64 KiB unless told otherwise; what comes beyond is cut off. */
  maxResponseBytes?: number
  signal?: AbortSignal
  /**
   * The receiver knows a repetition by its id. Then a kept connection that breaks before any answer is replaced and
   * the request sent again, once: usually the receiver had closed it while nobody used it.
   */
  repeatable?: boolean
}

export interface DoorTiming {
  /** The first three are 0 on a kept connection. */
  dnsMs: number
  connectMs: number
  tlsMs: number
  /** From the start to the answer's status. */
  firstByteMs: number
  totalMs: number
}

export interface DoorResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** As sent: never decompressed, so nothing can blow up. */
  body: Buffer
  truncated: boolean
  timing: DoorTiming
  remoteAddress: string
}

export interface Door {
  /** Answers whatever status comes, redirects included, which are not followed. Throws a DoorError alone. */
  request(request: DoorRequest): Promise<DoorResponse>
  /** A connection to the host of an http or https address, for a protocol of its own. Throws a DoorError alone. */
  connect(url: string): Promise<Socket>
  close(): Promise<void>
}

const TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 10_000
const RESPONSE_BYTES = 64 * 1024

export function createDoor(options: DoorOptions): Door {
  const connections = createConnections(
    options.allow,
    options.resolve ?? createResolver(),
    CONNECT_TIMEOUT_MS,
  )

  async function request(wanted: DoorRequest): Promise<DoorResponse> {
    const url = parseUrl(wanted.url)
    const isExempt = options.exempt?.(url.href) ?? false
    const deadline = startDeadline(wanted, url.host)
    try {
      const connection = connections.take(url, isExempt)
      const wasKept = connection.opened > 0
      try {
        return await send(connection, wanted, url, isExempt, deadline.signal)
      } catch (error) {
        if (!wanted.repeatable || !wasKept || !isBrokenConnection(error) || deadline.signal.aborted)
          throw error
        return await send(connections.open(url, isExempt), wanted, url, isExempt, deadline.signal)
      }
    } catch (error) {
      throw deadline.signal.aborted
        ? withStatusOf(error, deadline.signal.reason)
        : asDoorError(error, url.host)
    } finally {
      deadline.clear()
    }
  }

  async function send(
    connection: Connection,
    wanted: DoorRequest,
    url: URL,
    isExempt: boolean,
    signal: AbortSignal,
  ): Promise<DoorResponse> {
    const startedAt = performance.now()
    const openedBefore = connection.opened
    let status: number | undefined
    try {
      const answer = await connection.client.request({
        method: wanted.method,
        path: url.pathname + url.search,
        headers: { 'accept-encoding': 'identity', ...wanted.headers },
        body: wanted.body ?? null,
        signal,
      })
      status = answer.statusCode
      const firstByteMs = performance.now() - startedAt
      const { body, truncated } = await readAtMost(answer.body, wanted.maxResponseBytes ?? RESPONSE_BYTES)
      // A cut-off body leaves its connection unusable.
      if (truncated) connection.client.destroy().catch(() => {})
      else connections.give(connection, url, isExempt)
      const opening =
        connection.opened > openedBefore ? connection.timing : { dnsMs: 0, connectMs: 0, tlsMs: 0 }
      const timing = { ...opening, firstByteMs, totalMs: performance.now() - startedAt }
      return {
        status,
        headers: answer.headers,
        body,
        truncated,
        timing,
        remoteAddress: connection.remoteAddress,
      }
    } catch (error) {
      connection.client.destroy().catch(() => {})
      const failure = asDoorError(error, url.host)
      failure.status = status
      if (connection.opened > openedBefore) failure.timing = connection.timing
      throw failure
    }
  }

  async function connect(text: string): Promise<Socket> {
    const url = parseUrl(text)
    try {
      return await connections.socket(url)
    } catch (error) {
      throw asDoorError(error, url.host)
    }
  }

  return { request, connect, close: connections.close }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url)
    throw new DoorError('bad-url', 'That is not a whole address such as https://api.example.com/reply.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new DoorError('bad-url', `Only http and https can be called, not ${url.protocol.slice(0, -1)}.`)
  }
  if (url.username || url.password)
    throw new DoorError('bad-url', 'An address with a user name or password is not called.')
  return url
}

function startDeadline({ timeoutMs = TIMEOUT_MS, signal }: DoorRequest, host: string) {
  const controller = new AbortController()
  const expire = (): void =>
    controller.abort(new DoorError('timeout', `${host} did not answer within ${timeoutMs / 1000} seconds.`))
  const timer = setTimeout(expire, timeoutMs)
  const cancel = (): void => controller.abort(new DoorError('cancelled', 'The call was cancelled.'))
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  const clear = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
  return { signal: controller.signal, clear }
}

async function readAtMost(
  stream: Readable,
  limitBytes: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, limitBytes - sizeBytes))
    sizeBytes += chunk.length
    if (sizeBytes > limitBytes) return { body: Buffer.concat(chunks), truncated: true }
  }
  return { body: Buffer.concat(chunks), truncated: false }
}

function isBrokenConnection(error: unknown): boolean {
  return error instanceof DoorError && error.code === 'reset' && error.status === undefined
}

function withStatusOf(error: unknown, reason: DoorError): DoorError {
  reason.status = error instanceof DoorError ? error.status : undefined
  reason.timing = error instanceof DoorError ? error.timing : undefined
  return reason
}
