/** Carries the deliveries of one claimed lane, one after the other, until none is left, one must wait, or the lane is lost. */
import type { Pool } from '@patchbay/kit/database.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { giveUp, isGivenUp } from '@patchbay/kit/retries.ts'
import type { Doorbell } from '../push/doorbell.ts'
import { type AttemptOptions, attempt, type Outcome, type Parcel, unsendable } from './attempt.ts'
import { type Delivery, type Lane, release } from './lanes.ts'
import type { Settlement, Settler } from './settler.ts'

/** Nothing can be posted; the sentence tells the agent why. */
export interface Unsendable {
  unsendable: string
  messageStatus: string
}

export type Load = Parcel | Unsendable
/** By delivery id. One that is left out cannot be made ready now and is asked for again later. */
export type Compose = (deliveries: readonly Delivery[]) => Promise<ReadonlyMap<number, Load>>

export interface Carrier {
  pool: Pool
  log: Log
  push: Doorbell
  compose: Compose
  settler: Settler
  attempting: AttemptOptions
  leaseMs: number
  /** After so many attempts. */
  retryDelayMs(attempts: number, retryAfterMs: number | undefined): number
  learn(origin: string, wentWell: boolean): void
  /** A lane becomes due after so many milliseconds. */
  dueIn(ms: number): void
  isStopping(): boolean
}

/** `leasedAt` is when the claim was asked for, by `performance.now()`. Never rejects. */
export async function carry(
  carrier: Carrier,
  lane: Lane,
  head: Delivery,
  load: Load,
  leasedAt: number,
): Promise<void> {
  try {
    let next: Next | undefined = { delivery: head, load, leasedAt }
    while (next) next = await carryOne(carrier, lane, next)
  } catch (error) {
    // The lease brings the lane back to somebody.
    carrier.log.error({ err: error, interactionId: lane.interactionId }, 'a lane of deliveries was left')
  }
}

interface Next {
  delivery: Delivery
  load: Load
  leasedAt: number
}

async function carryOne(
  carrier: Carrier,
  lane: Lane,
  { delivery, load, leasedAt }: Next,
): Promise<Next | undefined> {
  const { settler, push, log } = carrier
  const { errand } = lane
  if (typeof errand === 'object' && delivery.createdAt > errand.over) return giveBack(carrier, lane)
  const outcome = await outcomeOf(carrier, lane, delivery, load, leasedAt)
  if (!outcome) return giveBack(carrier, lane)
  const settlement = toSettlement(carrier, lane, delivery, load.messageStatus, outcome)
  const leasedAgainAt = performance.now()
  const settled = await settler.settle(settlement)
  if (settled.outcome === 'lost') {
    log.info(
      { interactionId: lane.interactionId, deliveryId: delivery.id },
      'a delivery ended after its lease',
    )
    return undefined
  }
  push.ring({ interactions: [lane.interactionId] })
  if (settlement.state === 'pending') carrier.dueIn(settlement.delayMs)
  if (!settled.head) return undefined
  if (carrier.isStopping()) return giveBack(carrier, lane)
  const following = (await carrier.compose([settled.head])).get(settled.head.id)
  // The connection was shared out for one origin; another has to ask for its own.
  const isElsewhere = following && 'origin' in following && originOf(load) !== following.origin
  if (!following || isElsewhere) return giveBack(carrier, lane)
  return { delivery: settled.head, load: following, leasedAt: leasedAgainAt }
}

/** Undefined when there was no time left for an attempt, or it was cut off by the stop of the engine. */
async function outcomeOf(
  carrier: Carrier,
  lane: Lane,
  delivery: Delivery,
  load: Load,
  leasedAt: number,
): Promise<Outcome | undefined> {
  if ('unsendable' in load) return unsendable(load.unsendable)
  if (typeof lane.errand === 'object')
    return unsendable(`Nothing was taken there for ${GIVE_UP_HOURS} hours.`)
  const { attempting, leaseMs } = carrier
  // A process that was paused (a suspended laptop, a starved container) begins nothing that somebody else may have begun by now.
  if (performance.now() - leasedAt > leaseMs - attempting.timeoutMs) return undefined
  try {
    const outcome = await attempt(attempting, delivery, load)
    carrier.learn(load.origin, outcome.verdict !== 'retry')
    return outcome
  } catch (error) {
    if (attempting.signal.aborted) return undefined
    throw error
  }
}

async function giveBack({ pool }: Carrier, lane: Lane): Promise<undefined> {
  await release(pool, [lane])
}

const GIVE_UP_HOURS = giveUp.ageMs / 3_600_000
const ageOf = ({ createdAt }: Delivery): number => Date.now() - createdAt.getTime()
const originOf = (load: Load): string | undefined => ('origin' in load ? load.origin : undefined)

function toSettlement(
  carrier: Carrier,
  lane: Lane,
  delivery: Delivery,
  messageStatus: string,
  outcome: Outcome,
): Settlement {
  const settlement = { lane, delivery, messageStatus, delayMs: 0, outcome }
  if (typeof lane.errand === 'object') return { ...settlement, state: 'dead' }
  if (outcome.verdict !== 'retry') return { ...settlement, state: outcome.verdict }
  const attempts = delivery.attempts + 1
  if (isGivenUp(attempts, ageOf(delivery))) {
    const reason = `${outcome.reason} Given up after ${attempts} attempts in ${GIVE_UP_HOURS} hours.`
    return { ...settlement, state: 'dead', outcome: { ...outcome, reason } }
  }
  return { ...settlement, state: 'pending', delayMs: carrier.retryDelayMs(attempts, outcome.retryAfterMs) }
}
