/** Parcels as their owner may look at them: what, when, and what became of it. */

import { Refusal } from '@patchbay/kit/refusal.ts'
import type { CloudLogEntry } from '@patchbay/protocol/api/cloud-log.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db.ts'
import { toSaid } from '../texts/say.ts'

export interface LoggedParcel {
  entry: CloudLogEntry
  person: string | null
  threadId: string | null
  takenAs: number | null
}

interface Row {
  id: number
  direction: 'in' | 'out'
  what: CloudLogEntry['what']
  person: string | null
  thread_id: string | null
  state: 'pending' | 'done' | 'dead'
  reason: string | null
  attempts: number
  happened_at: Date
  created_at: Date
  ended_at: Date | null
  next_at: Date | null
  taken_as: number | null
}

const states = { pending: 'waiting', done: 'delivered', dead: 'failed' } as const

const conditions: Readonly<Record<'messages' | 'open' | 'all', RawBuilder<unknown>>> = {
  messages: sql`(parcel.direction = 'out' or parcel.content ->> 'type' = 'message')`,
  open: sql`parcel.state <> 'done'`,
  all: sql`true`,
}

export interface LogQuery {
  show: keyof typeof conditions
  limit: number
  beforeId?: number | undefined
}

/** What Meta echoes of our own answers says nothing new. */
const notOurEcho = sql`coalesce(parcel.content ->> 'metadata' not like 'patchbay:%', true)`

export async function list(
  db: Db,
  integrationId: number,
  { show, limit, beforeId }: LogQuery,
): Promise<CloudLogEntry[]> {
  const before = beforeId === undefined ? sql`true` : sql`parcel.id < ${beforeId}`
  const found = await read(
    db,
    sql`parcel.integration_id = ${integrationId} and ${before} and ${conditions[show]} and ${notOurEcho} order by parcel.id desc limit ${limit}`,
  )
  return found.map(({ entry }) => entry)
}

/** Throws GE-105. */
export async function find(db: Db, integrationId: number, id: number): Promise<LoggedParcel> {
  const [found] = await read(db, sql`parcel.integration_id = ${integrationId} and parcel.id = ${id}`)
  if (!found) throw new Refusal('GE-105')
  return found
}

/** The first answer to the same person, in the same place, that came after a message. */
export async function answerAfter(
  db: Db,
  integrationId: number,
  { entry, person, threadId }: LoggedParcel,
): Promise<CloudLogEntry | null> {
  const [found] = await read(
    db,
    sql`parcel.integration_id = ${integrationId} and parcel.id > ${entry.id} and parcel.direction = 'out'
      and parcel.content ->> 'person' = ${person} and coalesce(parcel.content ->> 'threadId', '') = ${threadId ?? ''}
      order by parcel.id limit 1`,
  )
  return found?.entry ?? null
}

async function read(db: Db, which: RawBuilder<unknown>): Promise<LoggedParcel[]> {
  const { rows } = await sql<Row>`
    select parcel.id, parcel.direction, case parcel.direction when 'out' then 'answer' else parcel.content ->> 'type' end as what,
      parcel.content ->> 'person' as person, parcel.content ->> 'threadId' as thread_id, parcel.state, parcel.reason,
      parcel.attempts, parcel.happened_at, parcel.created_at, parcel.ended_at, parcel.taken_as,
      case when parcel.state = 'pending' and integration.state not in ('paused', 'replaced', 'disconnected')
        and not exists (select from parcel earlier where earlier.lane_id = parcel.lane_id and earlier.state = 'pending'
          and (earlier.happened_at, earlier.id) < (parcel.happened_at, parcel.id))
        then greatest(lane.next_at, lane_end.held_until) end as next_at
    from parcel join lane on lane.id = parcel.lane_id join integration on integration.id = parcel.integration_id
    left join lane_end on lane_end.integration_id = parcel.integration_id and lane_end.direction = parcel.direction
    where ${which}`.execute(db)
  return rows.map((row) => ({
    person: row.person,
    threadId: row.thread_id,
    takenAs: row.taken_as,
    entry: {
      id: row.id,
      direction: row.direction,
      what: row.what,
      isPublic: row.thread_id !== null,
      state: states[row.state],
      reason: toSaid(row.reason),
      attempts: row.attempts,
      happenedAt: row.happened_at.toISOString(),
      arrivedAt: row.created_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      nextAt: row.next_at?.toISOString() ?? null,
    },
  }))
}
