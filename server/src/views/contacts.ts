/** Contacts as they are shown: an admin sees all, others those with an interaction on one of their accounts. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { contactsApi } from '@patchbay/protocol/api/contacts.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, sql } from 'kysely'
import { isAdmin, visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import { type ContactRow, toContact } from '../contacts/contact-row.ts'
import { idsFound } from '../contacts/search.ts'
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
  const ids = idsOf(caller, query, page.after?.[0], page.limit + 1 + page.offset)
  const [{ rows }, counted] = await Promise.all([
    sql<ContactRow>`
      select c.* from (${ids} offset ${page.offset}) found join contact c using (id) order by id desc`.execute(
      db,
    ),
    sql<{ count: number }>`
      select count(*) as count from (${idsOf(caller, query, undefined, COUNT_CEILING + 1)}) found`.execute(
      db,
    ),
  ])
  return listAnswer(page, rows, counted.rows[0]?.count ?? 0, toContact, ({ id }) => [id])
}

/** A query of at most `limit` ids below `before`, from the highest down, that reads no more than it must. */
function idsOf(
  caller: Caller,
  query: ListQuery,
  before: number | undefined,
  limit: number,
): RawBuilder<unknown> {
  const inList = query.listId === undefined ? sql`true` : sql`c.list_id = ${query.listId}`
  const isBefore = before === undefined ? sql`true` : sql`c.id < ${before}`
  if (query.search?.trim())
    return sql`
      select c.id from contact c
      where c.id in (${idsFound(query.search)}) and ${inList} and ${isBefore} and ${isVisible(caller)}
      order by c.id desc limit ${limit}`
  if (isAdmin(caller))
    return sql`select c.id from contact c where ${inList} and ${isBefore} order by c.id desc limit ${limit}`
  return idsByAccount(caller, query.listId, before, limit)
}

// Walking all contacts and asking for each whether it may be seen would take the longer the less a caller sees. Walking the
// accounts that he sees, each from its newest contact down, reads a page and no more.
function idsByAccount(
  caller: Caller,
  listId: number | undefined,
  before: number | undefined,
  limit: number,
): RawBuilder<unknown> {
  const inList =
    listId === undefined
      ? sql`true`
      : sql`exists (select from contact c where c.id = i.contact_id and c.list_id = ${listId})`
  return sql`
    select newest.contact_id as id
    from (select account_id from account_member where user_id = ${caller.user.id}) mine
    cross join lateral (
      select i.contact_id from interaction i
      where i.account_id = mine.account_id and i.contact_id < ${before ?? Number.MAX_SAFE_INTEGER} and ${inList}
      group by i.contact_id order by i.contact_id desc limit ${limit}
    ) newest
    group by newest.contact_id order by newest.contact_id desc limit ${limit}`
}

function isVisible(caller: Caller): RawBuilder<unknown> {
  if (isAdmin(caller)) return sql`true`
  return sql`exists (
    select from interaction i where i.contact_id = c.id and ${visibleAccounts(caller, 'i.account_id')})`
}
