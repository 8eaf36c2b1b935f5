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
import { retryDelayMs } from '@patchbay/kit/retries.ts'
import { createTimer } from '@patchbay/kit/timer.ts'
import type { Doorbell } from '../push/doorbell.ts'
import { type Carrier, type Compose, carry, type Load } from './carry.ts'
import { groupEndpoints } from './endpoints-by-origin.ts'
import {
  type Among,
  type Claim,
  claim,
  type Delivery,
  endpointId,
  type Lane,
  release,
  tend,
} from './lanes.ts'
import { shareConnections } from './origins.ts'
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
  /** See retries.ts of the kit, from which it is unless told otherwise. */
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
const PROBES_AT_ONCE = 50
/** A probe that another engine has in hand counts as due. */
const SOONEST_MS = 20

export function startEngine(options: EngineOptions): Engine {
  const { pool, door, push, log, compose } = options
  const limits = { ...defaults, ...options.limits }
  const origins = shareConnections(limits.connections, limits.connectionsPerOrigin)
  const endpoints = groupEndpoints()
  /** Origins of which due lanes were put back for want of room: they are asked for when one of their connections is free. */
  const crowded = new Set<string>()
  const refilling = new Set<string>()
  const underWay = new Set<Promise<void>>()
  const aborter = new AbortController()
  let stopping = false
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** Due lanes may have been passed over for want of any connection. */
  let isExhausted = false
  /** Lanes behind a breaker come forward as fast as others are done. */
  let isTending = false

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
  const timer = createTimer(look)
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
    dueIn: timer.within,
    isStopping: () => stopping,
  }

  const claimAll = async (): Promise<void> => {
    for (let mayBeMore = true, isTended = false; mayBeMore && !stopping; ) {
      const limit = Math.min(origins.free(), CLAIM_AT_ONCE)
      isExhausted = limit === 0
      if (isExhausted) return
      const { found, toTend } = await claimSome(limit, { besides: endpoints.of(crowded) })
      isTending = toTend
      mayBeMore = found === limit
      if (!toTend || isTended) continue
      const leasedAt = performance.now()
      await startLanes(await tend(pool, PROBES_AT_ONCE, limits.leaseMs), leasedAt)
      isTended = true
      mayBeMore = true
    }
    for (const origin of crowded) await refill(origin)
  }

  /** Exactly as many as there is room for: of a long backlog everything else would be claimed and put back at every turn. */
  const refill = async (origin: string): Promise<void> => {
    const limit = Math.min(origins.room(origin), CLAIM_AT_ONCE)
    if (limit === 0 || stopping || refilling.has(origin)) return
    refilling.add(origin)
    try {
      const { started, found } = await claimSome(limit, { only: endpoints.of([origin]) })
      if (started === limit) return
      // What was parked meanwhile says nothing of what is left.
      if (found < limit) crowded.delete(origin)
      // One that became due in between was left alone by the last look.
      look()
    } finally {
      refilling.delete(origin)
    }
  }

  const claimSome = async (
    limit: number,
    among: Among,
  ): Promise<{ started: number; found: number; toTend: boolean }> => {
    const leasedAt = performance.now()
    const { lanes, nextDueMs, parked, toTend } = await claim(pool, limit, limits.leaseMs, among)
    if (nextDueMs !== null) timer.within(Math.max(nextDueMs, SOONEST_MS))
    await startLanes(lanes, leasedAt)
    return { started: lanes.length, found: lanes.length + parked, toTend }
  }

  const startLanes = async (lanes: Claim['lanes'], leasedAt: number): Promise<void> => {
    if (lanes.length === 0) return
    const heads = lanes.flatMap(({ head }) => head ?? [])
    const loads = await compose(heads).catch((error: unknown) => {
      log.error({ err: error }, 'answers could not be made ready for delivery')
      return new Map<number, Load>()
    })
    const left = lanes.filter((lane) => {
      const load = lane.head && loads.get(lane.head.id)
      return !lane.head || !load || !start(lane, lane.head, load, leasedAt)
    })
    await release(pool, left)
  }

  const start = (lane: Lane, head: Delivery, load: Load, leasedAt: number): boolean => {
    const origin = 'origin' in load && typeof lane.errand !== 'object' ? load.origin : undefined
    if (origin !== undefined) {
      endpoints.put(endpointId(lane), origin)
      if (!origins.take(origin, lane.errand === 'probe')) {
        crowded.add(origin)
        return false
      }
    }
    const work: Promise<void> = carry(carrier, lane, head, load, leasedAt).then(() => {
      underWay.delete(work)
      if (origin === undefined) return
      origins.give(origin)
      if (isExhausted || isTending || lane.errand === 'probe') look()
      else if (crowded.has(origin)) refill(origin).catch(() => look())
    })
    underWay.add(work)
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
      timer.clear()
      await looking
      const impatience = setTimeout(() => aborter.abort(), limits.stopWithinMs)
      await Promise.all(underWay)
      clearTimeout(impatience)
    },
  }
}
