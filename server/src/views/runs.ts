/** The runs of an interaction's actions as they are read: what ran, why something was passed over, what failed. */
import type { ActionRun, actionsApi } from '@patchbay/protocol/api/actions.ts'
import { sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import { inEnglish } from '../actions/sayings.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { requireInteraction } from './interactions.ts'

type Routes = Pick<typeof actionsApi, 'GET /api/openchannel/interactions/:id/runs'>

const MOST = 50

export function runViewRoutes({ db }: Pick<Context, 'db'>): Handlers<Routes> {
  return {
    'GET /api/openchannel/interactions/:id/runs': async ({ caller, params: { id } }) => {
      await requireInteraction(db, caller, id)
      const rows = await runsOf(db, id)
      return { count: rows.length, rows }
    },
  }
}

async function runsOf(db: Db, interactionId: number): Promise<ActionRun[]> {
  const { rows } = await sql<{
    id: number
    started_at: Date
    updated_at: Date
    lines: ActionRun['lines']
    is_waiting: boolean
  }>`
    select id, started_at, updated_at, lines,
      row_number() over (order by id desc) = 1
        and (exists (select from queue_entry e where e.interaction_id = ${interactionId} and e.step_id is not null)
          or exists (select from action_call c where c.run_id = run.id)) as is_waiting
    from action_run run where interaction_id = ${interactionId} order by id desc limit ${MOST}`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    startedAt: row.started_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    isWaiting: row.is_waiting,
    // Older ones were kept with their words alone.
    lines: row.lines.map((line) => (line.said ? { ...line, words: inEnglish(line.said) } : line)),
  }))
}
