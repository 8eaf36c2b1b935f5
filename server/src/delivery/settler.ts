/** Writes outcomes, many in one transaction: one commit for each delivery would be most of what a delivery costs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from '@patchbay/kit/database.ts'
import { createGrouping } from '@patchbay/kit/grouping.ts'
import type { Log } from '@patchbay/kit/log.ts'
import type { Outcome } from './attempt.ts'
import { type Delivery, type HeadRow, type Lane, toHead } from './lanes.ts'

/** An outcome to be written. `delayMs` counts from the writing; it is 0 unless the delivery is tried again. */
export interface Settlement {
  lane: Lane
  delivery: Delivery
  messageStatus: string
  state: 'delivered' | 'pending' | 'failed' | 'dead'
  delayMs: number
  outcome: Outcome
}

/** What a worker does next: he goes on with `head` under the same fence, or is done with the lane. */
export interface Settled {
  outcome: 'settled' | 'lost'
  head: Delivery | null
}

export interface Settler {
  /** Resolves after the commit; rejects when the database took it in none of several tries. */
  settle(settlement: Settlement): Promise<Settled>
}

const AT_ONCE = 200
const TRIES = 5
const FIRST_PAUSE_MS = 200

export function createSettler(options: { pool: Pool; leaseMs: number; log: Log }): Settler {
  const { pool, leaseMs, log } = options

  const alone = async (settlement: Settlement): Promise<Settled> => {
    for (let tries = 1; ; tries++) {
      try {
        const [settled] = await settle(pool, [settlement], leaseMs, true)
        if (!settled) throw new Error('settle_deliveries waited and still answered nothing')
        return settled
      } catch (error) {
        if (tries >= TRIES) throw error
        await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1))
      }
    }
  }

  const grouping = createGrouping<Settlement, Settled>({
    size: AT_ONCE,
    underWay: 2,
    together: (settlements) => settle(pool, settlements, leaseMs, false),
    alone,
    onFailure: (err, size) => log.warn({ err, size }, 'outcomes of deliveries could not be written together'),
  })
  return { settle: grouping.write }
}

interface SettledRow extends HeadRow {
  place: number
  outcome: Settled['outcome'] | 'busy'
}

/** In their order; undefined for one that is locked and not written. With `wait` give it one alone. */
async function settle(
  pool: Pool,
  settlements: readonly Settlement[],
  leaseMs: number,
  wait: boolean,
): Promise<(Settled | undefined)[]> {
  const { rows } = await pool.query<SettledRow>({
    name: 'settle-deliveries',
    text: 'select * from settle_deliveries($1, $2, $3)',
    values: [JSON.stringify(settlements.map(toSettleRow)), leaseMs, wait],
  })
  const settled: (Settled | undefined)[] = []
  for (const row of rows)
    settled[row.place] = row.outcome === 'busy' ? undefined : { outcome: row.outcome, head: toHead(row) }
  return settled
}

function toSettleRow({ lane, delivery, messageStatus, state, delayMs, outcome }: Settlement, place: number) {
  return {
    place,
    interaction_id: lane.interactionId,
    account_id: lane.accountId,
    purpose: lane.purpose,
    fence: lane.fence,
    delivery_id: delivery.id,
    message_id: delivery.messageId,
    message_status: messageStatus,
    attempt: outcome.attempt?.number ?? delivery.attempts,
    state,
    delay_ms: delayMs,
    retry_after_ms: outcome.retryAfterMs ?? null,
    status: outcome.status,
    reason: outcome.reason,
    channel_id: outcome.channelId,
    started_at: outcome.attempt?.startedAt ?? null,
    duration_ms: outcome.attempt?.durationMs ?? null,
    request_body: outcome.attempt?.requestBody ?? null,
    response_body: outcome.attempt?.responseBody ?? null,
    details: outcome.attempt?.details ?? null,
  }
}
