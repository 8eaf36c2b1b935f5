/** Until when everything that happened on a page is known to have been heard of: from there on it is read again after an outage. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'

export interface Behind {
  integrationId: number
  since: Date
}

/**
 * Pages that were connected anew, or that nobody has read since the program started, or for long. One that is new begins now: what
 * was said before it was connected is not told.
 */
export async function findBehind(db: Db, startedAt: Date, everyHours: number): Promise<Behind[]> {
  await sql`insert into catch_up (integration_id, until) select id, now() from integration where state = 'connected'
    on conflict do nothing`.execute(db)
  const { rows } = await sql<Behind>`
    select integration.id as "integrationId", until as since from integration
    join catch_up on integration_id = integration.id
    where state = 'connected' and until < greatest(state_since, ${startedAt}, now() - make_interval(hours => ${everyHours}))
    order by until`.execute(db)
  return rows
}

export async function noteCaughtUp(db: Db, integrationId: number, until: Date): Promise<void> {
  await db.updateTable('catch_up').set({ until }).where('integration_id', '=', integrationId).execute()
}
