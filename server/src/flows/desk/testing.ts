/** A desk without a screen: the socket and the model of the real one. */
import type { InboxRow, Thread, View } from '@patchbay/protocol/api/interactions.ts'
import type { ClientMessage, ServerMessage } from '@patchbay/protocol/push.ts'
import {
  apply,
  closeThread,
  connecting,
  disconnected,
  hello,
  initialState,
  type LiveState,
  putThread,
  refetched,
} from '@patchbay/web/live/reduce.ts'
import { WebSocket } from 'ws'
import type { Person, TestNode } from '../../testing.ts'

export interface Desk {
  readonly state: LiveState
  readonly messages: ServerMessage[]
  /** Connects, says hello and resolves when the server says `synced`; fetches anew when that is a reset. */
  connect(node?: TestNode): Promise<Extract<ServerMessage, { type: 'synced' }>>
  /** Cuts the connection without a goodbye. */
  cut(): Promise<void>
  open(interactionId: number): Promise<void>
  hide(interactionId: number): void
  say(message: ClientMessage | string): void
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  readonly ws: WebSocket
}

const views: readonly View[] = ['mine', 'waiting', 'team', 'closed']

export function createDesk(home: TestNode, person: Person, cursor: string | null = null): Desk {
  let node = home
  let state: LiveState = { ...initialState, cursor }
  let ws: WebSocket | undefined
  let closed: Promise<number> | undefined
  const messages: ServerMessage[] = []
  const opened = (): WebSocket => {
    if (!ws) throw new Error('the desk is not connected')
    return ws
  }

  const desk: Desk = {
    messages,
    get state() {
      return state
    },
    get closed() {
      return closed ?? Promise.reject(new Error('the desk is not connected'))
    },
    get ws() {
      return opened()
    },
    say: (message) => opened().send(typeof message === 'string' ? message : JSON.stringify(message)),
    async connect(to = node) {
      node = to
      const socket = new WebSocket(`${node.url.replace('http', 'ws')}/api/socket`, {
        headers: { ...person.headers, origin: node.url },
      })
      ws = socket
      closed = new Promise((resolve) => socket.once('close', resolve))
      state = connecting(state)
      const synced = Promise.withResolvers<Extract<ServerMessage, { type: 'synced' }>>()
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as ServerMessage
        messages.push(message)
        state = apply(state, message)
        if (message.type === 'synced') synced.resolve(message)
      })
      socket.once('error', synced.reject)
      socket.once('open', () => desk.say(hello(state)))
      void closed.then(() => synced.reject(new Error('closed before synced')))
      const answer = await synced.promise
      if (state.sync === 'stale') {
        state = refetched(state, await fetchRows(node, person))
        for (const id of state.threads.keys()) await open(id)
      }
      return answer
    },
    async cut() {
      opened().terminate()
      await closed
      state = disconnected(state)
    },
    open: (interactionId) => open(interactionId),
    hide(interactionId) {
      state = closeThread(state, interactionId)
      desk.say({ type: 'close', interactionId })
    },
  }

  const open = async (interactionId: number): Promise<void> => {
    const thread = await fetchThread(node, person, interactionId)
    if (!thread) return
    state = putThread(state, thread)
    const seq = state.threads.get(interactionId)?.seq ?? thread.seq
    if (ws?.readyState === WebSocket.OPEN) desk.say({ type: 'open', interactionId, seq })
  }
  return desk
}

/** Every row that the person sees, by all pages of all views. */
export async function fetchRows(node: TestNode, person: Person): Promise<InboxRow[]> {
  const pages = views.map(async (view) => {
    const rows: InboxRow[] = []
    let cursor: string | null = null
    do {
      const { body }: { body: { rows: InboxRow[]; cursor: string | null } } = await node.call(
        'GET /api/openchannel/inbox',
        {
          as: person,
          query: { view, limit: 50, ...(cursor !== null && { cursor }) },
        },
      )
      rows.push(...body.rows)
      cursor = body.cursor
    } while (cursor !== null)
    return rows
  })
  return (await Promise.all(pages)).flat()
}

/** undefined: the person may not see it. */
export async function fetchThread(node: TestNode, person: Person, id: number): Promise<Thread | undefined> {
  const { status, body } = await node.call('GET /api/openchannel/interactions/:id/thread', {
    as: person,
    params: { id },
    query: { limit: 200 },
  })
  return status === 200 ? body : undefined
}
