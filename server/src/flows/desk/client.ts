/** One socket of a desk: what it was let in by, what it shows, and how far it is behind. */
import type { Socket } from 'node:net'
import { closeCodes, type ServerMessage } from '@patchbay/protocol/push.ts'
import type { WebSocket } from 'ws'
import type { Pass, Standing } from '../../access/standing.ts'

export interface Client {
  readonly ws: WebSocket
  /** Below `ws`. */
  readonly socket: Socket
  readonly pass: Pass
  readonly userId: number
  /** As it was looked up last. */
  standing: Standing
  /** Shown threads. `accountId` is null until it is known that the user may see the thread. */
  readonly shown: Map<number, { seq: number; accountId: number | null }>
  hasSaidHello: boolean
  /** Threads of its hello that it has said nothing of since, with the seq it has of each. */
  named: Map<number, number>
  /** Hears rows and threads. */
  isGreeted: boolean
  /** Was told what it missed, and hears the rest from there on. */
  isSynced: boolean
  /** Pings without an answer. */
  missed: number
  /** Bytes given to the socket so far; those before `mark.bytes` must have left within some seconds of `mark.at`. */
  sentBytes: number
  mark: { at: number; bytes: number }
  /** Messages of the client in the present window. */
  spoken: { since: number; count: number }
}

const MAX_BUFFERED_BYTES = 1024 * 1024
const MAX_BEHIND_MS = 5_000
const MAX_MISSED = 3
const MESSAGES_PER_WINDOW = 200
const WINDOW_MS = 10_000
const GOODBYE_MS = 1_000

export function createClient(ws: WebSocket, socket: Socket, pass: Pass, standing: Standing): Client {
  const now = performance.now()
  return {
    ws,
    socket,
    pass,
    userId: standing.userId,
    standing,
    shown: new Map(),
    hasSaidHello: false,
    named: new Map(),
    isGreeted: false,
    isSynced: false,
    missed: 0,
    sentBytes: 0,
    mark: { at: now, bytes: 0 },
    spoken: { since: now, count: 0 },
  }
}

/** Whether its user is at this desk and may be given work. */
export function isAtWork({ standing }: Client): boolean {
  return standing.mayAnswer && !standing.isViewed
}

/** As it stands on the wire, written once for all who receive it: what a server says is the same bytes for everybody. */
export type Frame = Buffer

export function frame(message: ServerMessage): Frame {
  return frameOf(JSON.stringify(message))
}

const TEXT_WHOLE = 0x81
const LENGTH_IN_2 = 126
const LENGTH_IN_8 = 127

/** A text message in one frame, unmasked (RFC 6455, 5.2). */
export function frameOf(json: string): Frame {
  const length = Buffer.byteLength(json)
  const headLength = length < LENGTH_IN_2 ? 2 : length < 65_536 ? 4 : 10
  const data = Buffer.allocUnsafe(headLength + length)
  data[0] = TEXT_WHOLE
  if (headLength === 2) data[1] = length
  else if (headLength === 4) {
    data[1] = LENGTH_IN_2
    data.writeUInt16BE(length, 2)
  } else {
    data[1] = LENGTH_IN_8
    data.writeBigUInt64BE(BigInt(length), 2)
  }
  data.write(json, headLength)
  return data
}

/** What stands in the way is what was sent before: one long message is no reason to give a desk up. */
export function send(client: Client, data: Frame): void {
  const { ws } = client
  if (ws.readyState !== ws.OPEN) return
  if (ws.bufferedAmount > MAX_BUFFERED_BYTES) {
    end(client, 'behind')
    return
  }
  hold(client.socket)
  client.socket.write(data)
  client.sentBytes += data.length
}

const held = new Set<Socket>()

// Writing costs more than everything else that is done for a message, so what is sent in one turn leaves in one write.
function hold(socket: Socket): void {
  if (held.has(socket)) return
  if (held.size === 0) process.nextTick(letGo)
  held.add(socket)
  socket.cork()
}

function letGo(): void {
  for (const socket of held) socket.uncork()
  held.clear()
}

/** Call every few seconds: pings, and closes a socket that does not answer or does not keep up. */
export function check(client: Client, now: number): void {
  const { ws, mark } = client
  if (ws.readyState !== ws.OPEN) return
  const hasKeptUp = client.sentBytes - ws.bufferedAmount >= mark.bytes
  if (hasKeptUp) client.mark = { at: now, bytes: client.sentBytes }
  if (client.missed >= MAX_MISSED) ws.terminate()
  else if (!hasKeptUp && now - mark.at > MAX_BEHIND_MS) end(client, 'behind')
  else {
    client.missed += 1
    ws.ping()
  }
}

/** Whether the client may go on speaking: a person does not say so much. */
export function maySpeak(client: Client, now: number): boolean {
  const { spoken } = client
  if (now - spoken.since > WINDOW_MS) client.spoken = { since: now, count: 1 }
  else spoken.count += 1
  return client.spoken.count <= MESSAGES_PER_WINDOW
}

const codes = {
  'signed-out': closeCodes.signedOut,
  disabled: closeCodes.signedOut,
  behind: closeCodes.behind,
  stopping: 1001,
} as const satisfies Record<Extract<ServerMessage, { type: 'end' }>['reason'], number>

/** Says why and closes. Who does not take the goodbye is cut off. */
export function end(client: Client, reason: keyof typeof codes): void {
  const { ws, socket } = client
  if (ws.readyState !== ws.OPEN) return
  if (reason !== 'behind') socket.write(frame({ type: 'end', reason }))
  close(client, codes[reason], reason)
}

export function close({ ws }: Client, code: number, reason: string): void {
  ws.close(code, reason)
  setTimeout(() => ws.terminate(), GOODBYE_MS).unref()
}
