/** What came and went through an integration, as its health shows it. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'

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

/** Its owner has to do something; the words say what. */
export async function askToReconnect(db: Db, id: number, words: string): Promise<void> {
  await db
    .updateTable('integration')
    .set({
      state: 'reconnect',
      state_reason: words,
      state_since: sql<Date>`now()`,
      last_failure_at: sql<Date>`now()`,
      last_failure: words,
    })
    .where('id', '=', id)
    .where('state', '=', 'connected')
    .execute()
}
