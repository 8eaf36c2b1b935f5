/** How far a message of a channel has come, told without texts and people. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { WayStep, wayApi } from '@patchbay/protocol/api/way.ts'
import type { Answer } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import * as accounts from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'

type Way = Answer<(typeof wayApi)['GET /api/openchannel/accounts/:id/messages/:messageId/way']>

const MOST = 40

export function wayRoutes({ db }: Pick<Context, 'db'>): Handlers<typeof wayApi> {
  return {
    'GET /api/openchannel/accounts/:id/messages/:messageId/way': async ({ caller, params }) => {
      await accounts.find(db, caller, params.id)
      return wayOf(db, params.id, params.messageId)
    },
  }
}

interface StepRow {
  step: WayStep['step']
  at: Date
  queue: string | null
  count: number | null
}

async function wayOf(db: Db, accountId: number, messageId: number): Promise<Way> {
  const message = await db
    .selectFrom('message')
    .select('interaction_id')
    .where('id', '=', messageId)
    .where('account_id', '=', accountId)
    .where('direction', '=', 'in')
    .executeTakeFirst()
  if (!message) throw new Refusal('GE-105')
  const { interaction_id: interactionId } = message
  // What opened the interaction was written with the message, just before it. A run and what it ended in are one transaction: it stands before that.
  const { rows } = await sql<StepRow>`
    with came as (select seq, created_at from message where id = ${messageId}),
    step as (
      select e.seq::numeric as place, type as step, at, case type when 'queued' then data->>'queue' end as queue, null::int as count
      from came cross join event e where interaction_id = ${interactionId} and (
        (e.seq > came.seq and type in ('queued', 'offered', 'assigned', 'closed', 'reopened'))
        or (e.seq < came.seq and type in ('opened', 'reopened') and at = created_at))
      union all select seq, 'stored', created_at, null, null from came
      union all (select e.seq, 'answered', at, null, null from came cross join event e
        join message m on m.id = e.message_id and m.direction = 'out'
        where e.interaction_id = ${interactionId} and e.seq > came.seq and type = 'message' order by e.seq limit 1)
      union all (select seq + 0.5, 'actions', updated_at, null, jsonb_array_length(lines) from came cross join action_run
        where interaction_id = ${interactionId} and started_at >= created_at order by id limit 1)
    )
    select step, at, queue, count from step order by place limit ${MOST}`.execute(db)
  return { interactionId, steps: rows.map((row) => ({ ...row, at: row.at.toISOString() })) }
}
