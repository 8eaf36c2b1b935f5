/** Contacts as they are shown: an admin sees all, others those with an interaction on one of their accounts. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, sql } from 'kysely'
import { seesAll, visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import { type ContactRow, toContact } from '../contacts/contact-row.ts'
import { idsFound, isFound } from '../contacts/search.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'

type Routes = Pick<typeof contactsApi, 'GET /api/contacts' | 'GET /api/contacts/:id'>
type ListQuery = Query<Routes['GET /api/contacts']>

export function contactViewRoutes({ db }: Context): Handlers<Routes> {
  return {
    'GET /api/contacts': ({ caller, query }) => listContacts(db, caller, query),
    'GET /api/contacts/:id': async ({ caller, params }) =>
      toContact(await findContact(db, caller, params.id)),
  }
}

/** Refuses with GE-105 what does not exist or is not the caller's. */
export async function findContact(db: Db | Tx, caller: Caller, id: number): Promise<ContactRow> {
  const { rows } = await sql<ContactRow>`
    select c.* from contact c where c.id = ${id} and ${isVisible(caller)}`.execute(db)
  const [row] = rows
  if (!row) throw new Refusal('GE-105', `There is no contact ${id}, or you may not see it.`)
  return row
}

/** Newest first. */
async function listContacts(db: Db, caller: Caller, query: ListQuery) {
  const page = readPage(query, ['number'])
  const search = query.search?.trim() ? await resolve(db, query.search) : undefined
  const ids = (before: number | undefined, limit: number) =>
    idsOf(caller, query.listId, search, before, limit)
  const [{ rows }, counted] = await Promise.all([
    sql<ContactRow>`
      select c.* from (${ids(page.after?.[0], page.limit + 1 + page.offset)} offset ${page.offset}) found
      join contact c using (id) order by id desc`.execute(db),
    sql<{ count: number }>`
      select count(*) as count from (${ids(undefined, COUNT_CEILING + 1)}) found`.execute(db),
  ])
  return listAnswer(page, rows, counted.rows[0]?.count ?? 0, toContact, ({ id }) => [id])
}

/** What a search text means: these contacts, or, being too many to name, those that fulfil a condition on `c`. */
type Search = { ids: number[] } | { condition: RawBuilder<boolean> }

async function resolve(db: Db, text: string): Promise<Search> {
  const { rows } = await sql<{ id: number }>`
    select distinct id from (select id from (${idsFound(text)}) found limit ${COUNT_CEILING + 1}) bounded`.execute(
    db,
  )
  return rows.length > COUNT_CEILING ? { condition: isFound(text) } : { ids: rows.map(({ id }) => id) }
}

/** A query of at most `limit` ids below `before`, from the highest down, that reads no more than it must. */
function idsOf(
  caller: Caller,
  listId: number | undefined,
  search: Search | undefined,
  before: number | undefined,
  limit: number,
): RawBuilder<unknown> {
  const below = before ?? Number.MAX_SAFE_INTEGER
  const inList = listId === undefined ? sql`true` : sql`c.list_id = ${listId}`
  if (search && 'ids' in search)
    return sql`
      select c.id from unnest(${search.ids.filter((id) => id < below)}::bigint[]) found (id) join contact c using (id)
      where ${inList} and ${isVisible(caller)} order by c.id desc limit ${limit}`
  const wanted = search ? sql`${inList} and ${search.condition}` : inList
  if (seesAll(caller))
    return sql`select c.id from contact c where c.id < ${below} and ${wanted} order by c.id desc limit ${limit}`
  return idsByAccount(caller, listId === undefined && !search ? undefined : wanted, below, limit)
}

// Walking all contacts and asking for each whether it may be seen would take the longer the less a caller sees. Walking the
// accounts that he sees, each from its newest contact down, reads a page and no more.
function idsByAccount(
  caller: Caller,
  wanted: RawBuilder<unknown> | undefined,
  below: number,
  limit: number,
): RawBuilder<unknown> {
  const isWanted = wanted
    ? sql`exists (select from contact c where c.id = i.contact_id and ${wanted})`
    : sql`true`
  return sql`
    select newest.contact_id as id
    from (select account_id from account_member where user_id = ${caller.user.id}) mine
    cross join lateral (
      select i.contact_id from interaction i
      where i.account_id = mine.account_id and i.contact_id < ${below} and ${isWanted}
      group by i.contact_id order by i.contact_id desc limit ${limit}
    ) newest
    group by newest.contact_id order by newest.contact_id desc limit ${limit}`
}

function isVisible(caller: Caller): RawBuilder<unknown> {
  if (seesAll(caller)) return sql`true`
  return sql`exists (
    select from interaction i where i.contact_id = c.id and ${visibleAccounts(caller, 'i.account_id')})`
}
