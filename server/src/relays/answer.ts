/** Answers what a relay passes on: asks this same program over loopback, and streams both bodies. Only what a relay may reach is asked. */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import {
  type AskHead,
  createMeasure,
  type Headers,
  lengthIn,
  readAskHead,
  SMALL_BYTES,
} from '@patchbay/kit/exchange-heads.ts'
import type { Exchange, Listener } from '@patchbay/kit/exchanges.ts'

/** Where this program listens. */
export interface Target {
  host: string
  port: number
  agent: Agent
}

const relayed =
  /^\/api\/(openchannel\/accounts\/\d+\/(notify|receive|receipts|typing|events|secret)|attachments(\/\d+(\/download)?)?)\/?(\?|$)/
const methods = new Set(['GET', 'HEAD', 'POST'])
/** They speak of one connection. The cookie is not for programs. */
const left = new Set([
  'connection',
  'cookie',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

export function answer(exchange: Exchange, target: Target): Listener {
  let inner: ClientRequest | undefined
  let measure = createMeasure({})
  let answered: IncomingMessage | undefined
  let waiting = 0
  // Without a word of the server the relay says that it is away, and the sender repeats.
  const giveUp = (): void => {
    exchange.cut()
    inner?.destroy()
  }
  const write = (chunk: Buffer): void => {
    if (!inner) return
    if (!measure.fits(chunk.length)) giveUp()
    else if (inner.write(chunk)) exchange.took(chunk.length)
    else waiting += chunk.length
  }
  return {
    head(head, body, isWhole) {
      const asked = readAskHead(head)
      if (!asked || !methods.has(asked.method) || !relayed.test(asked.path)) {
        exchange.head({ status: 404, headers: {} }, undefined, true)
        return
      }
      const headers = without(asked.headers)
      // Its own word would be believed where the connection is read.
      if (isWhole && (body.length > 0 || 'content-length' in headers))
        headers['content-length'] = String(body.length)
      measure = createMeasure(headers)
      try {
        inner = ask({ ...asked, headers }, target)
      } catch {
        return giveUp()
      }
      inner.on('response', (response) => {
        answered = response
        giveBack(response, exchange)
      })
      inner.on('error', giveUp)
      inner.on('drain', () => {
        exchange.took(waiting)
        waiting = 0
      })
      if (isWhole) inner.end(body)
      else if (body.length > 0) write(body)
    },
    data: write,
    end() {
      if (measure.isWhole()) inner?.end()
      else giveUp()
    },
    // The half of a file must not pass for a file.
    cut: () => inner?.destroy(),
    room: () => answered?.resume(),
  }
}

function ask({ method, path, headers }: AskHead, { host, port, agent }: Target): ClientRequest {
  return httpRequest({ host, port, agent, method, path, headers })
}

/** What is small goes whole. */
function giveBack(response: IncomingMessage, exchange: Exchange): void {
  const { headers: given, statusCode: status } = response
  const headers: Headers = {}
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !left.has(name)) headers[name] = value
  response.on('error', () => undefined)
  response.once('close', () => {
    if (!response.complete) exchange.cut()
  })
  const length = lengthIn(headers)
  if (length !== undefined && length <= SMALL_BYTES) {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.once('end', () => exchange.head({ status, headers }, Buffer.concat(chunks), true))
    return
  }
  if (!exchange.head({ status, headers })) response.pause()
  response.on('data', (chunk: Buffer) => {
    if (!exchange.write(chunk)) response.pause()
  })
  response.once('end', () => exchange.end())
}

function without(headers: Headers): Headers {
  const kept: Headers = {}
  for (const [name, value] of Object.entries(headers)) if (!left.has(name)) kept[name] = value
  return kept
}
