/** The links that servers hold open: WebSockets that carry exchanges, in which the relay asks and the server answers. */
import { createExchanges, type Exchanges } from '@patchbay/kit/exchanges.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { linkCodes } from '@patchbay/protocol/relay.ts'
import type { WebSocket } from 'ws'

export interface Link {
  readonly exchanges: Exchanges
  readonly ws: WebSocket
  /** The server takes no more requests here. */
  isLeaving: boolean
}

export interface Links {
  add(serverId: string, ws: WebSocket): void
  /** The one of the server's links that carries the least; undefined while the server is away. */
  pick(serverId: string): Link | undefined
  count(serverId: string): number
  size(): number
  /** Closes a server's links, for good. */
  end(serverId: string): void
  close(): Promise<void>
}

const PING_MS = 10_000
/** A link that was silent so long is dead, whatever the connection below it believes. */
const SILENT_MS = 25_000
const CLOSE_WITHIN_MS = 5_000

export function createLinks(options: {
  log: Log
  onSeen: (serverId: string) => void
  pingMs?: number
}): Links {
  const { log, onSeen, pingMs = PING_MS } = options
  const links = new Map<string, Set<Link>>()
  const heardAt = new WeakMap<Link, number>()

  const all = function* (): Iterable<[string, Link]> {
    for (const [serverId, set] of links) for (const link of set) yield [serverId, link]
  }
  const sweep = setInterval(() => {
    const now = performance.now()
    for (const [serverId, link] of all()) {
      if (now - (heardAt.get(link) ?? 0) > Math.max(SILENT_MS, 2 * pingMs)) {
        log.info({ serverId }, 'a link was silent and is given up')
        link.ws.terminate()
      } else link.ws.ping()
    }
  }, pingMs).unref()

  return {
    add(serverId, ws) {
      const exchanges = createExchanges({
        wire: ws,
        onLeave: () => {
          link.isLeaving = true
        },
      })
      const link: Link = { exchanges, ws, isLeaving: false }
      const set = links.get(serverId) ?? new Set()
      links.set(serverId, set.add(link))
      heardAt.set(link, performance.now())
      onSeen(serverId)
      ws.on('message', (frame, isBinary) => {
        if (isBinary) exchanges.receive(frame as Buffer)
        else ws.terminate()
      })
      ws.on('pong', () => heardAt.set(link, performance.now()))
      ws.on('close', () => {
        set.delete(link)
        if (set.size === 0 && links.get(serverId) === set) links.delete(serverId)
        onSeen(serverId)
        exchanges.close()
      })
      ws.on('error', (error) => log.info({ serverId, err: error }, 'a link broke'))
    },
    pick(serverId) {
      let best: Link | undefined
      for (const link of links.get(serverId) ?? [])
        if (isUsable(link) && !(best && best.exchanges.size() <= link.exchanges.size())) best = link
      return best
    },
    count: (serverId) => links.get(serverId)?.size ?? 0,
    size: () => [...links.values()].reduce((sum, { size }) => sum + size, 0),
    end(serverId) {
      for (const { ws } of links.get(serverId) ?? []) ws.close(linkCodes.revoked, 'revoked')
    },
    async close() {
      clearInterval(sweep)
      // What is under way is finished; then each server is told to come to another relay.
      const ending = [...all()].map(([, { exchanges, ws }]) =>
        exchanges.settled().then(() => ws.close(1001, 'stopping')),
      )
      const late = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref())
      await Promise.race([Promise.all(ending), late])
      for (const [, { ws }] of all()) ws.terminate()
    },
  }
}

function isUsable({ ws, isLeaving }: Link): boolean {
  return !isLeaving && ws.readyState === ws.OPEN
}
