/** Continues shown threads: to each desk the items above the seq that it has, in order, without a gap. */
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import type { Db } from '../../db.ts'
import { accountsOfInteractions } from '../../views/changes.ts'
import { itemsAfter } from '../../views/thread-items.ts'
import { type Audience, sees } from './audience.ts'
import { type Client, type Frame, frame, send } from './client.ts'
import { coalesce } from './coalesce.ts'
import { goneFrame } from './rows.ts'

export interface Threads {
  /** Resolves when the desk has been sent what followed `seq`, or that it may not see the thread. */
  show(client: Client, interactionId: number, seq: number): Promise<void>
  hide(client: Client, interactionId: number): void
  leave(client: Client): void
  changed(ids: Iterable<number>): void
  /** Of all interactions that somebody here has open. */
  shown(): Iterable<number>
  /** Desks that show the thread and may. */
  clientsOf(interactionId: number): Iterable<Client>
  close(): Promise<void>
}

const TICK_MS = 10
const MOST_ITEMS = 200
const MOST_BYTES = 512 * 1024
const MOST_PER_TICK = 500

export function createThreads(options: {
  db: Db
  pool: Pool
  log: Log
  audience: Audience
  cursor: () => string
}): Threads {
  const { db, pool, log, audience, cursor } = options
  const clientsOf = new Map<number, Set<Client>>()
  const pending = new Set<number>()

  const hide = (client: Client, interactionId: number): void => {
    client.shown.delete(interactionId)
    const clients = clientsOf.get(interactionId)
    clients?.delete(client)
    if (clients?.size === 0) clientsOf.delete(interactionId)
  }

  const tick = coalesce(
    async () => {
      const all = [...pending]
      pending.clear()
      try {
        for (let start = 0; start < all.length; start += MOST_PER_TICK) {
          const ids = all.slice(start, start + MOST_PER_TICK)
          await admit(ids)
          for (let rest = ids; rest.length > 0; ) rest = await carry(rest)
        }
      } catch (error) {
        for (const id of all) pending.add(id)
        throw error
      }
    },
    TICK_MS,
    (error) => log.warn({ err: error }, 'threads could not be read; the desks wait for them'),
  )

  /** Takes threads from desks whose users may not see them. */
  const admit = async (ids: readonly number[]): Promise<void> => {
    const strangers = ids.flatMap((id) =>
      [...(clientsOf.get(id) ?? [])].flatMap((client) =>
        client.shown.get(id)?.accountId === null ? { id, client } : [],
      ),
    )
    const accounts = await accountsOfInteractions(db, [...new Set(strangers.map(({ id }) => id))])
    for (const { id, client } of strangers) {
      const accountId = accounts.get(id)
      const member = audience.members.get(client.userId)
      const shown = client.shown.get(id)
      if (shown && member && accountId !== undefined && sees(member, accountId)) shown.accountId = accountId
      else {
        hide(client, id)
        send(client, goneFrame([id], [], cursor()))
      }
    }
  }

  /** Answers the threads of which there is more. */
  const carry = async (ids: readonly number[]): Promise<number[]> => {
    const threads = ids.flatMap((interactionId) => {
      const clients = [...(clientsOf.get(interactionId) ?? [])]
      const after = Math.min(...clients.map((client) => client.shown.get(interactionId)?.seq ?? Infinity))
      return Number.isFinite(after) ? { interactionId, after } : []
    })
    const found = await itemsAfter({ db, pool }, threads, MOST_ITEMS)
    for (const [interactionId, items] of found) deliver(interactionId, items)
    return [...found].flatMap(([interactionId, items]) => (items.length === MOST_ITEMS ? interactionId : []))
  }

  const deliver = (interactionId: number, items: readonly ThreadItem[]): void => {
    const first = items[0]?.seq ?? 0
    const last = items.at(-1)?.seq ?? 0
    const frames = new Map<number, Frame>()
    for (const client of clientsOf.get(interactionId) ?? []) {
      const shown = client.shown.get(interactionId)
      // Who came while the items were read, with fewer than all others had, is served by the next tick.
      if (!shown || shown.accountId === null || shown.seq >= last || shown.seq + 1 < first) continue
      let data = frames.get(shown.seq)
      if (!data) {
        const missing = items.filter(({ seq }) => seq > shown.seq)
        data = frame({ type: 'thread', interactionId, items: missing, seq: last })
        frames.set(shown.seq, data)
      }
      shown.seq = last
      // What is too much to push is fetched, page by page: a gap says so.
      const isTooMuch = client.ws.bufferedAmount + data.length > MOST_BYTES
      send(client, isTooMuch ? frame({ type: 'thread', interactionId, items: [], seq: last }) : data)
    }
  }

  return {
    hide,
    shown: () => clientsOf.keys(),
    *clientsOf(interactionId) {
      for (const client of clientsOf.get(interactionId) ?? [])
        if (client.shown.get(interactionId)?.accountId) yield client
    },
    show(client, interactionId, seq) {
      client.shown.set(interactionId, { seq, accountId: client.shown.get(interactionId)?.accountId ?? null })
      const clients = clientsOf.get(interactionId)
      if (clients) clients.add(client)
      else clientsOf.set(interactionId, new Set([client]))
      pending.add(interactionId)
      return tick.wake()
    },
    leave(client) {
      for (const interactionId of client.shown.keys()) hide(client, interactionId)
    },
    changed(ids) {
      for (const id of ids) if (clientsOf.has(id)) pending.add(id)
      if (pending.size > 0) void tick.wake()
    },
    close: tick.close,
  }
}
