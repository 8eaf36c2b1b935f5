/** Answers what a relay passes on: asks this same program over loopback, and streams both bodies. Only what a relay may reach is asked. */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { pipeline } from 'node:stream'

/** Where this program listens. */
export interface Target {
  host: string
  port: number
  agent: Agent
}

const relayed =
  /^\/api\/(openchannel\/accounts\/\d+\/(notify|receive|receipts|typing|events|secret)|attachments(\/\d+(\/download)?)?)\/?(\?|$)/
const methods = new Set(['GET', 'HEAD', 'POST'])
/** They speak of one connection; HTTP/2 has none of them. The cookie is not for programs. */
const left = new Set([
  'connection',
  'cookie',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

export function answerStream(asked: ServerHttp2Stream, headers: IncomingHttpHeaders, target: Target): void {
  const method = headers[':method'] ?? 'GET'
  const path = headers[':path'] ?? ''
  asked.on('error', () => undefined)
  if (!methods.has(method) || !relayed.test(path)) {
    asked.respond({ ':status': 404 }, { endStream: true })
    return
  }
  const { host, port, agent } = target
  const inner = httpRequest({ host, port, agent, method, path, headers: forHttp1(headers) })
  inner.on('response', (answer) => giveBack(answer, asked))
  // Without a word of the server the relay says that it is away, and the sender repeats.
  inner.on('error', () => asked.close(constants.NGHTTP2_INTERNAL_ERROR))
  // A stream that was given up ends like one that is whole: the half of a file must not pass for a file.
  asked.once('aborted', () => inner.destroy())
  asked.once('close', () => inner.destroy())
  if (asked.endAfterHeaders) inner.end()
  else pipeline(asked, inner, () => undefined)
}

function giveBack(answer: IncomingMessage, asked: ServerHttp2Stream): void {
  if (asked.destroyed || asked.closed) {
    answer.destroy()
    return
  }
  const headers = Object.entries(answer.headers).filter(([name]) => !left.has(name))
  asked.respond({ ':status': answer.statusCode ?? 500, ...Object.fromEntries(headers) })
  pipeline(answer, asked, (error) => {
    if (error) asked.close(constants.NGHTTP2_INTERNAL_ERROR)
  })
}

function forHttp1(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !name.startsWith(':') && !left.has(name)) kept[name] = value
  return kept
}
