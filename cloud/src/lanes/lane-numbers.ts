/** What the lanes carry, as numbers: parcels by outcome, how long they waited, what is owed, and which ends take nothing. */
import { type Metrics, timeBuckets } from '@patchbay/kit/metrics.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { EngineOptions } from './engine.ts'

const waitBuckets = [...timeBuckets, 30, 60, 300, 1800, 3600, 6 * 3600, 24 * 3600, 72 * 3600]
/** Whoever asks for numbers often asks the database seldom. */
const FRESH_MS = 2_000

interface Owed {
  pending_in: number
  pending_out: number
  oldest_s: number
  held: number
}

/** Answers what hears of each attempt. */
export function countLanes(metrics: Metrics, db: Db): NonNullable<EngineOptions['onCarried']> {
  const attempts = metrics.counter('parcels_total', 'Attempts to carry a parcel, by direction and outcome', [
    'direction',
    'outcome',
  ])
  const waits = metrics.histogram(
    'parcel_wait_seconds',
    'From storing a parcel to its delivery, by direction',
    waitBuckets,
    ['direction'],
  )
  const owed = remember(() => readOwed(db))
  metrics.gauge(
    'parcels_pending_in',
    'Parcels that contact centres are owed',
    async () => (await owed()).pending_in,
  )
  metrics.gauge('parcels_pending_out', 'Answers that pages are owed', async () => (await owed()).pending_out)
  metrics.gauge(
    'parcels_oldest_seconds',
    'Age of the oldest parcel that is owed',
    async () => (await owed()).oldest_s,
  )
  metrics.gauge(
    'lane_ends_held',
    'Contact centres and pages that take nothing at the moment',
    async () => (await owed()).held,
  )
  return (direction, outcome, waitedMs) => {
    attempts.inc({ direction, outcome })
    if (outcome === 'done') waits.observe({ direction }, waitedMs / 1000)
  }
}

function remember<T>(read: () => Promise<T>): () => Promise<T> {
  let known: { value: Promise<T>; at: number } | undefined
  return () => {
    if (!known || Date.now() - known.at > FRESH_MS) known = { value: read(), at: Date.now() }
    return known.value
  }
}

// Where the database does not answer the other numbers are shown all the same.
async function readOwed(db: Db): Promise<Owed> {
  const { rows } = await sql<Owed>`
    select count(*) filter (where direction = 'in')::int as pending_in,
      count(*) filter (where direction = 'out')::int as pending_out,
      coalesce(extract(epoch from now() - min(created_at)), 0)::float as oldest_s,
      (select count(*) from lane_end where held_until > now() and complaint is not null)::int as held
    from parcel where state = 'pending'`
    .execute(db)
    .catch(() => ({ rows: [] }))
  const unknown = Number.NaN
  return rows[0] ?? { pending_in: unknown, pending_out: unknown, oldest_s: unknown, held: unknown }
}
