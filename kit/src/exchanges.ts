/**
 * Carries many requests with their answers over one connection of messages, such as a WebSocket. One side asks, the other answers.
 *
 * A message is a frame: type, flags, the number of the exchange (4 bytes), then what the type says. Heads are JSON, bodies are bytes. What
 * is small goes in one frame each way. A body that is not stays within a window, which the side that reads it moves on, so that one that
 * is read slowly holds up no other.
 *
 * Each direction of an exchange: open, then whole (its last frame said so). An exchange is gone when both are whole, or when either side
 * cut it: what came of a direction that was not whole is a part, and must never pass for all.
 */

/** What carries the frames. */
export interface Wire {
  send(frame: Buffer, sent: () => void): void
  /** What was sent and has not left yet. */
  readonly bufferedAmount: number
  terminate(): void
}

/** Hears of one exchange. */
export interface Listener {
  /** `body` is what came with it; `isWhole`: all of it, and `end` is not called. */
  head(head: unknown, body: Buffer, isWhole: boolean): void
  data(chunk: Buffer): void
  end(): void
  /** The other side gave up, or the connection broke. Nothing follows. */
  cut(): void
  /** After a write that found no room there is some. */
  room(): void
}

export interface Exchange {
  /** `isWhole`: no more follows. Answers whether there is room for more. */
  head(head: object, body?: Buffer, isWhole?: boolean): boolean
  write(chunk: Buffer): boolean
  end(): void
  cut(): void
  /** So many bytes of what came are worked off. */
  took(bytes: number): void
}

export interface Exchanges {
  /** Asks. */
  open(listener: Listener): Exchange
  receive(message: Buffer): void
  /** Tells the other side to ask nothing more here. */
  leave(): void
  size(): number
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  /** The connection is gone. */
  close(): void
}

export interface ExchangesOptions {
  wire: Wire
  /** Of the side that answers. */
  onAsked?: (exchange: Exchange) => Listener
  /** The other side takes no more requests. */
  onLeave?: () => void
}

const HEAD = 1
const DATA = 2
const CUT = 3
const CREDIT = 4
const LEAVE = 5
const WHOLE = 1
const FRAME_BYTES = 6

const WINDOW_BYTES = 1024 * 1024
/** A chunk may go beyond the window with which it began. */
const BEYOND_BYTES = 1024 * 1024
/** Of all exchanges together, in memory and not yet with the operating system. */
const FULL_BYTES = 4 * 1024 * 1024
const MOST_NUMBER = 0xffff_ffff
const nothing = Buffer.alloc(0)

interface Open {
  exchange: Exchange
  listener: Listener
  hasHead: boolean
  isHeard: boolean
  isSaid: boolean
  /** What the other side still takes in; below zero when a chunk went beyond. */
  credit: number
  /** What came and was not worked off, and what of that was worked off but not told yet. */
  owed: number
  untold: number
  isStalled: boolean
}

export function createExchanges({ wire, onAsked, onLeave }: ExchangesOptions): Exchanges {
  const open = new Map<number, Open>()
  const waiting = new Set<() => void>()
  let last = 0
  let isFull = false
  let isClosed = false

  const sent = (): void => {
    if (!isFull || wire.bufferedAmount > FULL_BYTES / 2) return
    isFull = false
    for (const one of [...open.values()]) wake(one)
  }
  const send = (frame: Buffer): void => {
    if (isClosed) return
    wire.send(frame, sent)
    if (wire.bufferedAmount > FULL_BYTES) isFull = true
  }
  const wake = (one: Open): void => {
    if (!one.isStalled || isFull || one.credit <= 0) return
    one.isStalled = false
    one.listener.room()
  }
  const forget = (id: number): void => {
    open.delete(id)
    if (open.size === 0) settle()
  }
  const settle = (): void => {
    for (const done of waiting) done()
    waiting.clear()
  }
  const breakOff = (): void => {
    close()
    wire.terminate()
  }
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    const cut = [...open.values()]
    open.clear()
    for (const { listener } of cut) listener.cut()
    settle()
  }

  const begin = (id: number, listenerOf: (exchange: Exchange) => Listener): Open => {
    const isOpen = (): boolean => open.get(id) === one
    const said = (): void => {
      one.isSaid = true
      if (one.isHeard) forget(id)
    }
    const room = (bytes: number): boolean => {
      one.credit -= bytes
      one.isStalled = isFull || one.credit <= 0
      return !one.isStalled
    }
    const exchange: Exchange = {
      head(head, body = nothing, isWhole = false) {
        if (!isOpen()) return true
        send(headFrame(id, head, body, isWhole))
        if (isWhole) said()
        return room(body.length)
      },
      write(chunk) {
        if (!isOpen() || one.isSaid) return true
        send(frameOf(DATA, 0, id, chunk))
        return room(chunk.length)
      },
      end() {
        if (!isOpen() || one.isSaid) return
        send(frameOf(DATA, WHOLE, id, nothing))
        said()
      },
      cut() {
        if (!isOpen()) return
        send(frameOf(CUT, 0, id, nothing))
        forget(id)
      },
      took(bytes) {
        one.untold += bytes
        // Of what is heard to its end nobody waits for the window.
        if (!isOpen() || one.isHeard || one.untold < WINDOW_BYTES / 4) return
        const credit = Buffer.allocUnsafe(4)
        credit.writeUInt32BE(one.untold)
        send(frameOf(CREDIT, 0, id, credit))
        one.owed -= one.untold
        one.untold = 0
      },
    }
    const one: Open = {
      exchange,
      listener: undefined as unknown as Listener,
      hasHead: false,
      isHeard: false,
      isSaid: false,
      credit: WINDOW_BYTES,
      owed: 0,
      untold: 0,
      isStalled: false,
    }
    open.set(id, one)
    one.listener = listenerOf(exchange)
    return one
  }

  const heard = (id: number, one: Open): void => {
    one.isHeard = true
    if (one.isSaid) forget(id)
  }

  const hearHead = (id: number, message: Buffer, isWhole: boolean): void => {
    const known = open.get(id)
    // A late answer to what was cut is nobody's.
    if (!known && !onAsked) return
    const isUnexpected = known?.hasHead || (known && onAsked)
    const head = isUnexpected ? undefined : readHead(message)
    if (!head) {
      breakOff()
      return
    }
    const one = known ?? begin(id, onAsked as NonNullable<typeof onAsked>)
    one.hasHead = true
    one.owed += head.body.length
    if (isWhole) heard(id, one)
    one.listener.head(head.head, head.body, isWhole)
  }

  const hearData = (id: number, one: Open, message: Buffer, isWhole: boolean): void => {
    const chunk = message.subarray(FRAME_BYTES)
    one.owed += chunk.length
    if (!one.hasHead || one.isHeard || one.owed > WINDOW_BYTES + BEYOND_BYTES) {
      breakOff()
      return
    }
    if (chunk.length > 0) one.listener.data(chunk)
    if (!isWhole || open.get(id) !== one) return
    heard(id, one)
    one.listener.end()
  }

  const hear = (type: number | undefined, message: Buffer): void => {
    const id = message.readUInt32BE(2)
    const isWhole = message[1] === WHOLE
    const one = open.get(id)
    if (type === HEAD) hearHead(id, message, isWhole)
    else if (type === LEAVE) onLeave?.()
    else if (!one) return
    else if (type === DATA) hearData(id, one, message, isWhole)
    else if (type === CUT) {
      forget(id)
      one.listener.cut()
    } else if (type === CREDIT && message.length === FRAME_BYTES + 4) {
      one.credit += message.readUInt32BE(FRAME_BYTES)
      wake(one)
    } else breakOff()
  }

  return {
    open(listener) {
      do last = last === MOST_NUMBER ? 1 : last + 1
      while (open.has(last))
      return begin(last, () => listener).exchange
    },
    receive(message) {
      if (isClosed) return
      if (message.length < FRAME_BYTES) breakOff()
      else hear(message[0], message)
    },
    leave: () => send(frameOf(LEAVE, 0, 0, nothing)),
    size: () => open.size,
    settled: () => (open.size === 0 ? Promise.resolve() : new Promise((done) => waiting.add(done))),
    close,
  }
}

function frameOf(type: number, flags: number, id: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_BYTES + payload.length)
  frame[0] = type
  frame[1] = flags
  frame.writeUInt32BE(id, 2)
  payload.copy(frame, FRAME_BYTES)
  return frame
}

function headFrame(id: number, head: object, body: Buffer, isWhole: boolean): Buffer {
  const text = JSON.stringify(head)
  const textBytes = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(FRAME_BYTES + 4 + textBytes + body.length)
  frame[0] = HEAD
  frame[1] = isWhole ? WHOLE : 0
  frame.writeUInt32BE(id, 2)
  frame.writeUInt32BE(textBytes, FRAME_BYTES)
  frame.write(text, FRAME_BYTES + 4)
  body.copy(frame, FRAME_BYTES + 4 + textBytes)
  return frame
}

function readHead(message: Buffer): { head: unknown; body: Buffer } | undefined {
  if (message.length < FRAME_BYTES + 4) return undefined
  const bodyAt = FRAME_BYTES + 4 + message.readUInt32BE(FRAME_BYTES)
  if (bodyAt > message.length) return undefined
  try {
    const head: unknown = JSON.parse(message.toString('utf8', FRAME_BYTES + 4, bodyAt))
    return { head, body: message.subarray(bodyAt) }
  } catch {
    return undefined
  }
}
