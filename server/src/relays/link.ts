/**
 * A link to one relay, opened from here and kept open: a WebSocket that carries exchanges, in which the relay asks and this server
 * answers by asking itself. A link that breaks is opened again after a growing wait.
 *
 * States: connecting (no link, or not yet), connected, refused (the relay does not accept the key: tried again seldom, since an operator
 * may have made a mistake), closed.
 */
import type { DoorError } from '@patchbay/kit/door-error.ts'
import { createExchanges, type Exchanges } from '@patchbay/kit/exchanges.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { linkCodes, linkPath } from '@patchbay/protocol/relay.ts'
import { WebSocket } from 'ws'
import { answer, type Target } from './answer.ts'

export interface LinkState {
  state: 'connected' | 'connecting' | 'refused'
  since: Date
  error: string | null
}

export interface Link {
  state(): LinkState
  /** What is under way is finished first. */
  close(): Promise<void>
}

export interface LinkOptions {
  url: string
  key: string
  door: Pick<Door, 'connect'>
  log: Pick<Log, 'info' | 'warn'>
  target: Target
  /** Called whenever the link has come up. */
  onConnected: () => void
  waits?: Waits
}

export interface Waits {
  firstMs: number
  mostMs: number
  refusedMs: number
  /** A relay pings every 10 s; one that was silent so long is gone. */
  silentMs: number
}

const usualWaits: Waits = { firstMs: 500, mostMs: 15_000, refusedMs: 60_000, silentMs: 30_000 }
const FRAME_BYTES = 1024 * 1024
const CLOSE_WITHIN_MS = 5_000
const REFUSED = new Set([401, 403])

export function openLink(options: LinkOptions): Link {
  const { url, key, door, log, target, onConnected, waits = usualWaits } = options
  let current: LinkState = { state: 'connecting', since: new Date(), error: null }
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let open: { ws: WebSocket; exchanges?: Exchanges } | undefined
  let failures = 0

  const become = (state: LinkState['state'], error: string | null): void => {
    const since = state === current.state ? current.since : new Date()
    current = { state, since, error }
  }

  const again = (error: string, isRefused: boolean): void => {
    open = undefined
    if (isClosed) return
    if (current.state === 'connected') log.info({ relay: url, error }, 'the link to a relay broke')
    become(isRefused ? 'refused' : 'connecting', error)
    const grown = Math.min(waits.mostMs, waits.firstMs * 2 ** failures++)
    timer = setTimeout(dial, isRefused ? waits.refusedMs : grown * (0.5 + Math.random() / 2))
  }

  async function dial(): Promise<void> {
    try {
      const socket = await door.connect(url)
      if (isClosed) {
        socket.destroy()
        return
      }
      const ws = new WebSocket(`${url.replace(/^http/, 'ws')}${linkPath}`, {
        // The door has checked where it leads, and speaks TLS already.
        createConnection: () => socket,
        headers: { authorization: `Bearer ${key}` },
        perMessageDeflate: false,
        // Masks keep browsers from writing what a proxy takes for HTTP. This is no browser: a mask of zeros is one that need not be applied.
        generateMask: (mask) => mask.fill(0),
        maxPayload: FRAME_BYTES,
        handshakeTimeout: 10_000,
      })
      follow(ws)
    } catch (error) {
      again((error as DoorError).message, false)
    }
  }

  function follow(ws: WebSocket): void {
    const mine = { ws } as NonNullable<typeof open>
    open = mine
    let said = 'The connection broke.'
    let isRefused = false
    let silence: NodeJS.Timeout | undefined
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => {
        said = 'The relay was silent.'
        ws.terminate()
      }, waits.silentMs)
    }
    ws.on('unexpected-response', (_request, response) => {
      isRefused = REFUSED.has(response.statusCode ?? 0)
      said = isRefused
        ? 'The relay does not accept the key of this server: activate it again with a new code.'
        : `The relay answered ${response.statusCode}.`
      response.resume()
      ws.terminate()
    })
    ws.on('open', () => {
      const exchanges = createExchanges({ wire: ws, onAsked: (exchange) => answer(exchange, target) })
      mine.exchanges = exchanges
      ws.on('message', (frame, isBinary) => {
        if (isBinary) exchanges.receive(frame as Buffer)
        else ws.terminate()
      })
      failures = 0
      become('connected', null)
      heard()
      log.info({ relay: url }, 'a link to a relay is open')
      onConnected()
    })
    ws.on('ping', heard)
    ws.on('error', (error) => {
      if (said === 'The connection broke.') said = error.message
    })
    ws.on('close', (code) => {
      clearTimeout(silence)
      mine.exchanges?.close()
      if (code === linkCodes.revoked) {
        said = 'The operator of the relay has revoked this server.'
        isRefused = true
      }
      if (open === mine) again(said, isRefused)
    })
  }

  void dial()

  return {
    state: () => current,
    async close() {
      isClosed = true
      clearTimeout(timer)
      if (!open) return
      const { ws, exchanges } = open
      const late = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref())
      if (exchanges) {
        exchanges.leave()
        const closed = new Promise((resolve) => ws.once('close', resolve))
        const settled = exchanges.settled().then(() => {
          ws.close(1000)
          return closed
        })
        await Promise.race([settled, late])
      }
      ws.terminate()
    },
  }
}
