// An agent's desk without a screen: the socket and the model of the real one, connecting again whenever it is cut.
import { setTimeout as sleep } from 'node:timers/promises'
import type { InboxRow, Thread } from '@patchbay/protocol/api/interactions.ts'
import type { ClientMessage, ServerMessage } from '@patchbay/protocol/push.ts'
import {
  apply,
  closeThread,
  connecting,
  disconnected,
  hello,
  initialState,
  type LiveState,
  putOlder,
  putThread,
  refetched,
} from '@patchbay/web/live/reduce.ts'
import { WebSocket } from 'undici'

export interface Desk {
  readonly state: LiveState
  /** Items that one connection was told although it had them. */
  readonly repeated: number
  /** How many connections were made so far. */
  readonly connections: number
  /** Reasons of the server's goodbyes. */
  readonly goodbyes: readonly string[]
  /** Calls that were refused because this desk said something wrong. */
  readonly mistakes: readonly string[]
  open(interactionId: number): Promise<void>
  /** Reads the page before what is shown of a thread. */
  readBack(interactionId: number): Promise<void>
  hide(interactionId: number): void
  /** Cuts the connection without a goodbye; the desk comes back by itself. */
  cut(): void
  /** undefined: no answer, or none that says yes. */
  call<T>(method: string, path: string, body?: object): Promise<T | undefined>
  close(): Promise<void>
}

export interface DeskOptions {
  /** Of every node: when one is not there the next is tried. */
  origins: readonly string[]
  key: string
  onChange?: (desk: Desk) => void
}

const AGAIN_MS = 100
const ANSWER_WITHIN_MS = 30_000

export function openDesk({ origins, key, onChange }: DeskOptions): Desk {
  let state: LiveState = initialState
  let ws: WebSocket | undefined
  let node = 0
  let isOver = false
  let repeated = 0
  let connections = 0
  const goodbyes: string[] = []
  const mistakes: string[] = []
  /** What the present connection has told of each thread. */
  const told = new Map<number, number>()
  /** What was asked for, as thread and the seq from which: the answer may cross what is on its way already, and then tells that again. */
  const asked = new Map<string, number>()

  const origin = (): string => origins[node % origins.length] ?? ''
  const say = (message: ClientMessage): void => {
    if (ws?.readyState !== WebSocket.OPEN) return
    if (message.type === 'open') {
      const which = `${message.interactionId} ${message.seq}`
      asked.set(which, (asked.get(which) ?? 0) + 1)
    }
    ws.send(JSON.stringify(message))
  }

  const hear = (message: ServerMessage): void => {
    if (message.type === 'end') goodbyes.push(message.reason)
    if (message.type === 'thread') {
      const before = told.get(message.interactionId) ?? 0
      const which = `${message.interactionId} ${(message.items[0]?.seq ?? 0) - 1}`
      const times = asked.get(which) ?? 0
      asked.set(which, Math.max(0, times - 1))
      const isAnswer = times > 0
      if (!isAnswer) repeated += message.items.filter(({ seq }) => seq <= before).length
      told.set(message.interactionId, Math.max(before, message.seq))
    }
    const { resets } = state
    state = apply(state, message)
    if (state.resets > resets) void fetchAnew()
    for (const [id, { gap }] of state.threads) if (gap) void desk.open(id)
    onChange?.(desk)
  }

  /** Until it has come, or another reset or connection has to be heeded. */
  const fetchAnew = async (): Promise<void> => {
    const { resets } = state
    while (state.sync === 'stale' && !isOver) {
      const page = await desk.call<{ rows: InboxRow[] }>('GET', '/api/openchannel/inbox?view=mine&limit=200')
      if (state.resets !== resets) return
      if (page) state = refetched(state, page.rows)
      else await sleep(AGAIN_MS)
    }
    for (const id of state.threads.keys()) await desk.open(id)
    onChange?.(desk)
  }

  const connect = (): Promise<void> =>
    new Promise((closed) => {
      const socket = new WebSocket(`${origin().replace('http', 'ws')}/api/socket?apikey=${key}`)
      ws = socket
      told.clear()
      asked.clear()
      socket.addEventListener('open', () => {
        connections++
        state = connecting(state)
        const greeting = hello(state)
        for (const [id, seq] of Object.entries(greeting.threads)) told.set(Number(id), seq)
        say(greeting)
      })
      socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as ServerMessage))
      socket.addEventListener('error', () => {})
      socket.addEventListener('close', () => closed())
    })

  const stayConnected = async (): Promise<void> => {
    while (!isOver) {
      await connect()
      state = disconnected(state)
      if (isOver) return
      node++
      await sleep(AGAIN_MS * (1 + Math.random()))
    }
  }

  const desk: Desk = {
    get state() {
      return state
    },
    get repeated() {
      return repeated
    },
    get connections() {
      return connections
    },
    goodbyes,
    mistakes,
    async open(interactionId) {
      const thread = await desk.call<Thread>(
        'GET',
        `/api/openchannel/interactions/${interactionId}/thread?limit=200`,
      )
      if (!thread) return
      state = putThread(state, thread)
      say({ type: 'open', interactionId, seq: state.threads.get(interactionId)?.seq ?? thread.seq })
      onChange?.(desk)
    },
    async readBack(interactionId) {
      const first = state.threads.get(interactionId)?.items[0]?.seq
      if (first === undefined) return
      const thread = await desk.call<Thread>(
        'GET',
        `/api/openchannel/interactions/${interactionId}/thread?limit=200&before=${first}`,
      )
      if (!thread) return
      state = putOlder(state, thread)
      onChange?.(desk)
    },
    hide(interactionId) {
      state = closeThread(state, interactionId)
      say({ type: 'close', interactionId })
    },
    cut: () => ws?.close(),
    async call<T>(method: string, path: string, body?: object) {
      try {
        const response = await fetch(`${origin()}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        })
        const text = await response.text()
        if (response.status === 400) mistakes.push(text)
        return response.ok ? ((text === '' ? {} : JSON.parse(text)) as T) : undefined
      } catch {
        return undefined
      }
    },
    async close() {
      isOver = true
      ws?.close()
      await running
    },
  }
  const running = stayConnected()
  return desk
}
