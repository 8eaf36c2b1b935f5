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
  sinceReset,
} from '@patchbay/web/live/reduce.ts'
import { WebSocket } from 'ws'
import type { Person, TestNode } from '../../testing.ts'
import { OVERLAP_MS } from '../../views/board.ts'

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

/**
 * What becomes of a frame on its way. `late` ones are overtaken by the next; `lost` are the items of a thread, and `cut` is a frame that
 * never comes, nor any after it, until the desk connects again: a connection loses its end and nothing else.
 */
export type Fate = 'comes' | 'twice' | 'late' | 'lost' | 'cut'

const views: readonly View[] = ['mine', 'waiting', 'team', 'closed']

export interface DeskOptions {
  cursor?: string | null
  fate?: () => Fate
  /** The control: a thread that tells of a gap is left as it is. */
  ignoresGaps?: boolean
  /** The control: whatever was said until the cut is taken for heard. */
  trustsCursor?: boolean
}

export function createDesk(
  home: TestNode,
  person: Person,
  { cursor = null, fate = () => 'comes', ignoresGaps = false, trustsCursor = false }: DeskOptions = {},
): Desk {
  let node = home
  let state: LiveState = { ...initialState, cursor }
  let ws: WebSocket | undefined
  let closed: Promise<number> | undefined
  const messages: ServerMessage[] = []
  const opened = (): WebSocket => {
    if (!ws) throw new Error('the desk is not connected')
    return ws
  }

  let isDeaf = false
  let late: ServerMessage[] = []
  const take = (message: ServerMessage): void => {
    messages.push(message)
    const wasSynced = state.sync === 'synced'
    state = apply(state, message)
    if (wasSynced && state.sync === 'stale') void renew()
    if (message.type !== 'thread' || ignoresGaps) return
    // As the real desk does when it is told of a gap.
    if (state.threads.get(message.interactionId)?.gap) void open(message.interactionId)
  }
  const hear = (message: ServerMessage): void => {
    const isState =
      message.type === 'thread' ||
      (message.type === 'interactions' && message.gone.length + message.goneAccounts.length === 0)
    const its = state.sync === 'synced' && isState ? fate() : 'comes'
    if (its === 'cut') isDeaf = true
    if (isDeaf) return
    if (!isState) for (const one of late.splice(0)) take(one)
    if (its === 'lost' && message.type === 'thread') return
    if (its === 'late') {
      late.push(message)
      return
    }
    take(message)
    if (its === 'twice') take(message)
    for (const one of late.splice(0)) take(one)
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
      isDeaf = false
      late = []
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as ServerMessage
        if (ws === socket) hear(message)
        if (message.type === 'synced') synced.resolve(message)
      })
      socket.once('error', synced.reject)
      socket.once('open', () => desk.say(hello(state)))
      void closed.then(() => synced.reject(new Error('closed before synced')))
      const answer = await synced.promise
      if (state.sync === 'stale') await renew()
      return answer
    },
    async cut() {
      opened().terminate()
      await closed
      for (const message of late.splice(0)) take(message)
      state = disconnected(state)
      if (trustsCursor) state = { ...state, cursor: String(Date.now() + OVERLAP_MS - 100) }
    },
    open: (interactionId) => open(interactionId),
    hide(interactionId) {
      state = closeThread(state, interactionId)
      desk.say({ type: 'close', interactionId })
    },
  }

  /** As the real desk does after a reset. */
  const renew = async (): Promise<void> => {
    const socket = ws
    const rows = await sinceReset(
      () => state,
      () => fetchRows(node, person),
    )
    if (ws !== socket || state.sync !== 'stale') return
    state = refetched(state, rows)
    for (const id of state.threads.keys()) await open(id)
  }

  const open = async (interactionId: number): Promise<void> => {
    const thread = await sinceReset(
      () => state,
      () => fetchThread(node, person, interactionId),
    )
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
      const answer: { status: number; body: { rows: InboxRow[]; cursor: string | null } } = await node.call(
        'GET /api/openchannel/inbox',
        {
          as: person,
          query: { view, limit: 50, ...(cursor !== null && { cursor }) },
        },
      )
      // The right to read was taken meanwhile: there is nothing to show.
      if (answer.status === 403) return []
      rows.push(...answer.body.rows)
      cursor = answer.body.cursor
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
