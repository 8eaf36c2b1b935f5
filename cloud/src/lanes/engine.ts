/**
 * Claims due lanes and has their parcels carried, in order within a lane and side by side otherwise. It looks for work when it is rung,
 * when the next attempt is due, and every second. Any number of engines share one database.
 */

import type { Log } from '@patchbay/kit/log.ts'
import { isGivenUp, retryDelayMs } from '@patchbay/kit/retries.ts'
import { createTimer } from '@patchbay/kit/timer.ts'
import type { Db } from '../db.ts'
import { say } from '../texts/say.ts'
import {
  claim,
  type Direction,
  type Lane,
  next,
  nextDueMs,
  type Outcome,
  type Parcel,
  settle,
} from './lanes.ts'

/** What a carrier says of its attempt; when and whether there is another is decided here. */
export type Carried =
  | { outcome: 'done'; takenAs?: number | undefined }
  | { outcome: 'dead'; reason: string }
  /** `isEndAtFault`: the other side is not there, or refuses us as a whole. */
  | { outcome: 'again'; reason: string; isEndAtFault: boolean; afterMs?: number }
  /** The other side takes nothing at all before; it costs no attempt. */
  | { outcome: 'hold'; reason: string; forMs: number }

export interface Carrier {
  carry(lane: Lane, parcel: Parcel, signal: AbortSignal): Promise<Carried>
  /** Hears of what is given up after its last attempt, or was refused. */
  onDead?(lane: Lane, parcel: Parcel, reason: string): Promise<void>
}

export interface EngineOptions {
  db: Db
  log: Log
  carriers: Readonly<Record<Direction, Carrier>>
  /** Hears of each attempt, and how long the parcel has been waiting. */
  onCarried?(direction: Direction, outcome: Carried['outcome'], waitedMs: number): void
  limits?: Partial<Limits>
  retryDelayMs?: typeof retryDelayMs
}

export interface Limits {
  lanes: number
  /** Longer than the slowest attempt. */
  leaseMs: number
  pollMs: number
  stopWithinMs: number
}

export interface Engine {
  /** There may be something to do. */
  ring(): void
  stop(): Promise<void>
}

const defaults: Limits = { lanes: 32, leaseMs: 180_000, pollMs: 1000, stopWithinMs: 6000 }

export function startEngine(options: EngineOptions): Engine {
  const { db, log, carriers } = options
  const limits = { ...defaults, ...options.limits }
  const delayOf = options.retryDelayMs ?? retryDelayMs
  const underWay = new Set<Promise<void>>()
  const aborter = new AbortController()
  let isStopping = false
  let looking: Promise<void> | undefined
  let lookAgain = false

  const look = (): void => {
    if (isStopping) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = claimAll()
      .catch((error: unknown) => log.warn({ err: error }, 'due lanes could not be claimed'))
      .finally(() => {
        looking = undefined
        if (!lookAgain) return
        lookAgain = false
        look()
      })
  }
  const timer = createTimer(look)

  const claimAll = async (): Promise<void> => {
    const room = limits.lanes - underWay.size
    if (room <= 0) return
    const lanes = await claim(db, room, limits.leaseMs)
    for (const lane of lanes) start(lane)
    const dueMs = await nextDueMs(db)
    if (dueMs !== null) timer.within(dueMs)
  }

  const start = (lane: Lane): void => {
    const work: Promise<void> = walk(lane)
      // The lease brings the lane back to somebody.
      .catch((error: unknown) => log.error({ err: error, lane: lane.id }, 'a lane was left'))
      .then(() => {
        underWay.delete(work)
        look()
      })
    underWay.add(work)
  }

  const walk = async (lane: Lane): Promise<void> => {
    while (!isStopping) {
      const parcel = await next(db, lane, limits.leaseMs)
      if (!parcel) return
      const outcome = await carryOne(lane, parcel)
      if (aborter.signal.aborted) return
      if (!(await settle(db, lane, parcel, outcome)) || outcome.state === 'pending') return
    }
    await giveBack(lane)
  }

  const carryOne = async (lane: Lane, parcel: Parcel): Promise<Outcome> => {
    const carrier = carriers[lane.direction]
    const carried = await carrier.carry(lane, parcel, aborter.signal).catch((error: unknown): Carried => {
      log.error(
        { err: error, lane: lane.id, parcel: parcel.id },
        'a parcel could not be carried, by a mistake of ours',
      )
      return { outcome: 'again', reason: say('our-fault'), isEndAtFault: false }
    })
    const waitedMs = Date.now() - parcel.createdAt.getTime()
    const isOver = carried.outcome === 'again' && isGivenUp(parcel.attempts + 1, waitedMs)
    options.onCarried?.(lane.direction, isOver ? 'dead' : carried.outcome, waitedMs)
    if (carried.outcome === 'done') return { state: 'done', takenAs: carried.takenAs }
    const { reason } = carried
    if (carried.outcome === 'hold')
      return { state: 'pending', reason, delayMs: carried.forMs, holdMs: carried.forMs, isEndAtFault: false }
    if (carried.outcome === 'dead' || isOver) {
      await carrier.onDead?.(lane, parcel, reason)
      return { state: 'dead', reason }
    }
    return {
      state: 'pending',
      reason,
      delayMs: delayOf(parcel.attempts + 1, carried.afterMs),
      isEndAtFault: carried.isEndAtFault,
    }
  }

  const giveBack = async ({ id, fence }: Lane): Promise<void> => {
    await db
      .updateTable('lane')
      .set({ next_at: new Date(), is_claimed: false })
      .where('id', '=', id)
      .where('fence', '=', fence)
      .execute()
  }

  const poll = setInterval(look, limits.pollMs)
  look()

  return {
    ring: look,
    async stop() {
      isStopping = true
      clearInterval(poll)
      timer.clear()
      await looking
      const impatience = setTimeout(() => aborter.abort(), limits.stopWithinMs)
      await Promise.all(underWay)
      clearTimeout(impatience)
    },
  }
}
