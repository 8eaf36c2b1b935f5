/** Queues as they are shown: with their members, what waits in them, and the accounts that send interactions there. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Queue, queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { type QueueRow, selectQueues } from '../routing/queues.ts'
import { freeUsers } from './candidates.ts'

type ShownRow = QueueRow & { waiting: number; free: number; accounts: { id: number; name: string }[] }
type Routes = Pick<typeof queuesApi, 'GET /api/openchannel/queues' | 'GET /api/openchannel/queues/:id'>

export function queueViewRoutes(ctx: Context): Handlers<Routes> {
  return {
    'GET /api/openchannel/queues': ({ caller, query }) => listQueues(ctx.db, caller, query),
    'GET /api/openchannel/queues/:id': ({ caller, params }) => readQueue(ctx.db, caller, params.id),
  }
}

export async function readQueue(db: Db | Tx, caller: Caller, id: number): Promise<Queue> {
  const row = await select(db, caller).where('queue.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no queue ${id}.`)
  return toQueue(row)
}

/** By name. */
async function listQueues(db: Db, caller: Caller, query: Query<Routes['GET /api/openchannel/queues']>) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(queue.name)`
  const pattern = query.search ? `%${query.search.replace(/[\\%_]/g, '\\$&')}%` : '%'
  let rows = select(db, caller).select(sortName.as('sort_name')).where('queue.name', 'ilike', pattern)
  if (page.after)
    rows = rows.where(sql<SqlBool>`(${sortName}, queue.id) > (${page.after[0]}, ${page.after[1]})`)
  const matching = db
    .selectFrom('queue')
    .select('id')
    .where('name', 'ilike', pattern)
    .limit(COUNT_CEILING + 1)
  const [found, counted] = await Promise.all([
    rows
      .orderBy(sortName)
      .orderBy('queue.id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(matching.as('found'))
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, found, counted.count, toQueue, (row) => [row.sort_name, row.id])
}

function select(db: Db | Tx, caller: Caller) {
  const waiting = sql<number>`(
    select count(*) from queue_entry e join account a on a.id = e.account_id
    where e.queue_id = queue.id and not a.sandbox and ${visibleAccounts(caller, 'e.account_id')})`
  const accounts = sql<{ id: number; name: string }[]>`(
    select coalesce(json_agg(json_build_object('id', account.id, 'name', account.name) order by lower(account.name)), '[]')
    from account
    where account.deleted_at is null and ${visibleAccounts(caller, 'account.id')}
      and account.actions @> jsonb_build_array(jsonb_build_object('queueId', queue.id)))`
  // Found once for all queues of the page.
  const free = sql<number>`(
    select count(*)::int from queue_member m where m.queue_id = queue.id and m.user_id = any(array(${freeUsers})))`
  return selectQueues(db).select([waiting.as('waiting'), free.as('free'), accounts.as('accounts')])
}

function toQueue(row: ShownRow): Queue {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    strategy: row.strategy,
    agentTimeoutSeconds: row.agent_timeout_seconds,
    weight: row.weight,
    dispositionRequired: row.disposition_required,
    group: row.group_name,
    wrapUpSeconds: row.wrap_up_seconds,
    autoAnswer: row.auto_answer,
    skills: row.skills,
    agentIds: row.agent_ids,
    teamIds: row.team_ids,
    waiting: row.waiting,
    free: row.free,
    accounts: row.accounts,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
