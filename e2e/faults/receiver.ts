// The other end of a Reply URL: answers as its address says, well or badly, and remembers every call.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Call {
  path: string
  webhookId: string
  attempt: number
  messageId: number
  interactionId: number
  body: string
  /** Answered with 2xx. */
  isTaken: boolean
}

/** Answers the call, and whether it said 2xx. */
export type Behaviour = (
  response: ServerResponse,
  call: Omit<Call, 'isTaken'>,
  request: IncomingMessage,
) => boolean | Promise<boolean>

export interface Receiver {
  readonly origin: string
  readonly calls: readonly Call[]
  stop(): Promise<void>
}

const well: Behaviour = (response) => {
  response.end('{}')
  return true
}

/** Paths without a behaviour of their own take every call. */
export async function startReceiver(behaviours: Readonly<Record<string, Behaviour>> = {}): Promise<Receiver> {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    // Who is cut off in the middle of a call is seen by its retry.
    response.on('error', () => {})
    try {
      const path = request.url ?? ''
      const call = { path, ...(await read(request)) }
      calls.push({ ...call, isTaken: await (behaviours[path] ?? well)(response, call, request) })
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { id, body, OpenchannelInteractionId } = JSON.parse(Buffer.concat(chunks).toString()) as {
    id: number
    body: string
    OpenchannelInteractionId: number
  }
  return {
    webhookId: String(request.headers['webhook-id']),
    attempt: Number(request.headers['x-attempt']),
    messageId: id,
    interactionId: OpenchannelInteractionId,
    body,
  }
}
