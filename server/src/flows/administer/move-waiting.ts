/** move waiting: what waits for a queue or a team that goes waits for another one; who was being asked is asked anew. */
import { sqlState, transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Caller } from '../../access/endpoint.ts'
import type { Db, Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import * as offers from '../../routing/offers.ts'
import type { Target } from '../../routing/targets.ts'

export async function moveWaiting(
  tx: Tx,
  caller: Caller,
  notes: { users: Set<number>; interactions: Set<number>; route: boolean },
  from: Target,
  to: Target,
  words: Record<string, string>,
): Promise<void> {
  const ids = await entries.waitingFor(tx, from)
  if (ids.length === 0) return
  // Who holds one that came since `holdWaiting` may be waiting for what is being deleted here: to wait for him would be a circle.
  const held = await interactions.lockFree(tx, ids)
  if (held.length < ids.length) await beginAnew(tx)
  for (const userId of await offers.withdraw(tx, ids, 'transferred')) notes.users.add(userId)
  await entries.redirect(tx, ids, to)
  await interactions.queue(
    tx,
    ids.map((interactionId) => ({ interactionId, queueId: to.queueId ?? null })),
  )
  await publishAll(
    tx,
    ids.map((interactionId) => ({ interactionId, type: 'transferred', userId: caller.user.id, data: words })),
  )
  for (const id of ids) notes.interactions.add(id)
  notes.route = true
}

const WAIT_AT_MOST = '5s'

/**
 * Holds what is about to move, before the transaction holds anything for which somebody might wait: each is waited for in its turn, be
 * there ever so many and ever so busy. The few that come until the rest is held are then locked by skipping.
 */
export async function holdWaiting(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`select set_config('lock_timeout', ${WAIT_AT_MOST}, true)`.execute(tx)
  await interactions.lockAll(tx, ids)
}

/** As after a deadlock: the transaction ends and is run again. */
export async function beginAnew(tx: Tx): Promise<never> {
  await sql`do $$ begin raise exception 'an interaction is held' using errcode = 'serialization_failure'; end $$`.execute(
    tx,
  )
  throw new Error('a transaction went on after it had to end')
}

const ATTEMPTS = 8
/** It began anew in vain, met a circle in vain, or waited for too long. */
const busy = new Set(['40001', '40P01', '55P03'])

/** Refused only where an interaction stays locked for seconds. */
export async function patiently<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await transaction(db, work, { attempts: ATTEMPTS })
  } catch (error) {
    if (!busy.has(sqlState(error) ?? '')) throw error
    throw new Refusal('GE-109', 'What waits is being worked on: try again.', { retryAfterSeconds: 2 })
  }
}
