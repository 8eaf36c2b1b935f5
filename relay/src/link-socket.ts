/** Lets servers open their links: an upgrade at /api/link with the server's key. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { linkPath } from '@patchbay/protocol/relay.ts'
import { WebSocketServer } from 'ws'
import type { Doorkeeper } from './doorkeeper.ts'
import type { Links } from './links.ts'

const FRAME_BYTES = 1024 * 1024

export function linkSocket(http: Http, doorkeeper: Doorkeeper, links: Links): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES, perMessageDeflate: false })
  let isClosing = false
  http.addHook('preClose', async () => {
    isClosing = true
    await links.close()
  })
  http.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    try {
      if (isClosing) throw new Refusal('GE-109', 'The relay is stopping.', { retryAfterSeconds: 5 })
      if (request.url?.split('?', 1)[0] !== linkPath) throw new Refusal('GE-105')
      const serverId = doorkeeper.serverOf(request.headers.authorization, request.socket.remoteAddress ?? '')
      sockets.handleUpgrade(request, socket, head, (ws) => links.add(serverId, ws))
    } catch (error) {
      refuse(socket, error)
    }
  })
}

// Before the upgrade there is no reply object, only the socket.
function refuse(socket: Duplex, error: unknown): void {
  const refusal = error instanceof Refusal ? error : new Refusal('GE-110')
  const body = JSON.stringify(refusal.toProblem())
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
