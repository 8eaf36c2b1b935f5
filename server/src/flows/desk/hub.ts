/**
 * Joins the desks' sockets with what happens: rings in, rows, threads, offers and numbers out.
 *
 * A socket is connected (let in, hears nothing), then greeted (said hello, hears rows and threads), then in sync (was told all that it
 * missed, hears everything), then closed. State is whole in every message, so the order of what different parts send does not matter.
 */

import type { Socket } from 'node:net'
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { type ClientMessage, closeCodes } from '@patchbay/protocol/push.ts'
import type { WebSocket } from 'ws'
import type { Pass, Standing } from '../../access/standing.ts'
import type { Db } from '../../db.ts'
import type { Push } from '../../push/push.ts'
import type { Changed, Rung } from '../../push/ring.ts'
import { touchLease } from '../../routing/presence.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import type { Board } from '../../views/board.ts'
import { createAudience, type Member, sees, sightOf } from './audience.ts'
import { type Client, check, close, createClient, end, frame, isAtWork, maySpeak, send } from './client.ts'
import { coalesce } from './coalesce.ts'
import { readMessage } from './message.ts'
import { createPeople } from './people.ts'
import { createRows, goneFrame } from './rows.ts'
import { createStandings } from './standings.ts'
import { createThreads } from './threads.ts'
import { createViewers } from './viewers.ts'

export interface Hub {
  /** `socket` is the connection below `ws`. */
  connect(ws: WebSocket, socket: Socket, pass: Pass, standing: Standing): void
  /** How many sockets are open. */
  size(): number
  /** Says goodbye to every desk. */
  close(): Promise<void>
}

export interface HubOptions {
  db: Db
  pool: Pool
  log: Log
  push: Push
  board: Board
  triggers: Pick<TriggerWatch, 'isOn'>
  version: string
  /** How often to look for what no ring told. */
  pollMs?: number
}

type Hello = Extract<ClientMessage, { type: 'hello' }>

const POLL_MS = 2_000
const PEOPLE_POLL_MS = 5_000
const PING_MS = 5_000
/** Thousands of pings at one moment would hold up whatever is said in it. */
const PING_SLICES = 50
const SWEEP_MS = 1_000
const LEASE_GAP_MS = 250
const SETTINGS_GAP_MS = 1_000
const AGENTS_GAP_MS = 500
const HELLO_WITHIN_MS = 10_000
const MOST_SHOWN = 50
const pong = frame({ type: 'pong' })

export function createHub(options: HubOptions): Hub {
  const { db, pool, log, push, board, triggers, version, pollMs = POLL_MS } = options
  const clients = new Set<Client>()
  const audience = createAudience()
  const people = createPeople({ db, pool, log, board, audience, triggers })
  const rows = createRows({
    db,
    pool,
    log,
    board,
    audience,
    onCarried: (accountIds) => people.counted(accountIds),
  })
  const threads = createThreads({ db, pool, log, audience, cursor: rows.cursor })
  const viewers = createViewers({ push, audience, threads })
  const standings = createStandings({ db, log, onEnded: end, onStanding: restate })
  /** Users who were heard of since their leases were kept last. */
  const present = new Set<number>()
  const changedSettings = new Set<Changed>()
  /** Desks that show how agents stand. */
  const watching = new Set<Client>()

  function restate(client: Client, standing: Standing): void {
    const member = audience.members.get(client.userId)
    if (!member) return
    // A view of another's desk began or ended: it comes again as who it is now.
    if (standing.userId !== client.userId) {
      end(client, 'behind')
      return
    }
    const hasOtherRights = standing.rights !== client.standing.rights
    client.standing = standing
    if (hasOtherRights && client.isGreeted) send(client, frame({ type: 'changed', what: 'me' }))
    const { lost, isChanged } = audience.restate(member, standing)
    if (!isChanged) return
    const gone = goneFrame([], lost, rows.cursor())
    for (const one of member.clients) {
      for (const [interactionId, { accountId }] of one.shown)
        if (accountId !== null && !sees(member, accountId)) hide(one, interactionId)
      if (!one.isGreeted) continue
      if (lost.length > 0) send(one, gone)
      // He lacks rows of what he sees now, and who saw every account holds rows of accounts that nobody here knows.
      send(one, synced('reset', member))
      send(one, frame({ type: 'changed', what: 'me' }))
      people.greet(one, member)
    }
  }

  const synced = (mode: 'current' | 'delta' | 'reset', member: Member) =>
    frame({ type: 'synced', mode, cursor: rows.cursor(), sight: sightOf(member), version })

  const hide = (client: Client, interactionId: number): void => {
    if (!client.shown.has(interactionId)) return
    threads.hide(client, interactionId)
    viewers.changed(interactionId)
  }

  const show = async (client: Client, interactionId: number, seq: number): Promise<void> => {
    await threads.show(client, interactionId, seq)
    if (client.shown.get(interactionId)?.accountId) viewers.changed(interactionId)
  }

  const greet = async (client: Client, { cursor, sight }: Hello): Promise<void> => {
    const member = audience.members.get(client.userId)
    if (!member) return
    await rows.poll()
    if (!clients.has(client)) return
    client.isGreeted = true
    if (isAtWork(client)) {
      present.add(client.userId)
      void leases.wake()
    }
    const [mode] = await Promise.all([
      rows.resume(client, member, sight === null || sight === sightOf(member) ? cursor : null),
      people.changed([client.userId]),
      ...client.named.entries().map(([id, seq]) => show(client, id, seq)),
    ])
    client.isSynced = true
    people.greet(client, member)
    send(client, synced(mode, member))
  }

  const hear = (client: Client, text: string): void => {
    const message = readMessage(text)
    const isFirst = !client.hasSaidHello
    if (!message || !maySpeak(client, performance.now()) || (message.type === 'hello') !== isFirst) {
      close(client, closeCodes.badMessage, 'bad message')
      return
    }
    const { type } = message
    // It has more by now, or needs no more: its hello would be answered with what it has heard.
    if (type === 'open' || type === 'close') client.named.delete(message.interactionId)
    if (type === 'hello') {
      client.hasSaidHello = true
      for (const [id, seq] of Object.entries(message.threads)) client.named.set(Number(id), seq)
      greet(client, message).catch((error) => {
        log.error({ err: error }, 'a desk could not be greeted')
        client.ws.terminate()
      })
    } else if (type === 'typing') {
      if (isAtWork(client)) viewers.typing(client, message.interactionId)
    } else if (type === 'ping') send(client, pong)
    else if (type === 'close') hide(client, message.interactionId)
    else if (type === 'watch') watching[message.agents ? 'add' : 'delete'](client)
    else if (client.shown.size < MOST_SHOWN || client.shown.has(message.interactionId))
      void show(client, message.interactionId, message.seq)
    else close(client, closeCodes.badMessage, 'too many threads')
  }

  const leave = (client: Client): void => {
    if (!clients.delete(client)) return
    watching.delete(client)
    const shown = [...client.shown.keys()]
    threads.leave(client)
    audience.leave(client)
    for (const interactionId of shown) viewers.changed(interactionId)
  }

  const broadcast = (message: Parameters<typeof frame>[0], to: Iterable<Member>): void => {
    const data = frame(message)
    for (const member of to) for (const client of member.clients) if (client.isSynced) send(client, data)
  }

  const onRing = (rung: Rung): void => {
    if (clients.size === 0) return
    if (rung.look) lookAround()
    rows.changed(rung.interactions)
    threads.changed(rung.interactions)
    void people.changed(rung.users)
    if (watching.size > 0 && (rung.look || rung.users.size > 0)) void standing.wake()
    viewers.heard(rung.viewing)
    for (const interactionId of rung.typing) {
      const data = frame({ type: 'typing', interactionId })
      for (const client of threads.clientsOf(interactionId)) if (client.isGreeted) send(client, data)
    }
    if (rung.changed.size > 0) {
      rows.renamed()
      for (const what of rung.changed) changedSettings.add(what)
      void settings.wake()
    }
    for (const echo of rung.echoes) broadcast({ type: 'echo', ...echo }, audience.of(echo.accountId))
    if (rung.changed.has('accounts') || rung.changed.has('teams') || rung.changed.has('users'))
      standings.check(clients)
    else if (rung.rights.size > 0)
      standings.check([...clients].filter(({ userId }) => rung.rights.has(userId)))
  }

  const lookAround = (): void => {
    void rows.poll()
    threads.changed(threads.shown())
    people.everybody()
    standings.check(clients)
  }

  const leases = coalesce(
    async () => {
      const ids = [...present]
      present.clear()
      const back = await touchLease(db, ids)
      if (back.length > 0) push.ring({ users: back, route: true })
    },
    LEASE_GAP_MS,
    (error) => log.warn({ err: error }, 'the leases of connected agents could not be kept'),
  )

  // A setting that changes often is fetched anew by every desk: once a second will do.
  const settings = coalesce(
    async () => {
      const changed = [...changedSettings]
      changedSettings.clear()
      for (const what of changed) broadcast({ type: 'changed', what }, audience.members.values())
    },
    SETTINGS_GAP_MS,
    (error) => log.error({ err: error }, 'changed settings could not be told'),
  )

  const standing = coalesce(
    async () => {
      const data = frame({ type: 'changed', what: 'agents' })
      for (const client of watching) if (client.isSynced) send(client, data)
    },
    AGENTS_GAP_MS,
    (error) => log.error({ err: error }, 'how agents stand could not be told'),
  )

  const every = (ms: number, work: () => void): NodeJS.Timeout =>
    setInterval(() => {
      if (clients.size > 0) work()
    }, ms).unref()

  let round = { startedAt: Number.NEGATIVE_INFINITY, rest: clients.values() }
  /** Some of all clients, each once in a round. */
  function* slice(now: number): Iterable<Client> {
    for (let left = Math.ceil(clients.size / PING_SLICES); left > 0; left--) {
      const next = round.rest.next()
      if (!next.done) yield next.value
      else if (now - round.startedAt < PING_MS) return
      else round = { startedAt: now, rest: clients.values() }
    }
  }

  const timers = [
    every(pollMs, () => void rows.poll()),
    every(PEOPLE_POLL_MS, () => {
      people.everybody()
      standings.check(clients)
    }),
    every(SWEEP_MS, () => {
      viewers.sweep(performance.now())
      // Most answers come right after the pings, so this is one statement for all of them.
      if (present.size > 0) void leases.wake()
    }),
    every(PING_MS / PING_SLICES, () => {
      const now = performance.now()
      for (const client of slice(now)) check(client, now)
    }),
  ]
  const stopListening = push.onRing(onRing)
  let isClosing = false

  return {
    size: () => clients.size,
    connect(ws, socket, pass, standing) {
      const client = createClient(ws, socket, pass, standing)
      // The server listens until all that was begun has ended, and would wait for whoever came back meanwhile.
      if (isClosing) {
        end(client, 'stopping')
        return
      }
      clients.add(client)
      audience.join(client, standing)
      const waiting = setTimeout(() => {
        if (!client.hasSaidHello) close(client, closeCodes.badMessage, 'no hello')
      }, HELLO_WITHIN_MS).unref()
      ws.on('message', (data, isBinary) => {
        if (isBinary) close(client, closeCodes.badMessage, 'binary')
        else hear(client, String(data))
      })
      ws.on('pong', () => {
        client.missed = 0
        if (isAtWork(client)) present.add(client.userId)
      })
      ws.on('close', () => {
        clearTimeout(waiting)
        leave(client)
      })
    },
    async close() {
      isClosing = true
      stopListening()
      for (const timer of timers) clearInterval(timer)
      for (const client of clients) end(client, 'stopping')
      await Promise.all(
        [rows, threads, people, standings, leases, settings, standing].map((part) => part.close()),
      )
    },
  }
}
