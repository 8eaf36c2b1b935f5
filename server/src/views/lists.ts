/** Contact lists as they are shown: an admin sees all, others those of the accounts to which they were added. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import { seesAll, visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import { fieldsOf } from '../contacts/fields.ts'
import { selectLists, toList } from '../contacts/lists.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'

type Routes = Pick<typeof contactsApi, 'GET /api/lists' | 'GET /api/lists/:id/fields'>

export function listViewRoutes({ db }: Context): Handlers<Routes> {
  return {
    'GET /api/lists': ({ caller, query }) => listLists(db, caller, query),

    'GET /api/lists/:id/fields': async ({ caller, params }) => {
      await requireVisibleList(db, caller, params.id)
      const rows = await fieldsOf(db, params.id)
      return { count: rows.length, rows, cursor: null }
    },
  }
}

/** Refuses with GE-105 what does not exist or is not the caller's. */
export async function requireVisibleList(db: Db | Tx, caller: Caller, id: number): Promise<void> {
  const row = await db
    .selectFrom('list')
    .select('id')
    .where('id', '=', id)
    .where(visible(caller))
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no list ${id}, or you may not see it.`)
}

/** By name. */
async function listLists(db: Db, caller: Caller, query: Query<Routes['GET /api/lists']>) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(list.name)`
  let rows = selectLists(db).select(sortName.as('sort_name')).where(visible(caller))
  if (page.after)
    rows = rows.where(sql<SqlBool>`(${sortName}, list.id) > (${page.after[0]}, ${page.after[1]})`)
  const matching = db
    .selectFrom('list')
    .select('id')
    .where(visible(caller))
    .limit(COUNT_CEILING + 1)
  const [found, counted] = await Promise.all([
    rows
      .orderBy(sortName)
      .orderBy('list.id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(matching.as('found'))
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, found, counted.count, toList, (row) => [row.sort_name, row.id])
}

function visible(caller: Caller) {
  if (seesAll(caller)) return sql<SqlBool>`true`
  return sql<SqlBool>`exists (
    select from account
    where account.list_id = list.id and account.deleted_at is null and ${visibleAccounts(caller, 'account.id')})`
}
