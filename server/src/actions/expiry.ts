/** What the actions room forgets: runs after 90 days, but for the newest of an interaction that is open, which knows what was answered once. */

import type { Chores } from '@patchbay/kit/chores.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'

const AT_ONCE = 2000

/** Removes a part. Answers how many. */
export async function forgetSomeRuns(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from action_run where id in (
      select id from action_run old
      where updated_at < now() - interval '90 days' and (
        exists (select from action_run r where r.interaction_id = old.interaction_id and r.id > old.id)
        or not exists (select from interaction i where i.id = old.interaction_id and i.closed_at is null))
      order by id limit ${AT_ONCE})`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

export function actionChores(ctx: Pick<Context, 'db'>): Chores {
  return {
    'forget-runs': {
      every: '17 * * * *',
      async run(_payload, stopping) {
        while ((await forgetSomeRuns(ctx.db)) === AT_ONCE && !stopping.aborted);
      },
    },
  }
}
