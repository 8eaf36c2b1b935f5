/** What ends when Facebook takes a permission back, and what is deleted when a person asks for it. */

import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { say } from '../texts/say.ts'

/** The tokens are gone; what was bound to them shows why it stands still. */
export async function disconnect(tx: Tx, by: 'facebook_user_id' | 'page_id', value: string): Promise<void> {
  await tx
    .updateTable('integration')
    .set({
      state: 'disconnected',
      state_reason: say('taken-back'),
      state_since: sql<Date>`now()`,
      page_token_sealed: null,
      subscribed_fields: [],
    })
    .where(({ eb, or }) =>
      or([eb(by, '=', value), ...(by === 'page_id' ? [eb('linked_page_id', '=', value)] : [])]),
    )
    .where('state', 'in', ['connected', 'paused', 'reconnect'])
    .execute()
}

/** An integration stays for its owner, without the name that Facebook gave to the person. */
export async function erasePerson(tx: Tx, facebookUserId: string): Promise<void> {
  await tx
    .updateTable('integration')
    .set({ facebook_user_id: '', page_token_sealed: null })
    .where('facebook_user_id', '=', facebookUserId)
    .execute()
}

/** The code is told to the person; nothing is kept of who it was. */
export async function record(tx: Tx, code: string): Promise<void> {
  await tx.insertInto('deletion_request').values({ code, done_at: sql<Date>`now()` }).execute()
}

export function find(db: Db, code: string): Promise<{ done_at: Date | null } | undefined> {
  return db.selectFrom('deletion_request').select('done_at').where('code', '=', code).executeTakeFirst()
}
