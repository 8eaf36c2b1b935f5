/** The calls of the database functions `reply` and `reply_to_many` (migrations/0010-channel-events.sql and 0062-answers-set-wise.sql). */
import type { Pool } from '@patchbay/kit/database.ts'
import { createGrouping, type Grouping } from '@patchbay/kit/grouping.ts'
import type { Log } from '@patchbay/kit/log.ts'
import { CompiledQuery } from 'kysely'
import type { Tx } from '../../db.ts'
import type { toMessage } from '../../views/messages.ts'

/** One send; null where the caller does not say. */
export interface Send {
  interaction_id: number
  /** Whose accounts are seen; null: all. */
  viewer_id: number | null
  account_id: number | null
  contact_id: number | null
  user_id: number | null
  secret: boolean
  /** The parts, beside their files. */
  bodies: readonly string[]
  attachment_ids: readonly (number | null)[]
  client_id: string | null
  seen_seq: number | null
  sent_by: string | null
  must_be_taken: boolean
}

export interface Sent {
  outcome: 'sent' | 'repeated' | 'missing' | 'elsewhere' | 'closed' | 'mute' | 'held' | 'late' | 'untaken'
  newest: number
  account: number
  contact: number
  messages: (Omit<Parameters<typeof toMessage>[0], 'created_at'> & { created_at: string })[]
}

const AT_ONCE = 100

/** Sends that come at the same moment share a statement and a commit. */
export function createSends(pool: Pool, log: Log): Grouping<Send, Sent> {
  return createGrouping<Send, Sent>({
    size: AT_ONCE,
    underWay: 2,
    async alone(send) {
      const { rows } = await pool.query<Sent>({ name: 'reply', text, values: valuesOf(send) })
      return one(rows)
    },
    async together(sends) {
      const { rows } = await pool.query<{ place: number } & (Sent | { outcome: 'busy' })>({
        name: 'reply-to-many',
        text: 'select * from reply_to_many($1)',
        values: [JSON.stringify(sends.map((send, place) => ({ place, ...send })))],
      })
      const sent: (Sent | undefined)[] = []
      for (const row of rows) sent[row.place] = row.outcome === 'busy' ? undefined : row
      return sent
    },
    onFailure: (err, size) => log.info({ err, size }, 'answers could not be stored together'),
  })
}

export async function sendWithin(tx: Tx, send: Send): Promise<Sent> {
  const { rows } = await tx.executeQuery<Sent>(CompiledQuery.raw(text, valuesOf(send)))
  return one(rows)
}

const text = 'select * from reply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)'

function valuesOf(send: Send): unknown[] {
  return [
    ...[send.interaction_id, send.viewer_id, send.account_id, send.contact_id, send.user_id, send.secret],
    ...[send.bodies, send.attachment_ids, send.client_id, send.seen_seq, send.sent_by, send.must_be_taken],
  ]
}

function one(rows: readonly Sent[]): Sent {
  const [sent] = rows
  if (!sent) throw new Error('reply answered nothing')
  return sent
}
