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
  // Who holds one may be waiting for what is being deleted here: to wait for him would be a circle.
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

/** As after a deadlock: the transaction ends and is run again. */
export async function beginAnew(tx: Tx): Promise<never> {
  await sql`do $$ begin raise exception 'an interaction is held' using errcode = 'serialization_failure'; end $$`.execute(
    tx,
  )
  throw new Error('a transaction went on after it had to end')
}

const ATTEMPTS = 8

/** Interactions that somebody else has locked are waited for by beginning anew, and refused after some attempts. */
export async function patiently<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await transaction(db, work, { attempts: ATTEMPTS })
  } catch (error) {
    if (sqlState(error) !== '40001') throw error
    throw new Refusal('GE-109', 'What waits is being worked on: try again.', { retryAfterSeconds: 2 })
  }
}
