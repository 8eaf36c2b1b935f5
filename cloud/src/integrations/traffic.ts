/** What came and went through an integration, as its health shows it. */

import { transaction } from '@patchbay/kit/database.ts'
import { writeMail } from '@patchbay/kit/letter.ts'
import { queueMail } from '@patchbay/kit/mail.ts'
import { type Selectable, sql } from 'kysely'
import type { Context } from '../context.ts'
import type { DB } from '../database.gen.ts'
import type { Db } from '../db.ts'
import { textsOf } from '../texts/languages.ts'
import { say, wordsOf } from '../texts/say.ts'

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
  await db.updateTable('integration').set({ last_reply_at: sql<Date>`now()` }).where('id', '=', id).execute()
}

/** Of a message on its way to the contact centre. */
export async function noteFailure(db: Db, id: number, words: string): Promise<void> {
  await db
    .updateTable('integration')
    .set({ ...lastFailure(words), failures_in_row: sql<number>`failures_in_row + 1` })
    .where('id', '=', id)
    .execute()
}

/** After an outage: what could not be read, which nothing that succeeds later makes good. */
export async function noteGap(db: Db, id: number, words: string): Promise<void> {
  await db.updateTable('integration').set(lastFailure(words)).where('id', '=', id).execute()
}

/** Nobody can say whose answer it is, until one can be verified. */
export async function noteWrongSecret(db: Db, ids: readonly number[]): Promise<void> {
  await db
    .updateTable('integration')
    .set({
      ...lastFailure(say('wrong-secret')),
      wrong_secret_since: sql<Date>`coalesce(wrong_secret_since, now())`,
    })
    .where('id', 'in', ids)
    .execute()
}

export async function noteRightSecret(db: Db, id: number): Promise<void> {
  await db.updateTable('integration').set({ wrong_secret_since: null }).where('id', '=', id).execute()
}

const lastFailure = (words: string) => ({ last_failure_at: sql<Date>`now()`, last_failure: words })

/**
 * Its owner has to do something, and is told by mail; the words say what. `used`: the token that does not work. False: the integration
 * has another one by now.
 */
export async function askToReconnect(
  { db, config }: Pick<Context, 'db' | 'config'>,
  { id, page_token_sealed: used }: Pick<Selectable<DB['integration']>, 'id' | 'page_token_sealed'>,
  words: string,
): Promise<boolean> {
  return transaction(db, async (tx) => {
    const before = await tx
      .selectFrom('integration')
      .select('page_token_sealed')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (used && before?.page_token_sealed && !before.page_token_sealed.equals(used)) return false
    const row = await tx
      .updateTable('integration')
      .from('app_user')
      .whereRef('app_user.id', '=', 'integration.user_id')
      .set({
        state: 'reconnect',
        state_reason: words,
        state_since: sql<Date>`now()`,
        ...lastFailure(words),
      })
      .where('integration.id', '=', id)
      .where('state', '=', 'connected')
      .returning(['integration.kind', 'integration.page_name', 'app_user.email', 'app_user.locale'])
      .executeTakeFirst()
    if (!row) return true
    const facts = {
      kind: row.kind,
      page: row.page_name,
      site: config.publicUrl,
      words: wordsOf(words, row.locale),
    }
    await queueMail(tx, writeMail(row.email, textsOf(row.locale).reconnect(facts)))
    return true
  })
}
