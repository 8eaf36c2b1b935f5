/** Dispositions as admins see their trees, and those with which one interaction can be closed. */
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Choice, Disposition, dispositionsApi } from '@patchbay/protocol/api/dispositions.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { requireInteraction } from './interactions.ts'

type Routes = Pick<
  typeof dispositionsApi,
  | 'GET /api/dispositions'
  | 'GET /api/dispositions/:id/uses'
  | 'GET /api/openchannel/interactions/:id/dispositions'
>

export function dispositionViewRoutes({ db }: Context): Handlers<Routes> {
  return {
    'GET /api/dispositions': ({ query }) => listDispositions(db, query),
    'GET /api/dispositions/:id/uses': ({ params }) => usesOf(db, params.id),
    'GET /api/openchannel/interactions/:id/dispositions': async ({ caller, params: { id } }) => {
      await requireInteraction(db, caller, id)
      const one = await db
        .selectFrom('interaction')
        .select(['account_id', 'queue_id'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!one) throw new Refusal('GE-105')
      return endingsFor(db, one)
    },
  }
}

export async function readDisposition(db: Db | Tx, id: number): Promise<Disposition> {
  const row = await db.selectFrom('disposition_tree').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no disposition ${id}.`)
  return toDisposition(row as TreeRow)
}

export interface Endings {
  /** One must be named; never so where there is none to name. */
  required: boolean
  rows: Choice[]
}

/**
 * Those for every interaction, and those of the account's list, of the account and of the queue: the narrower scope adds to the wider
 * one, and comes first.
 */
export async function endingsFor(
  db: Db | Tx,
  { account_id: accountId, queue_id: queueId }: { account_id: number; queue_id: number | null },
): Promise<Endings> {
  const { rows } = await sql<Choice & { required: boolean }>`
    select t.id, t.name, t.path, t.level,
      a.disposition_required or coalesce((select disposition_required from queue where id = ${queueId}), false) as required
    from account a join disposition_tree t
      on t.queue_id = ${queueId} or t.account_id = a.id or t.list_id = a.list_id
        or t.queue_id is null and t.account_id is null and t.list_id is null
    where a.id = ${accountId}
    order by t.sort`.execute(db)
  return {
    required: rows[0]?.required ?? false,
    rows: rows.map(({ id, name, path, level }) => ({ id, name, path, level })),
  }
}

const MOST_COUNTED = 10_000

async function usesOf(db: Db, id: number) {
  await readDisposition(db, id)
  const { rows } = await sql<{ below: number; interactions: number; accounts: string[] }>`
    with recursive branch as (
      select id from disposition where id = ${id}
      union all
      select d.id from branch join disposition d on d.parent_id = branch.id)
    select (select count(*)::int - 1 from branch) as below,
      (select count(*)::int from (
        select from interaction where disposition_id in (select id from branch) limit ${MOST_COUNTED}) used) as interactions,
      array(
        select name from account
        where deleted_at is null
          and exists (select from branch where actions @> jsonb_build_array(jsonb_build_object('dispositionId', branch.id)))
        order by lower(name)) as accounts`.execute(db)
  return rows[0] ?? { below: 0, interactions: 0, accounts: [] }
}

async function listDispositions(db: Db, query: Query<Routes['GET /api/dispositions']>) {
  const page = readPage(query, ['number'])
  const { listId, accountId, queueId, scope = 'all' } = query
  let found = db.selectFrom('disposition_tree')
  if (listId !== undefined) found = found.where('list_id', '=', listId)
  if (accountId !== undefined) found = found.where('account_id', '=', accountId)
  if (queueId !== undefined) found = found.where('queue_id', '=', queueId)
  if (scope === 'global') found = found.where(sql<SqlBool>`num_nonnulls(list_id, account_id, queue_id) = 0`)
  else if (scope !== 'all') found = found.where(`${scope}_id`, 'is not', null)
  // The place in the order, since what it is ordered by is an array. Trees are small, and the page of an admin is rarely asked for.
  const numbered = found
    .selectAll()
    .select([
      sql<number>`row_number() over (order by sort)`.as('place'),
      sql<number>`count(*) over ()`.as('total'),
    ])
  let rows = db.selectFrom(numbered.as('numbered')).selectAll()
  if (page.after) rows = rows.where('place', '>', Number(page.after[0]))
  const shown = await rows
    .orderBy('place')
    .limit(page.limit + 1)
    .offset(page.offset)
    .execute()
  const { count } = await found
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return listAnswer(
    page,
    shown,
    count,
    (row) => toDisposition(row as TreeRow),
    (row) => [row.place],
  )
}

interface TreeRow {
  id: number
  name: string
  path: string
  parent_id: number | null
  level: number
  position: number
  list_id: number | null
  account_id: number | null
  queue_id: number | null
  version: number
  created_at: Date
}

function toDisposition(row: TreeRow): Disposition {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    parentId: row.parent_id,
    level: row.level,
    position: row.position,
    listId: row.list_id,
    accountId: row.account_id,
    queueId: row.queue_id,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
