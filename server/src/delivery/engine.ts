/**
 * The delivery engine: claims due lanes and has their deliveries carried to the Reply URLs, in order within a lane and side by side
 * otherwise.
 *
 * It looks for work when the doorbell rings, when the next attempt is due, when a connection becomes free, and once a second. Any
 * number of engines share one database: a lane belongs to who claimed it last. Each delivery is made at least once; one that was
 * under way when its worker died is made again under the same webhook id.
 */
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import type { Doorbell } from '../push/doorbell.ts'
import { createAlarm } from './alarm.ts'
import { type Carrier, type Compose, carry, type Load } from './carry.ts'
import { type Claim, claim, release } from './lanes.ts'
import { shareConnections } from './origins.ts'
import { retryDelayMs } from './schedule.ts'
import { createSettler } from './settler.ts'

export interface EngineOptions {
  pool: Pool
  door: Door
  push: Doorbell
  log: Log
  /** Of this program, for the user agent. */
  version: string
  compose: Compose
  limits?: Partial<Limits>
  /** See schedule.ts, from which it is unless told otherwise. */
  retryDelayMs?: Carrier['retryDelayMs']
}

export interface Limits {
  connections: number
  connectionsPerOrigin: number
  /** Longer than `timeoutMs` by what the rest of a delivery may take. */
  leaseMs: number
  /** Of one attempt in all. */
  timeoutMs: number
  pollMs: number
  /** Given to what is under way when the engine stops. */
  stopWithinMs: number
}

export interface Engine {
  /** Resolves when nothing is under way any more and all lanes are given back. */
  stop(): Promise<void>
}

const defaults: Limits = {
  connections: 1024,
  connectionsPerOrigin: 64,
  leaseMs: 30_000,
  timeoutMs: 15_000,
  pollMs: 1000,
  // The whole program has ten seconds, and connections and database are closed after this.
  stopWithinMs: 6000,
}
const CLAIM_AT_ONCE = 100

export function startEngine(options: EngineOptions): Engine {
  const { pool, door, push, log, compose } = options
  const limits = { ...defaults, ...options.limits }
  const origins = shareConnections(limits.connections, limits.connectionsPerOrigin)
  const originOf = new Map<number, string>()
  const underWay = new Set<Promise<void>>()
  const aborter = new AbortController()
  let stopping = false
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** Due lanes may have been passed over for want of a connection. */
  let wanting = false

  const look = (): void => {
    if (stopping) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = claimAll()
      .catch((error: unknown) => log.warn({ err: error }, 'due deliveries could not be claimed'))
      .finally(() => {
        looking = undefined
        if (!lookAgain) return
        lookAgain = false
        look()
      })
  }
  const alarm = createAlarm(look)
  const carrier: Carrier = {
    pool,
    log,
    push,
    compose,
    retryDelayMs: options.retryDelayMs ?? retryDelayMs,
    leaseMs: limits.leaseMs,
    settler: createSettler({ pool, leaseMs: limits.leaseMs, log }),
    attempting: {
      door,
      timeoutMs: limits.timeoutMs,
      userAgent: `Patchbay/${options.version}`,
      signal: aborter.signal,
    },
    learn: origins.learn,
    dueIn: alarm.within,
    isStopping: () => stopping,
  }

  const claimAll = async (): Promise<void> => {
    while (!stopping) {
      const limit = Math.min(origins.free(), CLAIM_AT_ONCE)
      const besides = accountsToLeave()
      wanting = limit === 0 || besides.length > 0
      if (limit === 0) return
      const leasedAt = performance.now()
      const { lanes, nextDueMs } = await claim(pool, limit, limits.leaseMs, besides)
      if (nextDueMs !== null) alarm.within(nextDueMs)
      await startLanes(lanes, leasedAt)
      if (lanes.length < limit) return
    }
  }

  const accountsToLeave = (): number[] => {
    const full = new Set(origins.full())
    if (full.size === 0) return []
    return [...originOf].filter(([, origin]) => full.has(origin)).map(([accountId]) => accountId)
  }

  const startLanes = async (lanes: Claim['lanes'], leasedAt: number): Promise<void> => {
    const heads = lanes.flatMap(({ head }) => head ?? [])
    if (lanes.length === 0) return
    const loads = await compose(heads).catch((error: unknown) => {
      log.error({ err: error }, 'answers could not be made ready for delivery')
      return new Map<number, Load>()
    })
    const left = lanes.filter((lane) => {
      const load = lane.head && loads.get(lane.head.id)
      if (!lane.head || !load) return true
      if ('unsendable' in load) return !begin(carry(carrier, lane, lane.head, load, leasedAt))
      originOf.set(lane.accountId, load.origin)
      if (!origins.take(load.origin)) return true
      return !begin(carry(carrier, lane, lane.head, load, leasedAt).finally(() => origins.give(load.origin)))
    })
    wanting ||= left.length > 0
    await release(pool, left)
  }

  const begin = (work: Promise<void>): true => {
    const tracked: Promise<void> = work.finally(() => {
      underWay.delete(tracked)
      if (wanting) look()
    })
    underWay.add(tracked)
    return true
  }

  const poll = setInterval(look, limits.pollMs)
  const stopListening = push.onRing((rung) => {
    if (rung.deliver || rung.look) look()
  })
  look()

  return {
    async stop() {
      stopping = true
      stopListening()
      clearInterval(poll)
      alarm.clear()
      await looking
      const impatience = setTimeout(() => aborter.abort(), limits.stopWithinMs)
      await Promise.all(underWay)
      clearTimeout(impatience)
    },
  }
}
