/**
 * Keeps one WebSocket to the server for the page: says hello, takes what comes into the model, and comes back after every break.
 *
 * A socket can be dead long before it closes (a laptop that slept, a network that changed): when nothing was heard for a while, or the
 * page is looked at again, the server is asked for a sign of life, and a socket that gives none is dropped.
 */
import { type ClientMessage, closeCodes, type ServerMessage } from '@patchbay/protocol/push.ts'
import { queryClient } from '../api/queries.ts'
import { connection, setConnection } from '../shell/connection.ts'
import { apply, connecting, disconnected, hello } from './reduce.ts'
import { live, subscribe, update } from './store.ts'

/** After a break: at once, then ever slower, up to this. */
const slowestRetryMs = 8_000
/** A blink is not worth a banner. */
const blinkMs = 1_500
/** From the first try to connect to the word that nothing is missing. */
const syncWithinMs = 15_000
const quietMs = 15_000
const answerWithinMs = 5_000

let socket: WebSocket | null = null
let isWanted = false
let failures = 0
let heardAt = 0
let retry: ReturnType<typeof setTimeout> | undefined
let blink: ReturnType<typeof setTimeout> | undefined
let doubt: ReturnType<typeof setTimeout> | undefined
/** The threads on screen, which the server continues. */
const shown = new Set<number>()

/** Connects until the answer is called. */
export function connect(): () => void {
  isWanted = true
  const stopWatching = subscribe(settle)
  open()
  window.addEventListener('online', look)
  document.addEventListener('visibilitychange', look)
  const watch = setInterval(() => {
    if (Date.now() - heardAt > quietMs) ask()
  }, quietMs)
  return () => {
    isWanted = false
    stopWatching()
    window.removeEventListener('online', look)
    document.removeEventListener('visibilitychange', look)
    clearInterval(watch)
    for (const timer of [retry, blink, doubt]) clearTimeout(timer)
    const left = socket
    socket = null
    left?.close(1000)
    failures = 0
    setConnection({ state: 'live' })
  }
}

/** Lost when there is no connection: the next hello says all that matters. */
export function tell(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

/** Has the server continue a thread that was fetched, and tell colleagues who looks at it. */
export function follow(interactionId: number): void {
  shown.add(interactionId)
  const seq = live().threads.get(interactionId)?.seq
  if (seq !== undefined) tell({ type: 'open', interactionId, seq })
}

export function unfollow(interactionId: number): void {
  if (shown.delete(interactionId)) tell({ type: 'close', interactionId })
}

export function isFollowed(interactionId: number): boolean {
  return shown.has(interactionId)
}

/** Somebody looks, or the network is back: whether the connection lives must be known now. */
function look(): void {
  if (document.visibilityState === 'hidden') return
  if (socket !== null) {
    ask()
    return
  }
  clearTimeout(retry)
  open()
}

function ask(): void {
  const mine = socket
  if (mine?.readyState !== WebSocket.OPEN) return
  const askedAt = Date.now()
  tell({ type: 'ping' })
  clearTimeout(doubt)
  doubt = setTimeout(() => {
    if (socket === mine && heardAt < askedAt) lose(mine)
  }, answerWithinMs)
}

function open(): void {
  if (!isWanted || socket !== null) return
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const mine = new WebSocket(`${scheme}://${location.host}/api/socket`)
  socket = mine
  clearTimeout(doubt)
  doubt = setTimeout(() => {
    if (socket === mine && live().sync === 'syncing') lose(mine)
  }, syncWithinMs)
  mine.addEventListener('open', () => {
    if (socket !== mine) return
    update(connecting)
    mine.send(JSON.stringify(greeting()))
    if (connection().state === 'offline') setConnection({ state: 'syncing' })
  })
  mine.addEventListener('message', ({ data }) => {
    if (socket === mine) receive(JSON.parse(String(data)) as ServerMessage)
  })
  mine.addEventListener('close', ({ code }) => {
    if (socket === mine) lose(mine, code)
  })
}

/** Threads in memory that nobody looks at are continued when they are shown again. */
function greeting(): ClientMessage {
  const { threads, ...rest } = hello(live())
  return {
    ...rest,
    threads: Object.fromEntries(Object.entries(threads).filter(([id]) => shown.has(Number(id)))),
  }
}

function receive(message: ServerMessage): void {
  heardAt = Date.now()
  update((state) => apply(state, message))
  // What came tells of life; a banner from a network that only seemed lost goes.
  settle()
}

/** In sync, by what the server sent or by what was fetched after it had said `reset`. */
function settle(): void {
  if (live().sync !== 'synced') return
  failures = 0
  clearTimeout(blink)
  blink = undefined
  setConnection({ state: 'live' })
}

function lose(mine: WebSocket, code?: number): void {
  socket = null
  mine.close()
  update(disconnected)
  blink ??= setTimeout(() => setConnection({ state: 'offline' }), blinkMs)
  // Whether the session is gone too, the handshake does not say: asking who one is leads to the sign-in page.
  if (code === closeCodes.signedOut || failures > 1) void queryClient.invalidateQueries({ queryKey: ['me'] })
  const waitMs = Math.min(slowestRetryMs, 200 * 2 ** failures) * (0.5 + Math.random())
  failures++
  clearTimeout(retry)
  retry = setTimeout(open, waitMs)
}
