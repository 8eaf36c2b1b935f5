/** What came and went through an integration, as its health shows it. */

import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { textsOf } from '../texts/languages.ts'
import { wordsOf } from '../texts/say.ts'

export async function noteEvents(db: Db, ids: readonly number[]): Promise<void> {
  await db
    .updateTable('integration')
    .set({ last_event_at: sql<Date>`now()` })
    .where('id', 'in', ids)
    .execute()
}

export async function noteForwarded(db: Db, id: number): Promise<void> {
  await db
    .updateTable('integration')
    .set({ last_forwarded_at: sql<Date>`now()`, failures_in_row: 0 })
    .where('id', '=', id)
    .execute()
}

export async function noteAnswered(db: Db, id: number): Promise<void> {
  await db
    .updateTable('integration')
    .set({ last_reply_at: sql<Date>`now()`, failures_in_row: 0 })
    .where('id', '=', id)
    .execute()
}

export async function noteFailure(db: Db, ids: readonly number[], words: string): Promise<void> {
  await db
    .updateTable('integration')
    .set({
      last_failure_at: sql<Date>`now()`,
      last_failure: words,
      failures_in_row: sql<number>`failures_in_row + 1`,
    })
    .where('id', 'in', ids)
    .execute()
}

/** Its owner has to do something, and is told by mail; the words say what. */
export async function askToReconnect(
  { db, config }: Pick<Context, 'db' | 'config'>,
  id: number,
  words: string,
): Promise<void> {
  await transaction(db, async (tx) => {
    const row = await tx
      .updateTable('integration')
      .from('app_user')
      .whereRef('app_user.id', '=', 'integration.user_id')
      .set({
        state: 'reconnect',
        state_reason: words,
        state_since: sql<Date>`now()`,
        last_failure_at: sql<Date>`now()`,
        last_failure: words,
      })
      .where('integration.id', '=', id)
      .where('state', '=', 'connected')
      .returning(['integration.kind', 'integration.page_name', 'app_user.email', 'app_user.locale'])
      .executeTakeFirst()
    if (!row) return
    const facts = {
      kind: row.kind,
      page: row.page_name,
      site: config.publicUrl,
      words: wordsOf(words, row.locale),
    }
    await queueMail(tx, writeMail(row.email, textsOf(row.locale).reconnect(facts)))
  })
}
