/**
 * Tells every node that something changed: local listeners in the same turn of the event loop, other nodes by NOTIFY.
 *
 * NOTIFY takes a lock of the whole database until commit, so it never stands in a writer's transaction: one connection rings
 * for all writers of the process, at most once in `NOTIFY_EVERY_MS`. A lost ring costs time and nothing else, since whatever a ring
 * triggers is also found by a slow poll.
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { boundRung, decode, encode, mergeRing, type Ring, type Rung, silence } from './ring.ts'

/** What another carrier (Redis, NATS) would have to offer. */
export interface Doorbell {
  ring(ring: Ring): void
  /** Answers the function that ends the listening. */
  onRing(listener: (rung: Rung) => void): () => void
}

export interface DoorbellOptions {
  url: string
  log: { warn(fields: object, text: string): void }
  channel?: string
}

// For other nodes alone; the listeners of this one hear at once.
const NOTIFY_EVERY_MS = 20
// PostgreSQL takes fewer than 8000 bytes.
const MAX_PAYLOAD_BYTES = 7900
const RECONNECT_MS = { first: 100, last: 5000 }

export interface ListenNotify extends Doorbell {
  /** Names this process among the nodes. */
  readonly node: string
  close(): Promise<void>
}

/** Answers once it listens. */
export async function openDoorbell(options: DoorbellOptions): Promise<ListenNotify> {
  const { url, log, channel = 'patchbay' } = options
  const node = randomBytes(6).toString('base64url')
  const listeners = new Set<(rung: Rung) => void>()
  let local: Rung | undefined
  let remote: Rung | undefined
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let notifying = false
  let closed = false

  const hear = (rung: Rung): void => {
    for (const listener of listeners) {
      try {
        listener(rung)
      } catch (error) {
        log.warn({ err: error }, 'a listener of the doorbell failed')
      }
    }
  }

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'patchbay doorbell',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    const lost = (): void => {
      if (client !== next) return
      client = undefined
      if (!closed) void reconnect(RECONNECT_MS.first)
    }
    next.on('error', lost)
    next.on('end', lost)
    next.on('notification', ({ payload }) => receive(payload ?? ''))
    try {
      await next.connect()
      await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      next.end().catch(() => {})
      throw error
    }
    if (closed) return next.end()
    client = next
  }

  const reconnect = async (waitMs: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, waitMs).unref())
    if (closed) return
    try {
      await connect()
    } catch (error) {
      if (waitMs >= RECONNECT_MS.last) log.warn({ err: error }, 'the doorbell cannot reach the database')
      return reconnect(Math.min(waitMs * 2, RECONNECT_MS.last))
    }
    hear({ ...silence(), look: true, route: true, deliver: true })
    schedule()
  }

  const receive = (payload: string): void => {
    try {
      const message = decode(payload)
      if (message.node !== node) hear(message.rung)
    } catch (error) {
      log.warn({ err: error }, 'the doorbell heard something that no node of this version rings')
    }
  }

  const notify = async (): Promise<void> => {
    const rung = remote
    if (!rung || !client || notifying) return
    remote = undefined
    notifying = true
    try {
      await client.query('select pg_notify($1, $2)', [channel, encode(node, rung, MAX_PAYLOAD_BYTES)])
    } catch (error) {
      log.warn({ err: error }, 'a ring to the other nodes was lost')
    } finally {
      notifying = false
    }
  }

  // The first ring after a pause leaves at once; those that follow gather. Without a connection they gather until there is one.
  const schedule = (): void => {
    if (timer || closed || !client) return
    void notify()
    timer = setTimeout(() => {
      timer = undefined
      if (remote) schedule()
    }, NOTIFY_EVERY_MS)
    timer.unref()
  }

  const flush = (): void => {
    const rung = local
    local = undefined
    if (!rung || closed) return
    hear(rung)
    schedule()
  }

  await connect()
  return {
    node,
    ring(ring) {
      if (!local) {
        local = silence()
        setImmediate(flush)
      }
      remote ??= silence()
      mergeRing(local, ring)
      mergeRing(remote, ring)
      boundRung(remote)
    },
    onRing(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      if (closed) return
      closed = true
      listeners.clear()
      clearTimeout(timer)
      await notify()
      const last = client
      client = undefined
      await last?.end()
    },
  }
}
