/** Writes outcomes, many in one transaction: one commit for each delivery would be most of what a delivery costs. */
import type { Pool } from '@patchbay/kit/database.ts'
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

interface Waiting {
  settlement: Settlement
  done(settled: Settled): void
  failed(error: unknown): void
}

const BATCH = 200
/** One is being committed while the next gathers and is written. */
const UNDER_WAY = 2
const TRIES = 5
const FIRST_PAUSE_MS = 100

export function createSettler(options: { pool: Pool; leaseMs: number; log: Log }): Settler {
  const { pool, leaseMs, log } = options
  const waiting: Waiting[] = []
  let underWay = 0

  const flush = (): void => {
    if (underWay >= UNDER_WAY || waiting.length === 0) return
    const batch = waiting.splice(0, BATCH)
    underWay++
    void write(batch).finally(() => {
      underWay--
      flush()
    })
  }

  const write = async (batch: Waiting[]): Promise<void> => {
    const rows = await settle(
      pool,
      batch.map(({ settlement }) => settlement),
      leaseMs,
      batch.length === 1,
    ).catch((error: unknown) => {
      log.warn({ err: error, size: batch.length }, 'outcomes of deliveries could not be written together')
      return []
    })
    const left: Waiting[] = []
    batch.forEach((item, place) => {
      const row = rows[place]
      if (row && row.outcome !== 'busy') item.done({ outcome: row.outcome, head: row.head })
      else left.push(item)
    })
    // Alone, a row waits for its lock, and one that cannot be written hurts nobody.
    for (const item of left) void alone(item)
  }

  const alone = async ({ settlement, done, failed }: Waiting): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        const [row] = await settle(pool, [settlement], leaseMs, true)
        if (!row || row.outcome === 'busy')
          throw new Error('settle_deliveries waited and still answered nothing')
        return done({ outcome: row.outcome, head: row.head })
      } catch (error) {
        if (tries >= TRIES) return failed(error)
        await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** tries))
      }
    }
  }

  return {
    settle: (settlement) =>
      new Promise((done, failed) => {
        waiting.push({ settlement, done, failed })
        if (waiting.length === 1) setImmediate(flush)
      }),
  }
}

interface Written {
  outcome: Settled['outcome'] | 'busy'
  head: Delivery | null
}

interface SettledRow extends HeadRow {
  place: number
  outcome: Written['outcome']
}

/** With `wait` give it one alone; without, some may be answered `busy` and are not written. */
async function settle(
  pool: Pool,
  settlements: readonly Settlement[],
  leaseMs: number,
  wait: boolean,
): Promise<Written[]> {
  const { rows } = await pool.query<SettledRow>({
    name: 'settle-deliveries',
    text: 'select * from settle_deliveries($1, $2, $3)',
    values: [JSON.stringify(settlements.map(toSettleRow)), leaseMs, wait],
  })
  const written: Written[] = []
  for (const row of rows) written[row.place] = { outcome: row.outcome, head: toHead(row) }
  return written
}

function toSettleRow({ lane, delivery, messageStatus, state, delayMs, outcome }: Settlement, place: number) {
  return {
    place,
    interaction_id: lane.interactionId,
    account_id: lane.accountId,
    fence: lane.fence,
    delivery_id: delivery.id,
    message_id: delivery.messageId,
    message_status: messageStatus,
    attempt: outcome.attempt?.number ?? delivery.attempts,
    state,
    delay_ms: delayMs,
    status: outcome.status,
    reason: outcome.reason,
    channel_id: outcome.channelId,
    started_at: outcome.attempt?.startedAt ?? null,
    duration_ms: outcome.attempt?.durationMs ?? null,
    request_body: outcome.attempt?.requestBody ?? null,
    response_body: outcome.attempt?.responseBody ?? null,
  }
}
