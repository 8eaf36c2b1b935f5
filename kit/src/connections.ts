// Knows which connections of a server wait for nothing, to end them when the program ends.
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Node's own closeIdleConnections passes over connections that have never carried a request, as browsers open them in
 * advance, and closes none that becomes idle later.
 */
export function closeIdleConnectionsOf(server: Server): () => void {
  const requests = new Map<Socket, number>()
  const count = (socket: Socket, change: number): void => {
    const before = requests.get(socket)
    if (before !== undefined) requests.set(socket, before + change)
  }
  server.on('connection', (socket) => {
    requests.set(socket, 0)
    socket.once('close', () => requests.delete(socket))
  })
  // One function for all: a closure and its wrapper for each request are a measurable part of what a short one costs.
  function onClose(this: ServerResponse): void {
    count(this.req.socket, -1)
  }
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.on('close', onClose)
  })
  // From here on the connection belongs to whoever speaks the other protocol.
  server.on('upgrade', ({ socket }) => requests.delete(socket))
  return () => {
    for (const [socket, waiting] of requests) if (waiting === 0) socket.destroySoon()
  }
}
