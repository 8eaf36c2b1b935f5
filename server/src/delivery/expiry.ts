/** What the delivery room forgets: attempts and calls after 14 days, deliveries 30 days after their end, dead letters among them. */

import { sql } from 'kysely'
import type { Db } from '../db.ts'

const AT_ONCE = 2000

/** Removes a part, in the order in which rows were made, so that no index is needed and none is locked for long. Answers how many. */
export async function forgetSome(db: Db): Promise<number> {
  const attempts = await sql`
    delete from delivery_attempt where id in (
      select id from (select id, started_at from delivery_attempt order by id limit ${AT_ONCE}) oldest
      where started_at < now() - interval '14 days')`.execute(db)
  const deliveries = await sql`
    delete from delivery where id in (
      select id from (select id, ended_at from delivery order by id limit ${AT_ONCE}) oldest
      where ended_at < now() - interval '30 days')`.execute(db)
  const calls = await sql`
    delete from call_record where id in (
      select id from (select id, started_at from call_record order by id limit ${AT_ONCE}) oldest
      where started_at < now() - interval '14 days')`.execute(db)
  const removed = [attempts, deliveries, calls].map(({ numAffectedRows = 0n }) => Number(numAffectedRows))
  return removed.reduce((sum, count) => sum + count, 0)
}
