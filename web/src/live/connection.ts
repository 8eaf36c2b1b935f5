/** Keeps one WebSocket to the server for the page: says hello, takes what comes into the model, and comes back after every break. */
import { type ClientMessage, closeCodes, type ServerMessage } from '@patchbay/protocol/push.ts'
import { queryClient } from '../api/queries.ts'
import { setConnection } from '../shell/connection.ts'
import { apply, connecting, disconnected, hello } from './reduce.ts'
import { live, update } from './store.ts'

/** After a break: at once, then ever slower, up to this. */
const slowestRetryMs = 8_000

let socket: WebSocket | null = null
let retry: ReturnType<typeof setTimeout> | undefined
let failures = 0
let isWanted = false

/** Connects until the answer is called. */
export function connect(): () => void {
  isWanted = true
  open()
  window.addEventListener('online', openNow)
  document.addEventListener('visibilitychange', openNow)
  return () => {
    isWanted = false
    clearTimeout(retry)
    window.removeEventListener('online', openNow)
    document.removeEventListener('visibilitychange', openNow)
    socket?.close(1000)
    socket = null
  }
}

/** Lost when there is no connection: the next hello says all that matters. */
export function tell(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

function openNow(): void {
  if (document.visibilityState === 'hidden' || socket !== null) return
  clearTimeout(retry)
  open()
}

function open(): void {
  if (!isWanted || socket !== null) return
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const mine = new WebSocket(`${scheme}://${location.host}/api/socket`)
  socket = mine
  mine.addEventListener('open', () => {
    update(connecting)
    mine.send(JSON.stringify(hello(live())))
  })
  mine.addEventListener('message', ({ data }) => {
    if (socket === mine) receive(JSON.parse(String(data)) as ServerMessage)
  })
  mine.addEventListener('close', ({ code }) => {
    if (socket !== mine) return
    socket = null
    update(disconnected)
    // The session is gone: the next call of the API leads to the sign-in page.
    if (code === closeCodes.signedOut) void queryClient.invalidateQueries({ queryKey: ['me'] })
    else scheduleRetry()
  })
}

function receive(message: ServerMessage): void {
  if (message.type === 'synced') failures = 0
  update((state) => apply(state, message))
  setConnection({ state: live().sync === 'synced' ? 'live' : 'syncing' })
}

function scheduleRetry(): void {
  // A blink is not worth a banner; from the second failure on the agent should know.
  if (failures > 0) setConnection({ state: 'offline' })
  const waitMs = Math.min(slowestRetryMs, 200 * 2 ** failures) * (0.5 + Math.random())
  failures++
  retry = setTimeout(open, waitMs)
}
