/** The record of attempts: what is taken out of it on request. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'

const AT_ONCE = 5_000

/** In steps, each committed by itself: a record may be too long for one transaction. Answers of how many attempts. */
export async function eraseBodies(db: Db, accountId: number): Promise<number> {
  let erased = 0
  let from = '-infinity'
  for (;;) {
    const { rows } = await sql<{
      count: number
      last: string | null
    }>`
      with part as (
        select id, started_at from delivery_attempt
        where account_id = ${accountId} and started_at >= ${from}::timestamptz
          and (request_body is not null or response_body is not null)
        order by started_at limit ${AT_ONCE}),
      done as (
        update delivery_attempt set request_body = null, response_body = null where id in (select id from part))
      select count(*)::int as count, max(started_at)::text as last from part`.execute(db)
    const step = rows[0] ?? { count: 0, last: null }
    erased += step.count
    if (step.count < AT_ONCE || step.last === null) return erased
    from = step.last
  }
}
