/** How often triggers fired lately, as the logs of interactions say. */
import { sql } from 'kysely'
import type { Tx } from '../db.ts'

const LOOK_BACK = 500

/** Within the last ten minutes, by `<interaction> <trigger>`. The newest events of each interaction are looked at, not its whole log. */
export async function firedLately(tx: Tx, interactionIds: readonly number[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ interaction_id: number; trigger_id: string; times: number }>`
    select e.interaction_id, e.data->>'triggerId' as trigger_id, count(*)::int as times
    from interaction i
    join event e on e.interaction_id = i.id and e.seq > i.seq - ${LOOK_BACK}
    where i.id = any(${interactionIds}::bigint[]) and e.type = 'triggered' and e.at > now() - interval '10 minutes'
      and e.data->>'did' is not null
    group by 1, 2`.execute(tx)
  return new Map(rows.map((row) => [`${row.interaction_id} ${row.trigger_id}`, row.times]))
}
