/** The way of one message, step by step. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { logApi } from '@patchbay/protocol/api/log.ts'
import type { Answer } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Db } from '../db.ts'

type Hops = Answer<(typeof logApi)['GET /api/openchannel/messages/:id/hops']>
type Hop = Hops['hops'][number]

/** A message may be replayed any number of times; so many steps are enough to see it. */
const MOST = 300

interface MessageRow {
  interaction_id: number
  direction: 'in' | 'out'
  secret: boolean
  seq: number
  created_at: Date
  written_at: Date | null
}

/** Refuses as if it did not exist what the caller may not see. */
export async function hopsOf(db: Db, caller: Caller, messageId: number): Promise<Hops> {
  const { rows } = await sql<MessageRow>`
    select interaction_id, direction, secret, seq, created_at, written_at from message m
    where id = ${messageId} and ${visibleAccounts(caller, 'm.account_id')}`.execute(db)
  const message = rows[0]
  if (!message) throw new Refusal('GE-105')
  const written = hop('written', message.written_at ?? message.created_at)
  if (message.direction === 'in')
    return { hops: [...(message.written_at ? [written] : []), hop('stored', message.created_at)] }
  if (message.secret) return { hops: [written] }
  const found = await Promise.all([queuedAndTried(db, messageId), statuses(db, message, messageId)])
  const later = found.flat().sort((a, b) => a.at.localeCompare(b.at))
  return { hops: [written, ...later] }
}

async function queuedAndTried(db: Db, messageId: number): Promise<Hop[]> {
  const { rows } = await sql<{
    at: Date
    attempt: number | null
    status: number | null
    duration_ms: number | null
    error: string | null
  }>`
    select created_at as at, null::int as attempt, null::int as status, null::int as duration_ms, null as error
    from delivery where message_id = ${messageId}
    union all
    select a.started_at, a.attempt, a.status, a.duration_ms, a.error
    from delivery d join delivery_attempt a on a.delivery_id = d.id where d.message_id = ${messageId}
    order by at limit ${MOST}`.execute(db)
  return rows.map((row) => ({
    ...hop(row.attempt === null ? 'queued' : 'attempt', row.at),
    attempt: row.attempt,
    status: row.status,
    durationMs: row.duration_ms,
    reason: row.error,
  }))
}

// `retrying` says no more than the attempt before it.
async function statuses(db: Db, message: MessageRow, messageId: number): Promise<Hop[]> {
  const { rows } = await sql<{ at: Date; step: string; reason: string | null }>`
    select at, data->>'status' as step, data->>'reason' as reason from event
    where interaction_id = ${message.interaction_id} and seq > ${message.seq} and message_id = ${messageId} and type = 'status'
      and data->>'status' in ('sent', 'delivered', 'read', 'failed')
    order by seq limit ${MOST}`.execute(db)
  return rows.map(({ step, at, reason }) => ({ ...hop(step, at), reason }))
}

function hop(step: string, at: Date): Hop {
  return { step, at: at.toISOString(), attempt: null, status: null, durationMs: null, reason: null }
}
