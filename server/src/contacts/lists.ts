/** Contact lists; every contact is in exactly one. */
import { sqlState } from '@patchbay/kit/database.ts'
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { List } from '@patchbay/protocol/api/contacts.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { ListTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

export type ListRow = Selectable<ListTable>

const MOST_COUNTED = 10_000

export function selectLists(db: Db | Tx) {
  const counted = sql<number>`(select count(*) from
    (select from contact where contact.list_id = list.id limit ${MOST_COUNTED}) as counted)`
  return db.selectFrom('list').selectAll('list').select(counted.as('contacts'))
}

export function toList(row: ListRow & { contacts: number }): List {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    contacts: row.contacts,
    createdAt: row.created_at.toISOString(),
  }
}

/** The one named Default, or the oldest where that was renamed. */
export async function defaultListId(db: Db | Tx): Promise<number> {
  const row = await db
    .selectFrom('list')
    .select('id')
    .orderBy(sql`lower(name) = 'default'`, 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
  return row.id
}

export async function createList(
  tx: Tx,
  caller: Caller,
  input: { name: string; description?: string | undefined },
): Promise<ListRow> {
  const row = await tx
    .insertInto('list')
    .values({ name: input.name.trim(), description: input.description ?? '' })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a list of this name'))
  await record(tx, caller, { action: 'created', object: 'list', objectId: row.id, after: row })
  return row
}

export async function changeList(
  tx: Tx,
  caller: Caller,
  id: number,
  patch: { name?: string | undefined; description?: string | undefined },
): Promise<ListRow> {
  const before = await lock(tx, id)
  const after = await tx
    .updateTable('list')
    .set({
      name: patch.name?.trim() ?? before.name,
      description: patch.description ?? before.description,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a list of this name'))
  await record(tx, caller, { action: 'changed', object: 'list', objectId: id, before, after })
  return after
}

/**
 * Refuses while it holds a contact or is the last one. That no account uses it is for the caller to see to; `before` is called with
 * the list that takes its place in what is kept of the past.
 */
export async function removeList(
  tx: Tx,
  caller: Caller,
  id: number,
  before: (otherListId: number) => Promise<void>,
): Promise<void> {
  // One deletion at a time, so that two cannot each leave the other's list as the last.
  await sql`lock table list in share row exclusive mode`.execute(tx)
  const list = await lock(tx, id)
  const contact = await tx.selectFrom('contact').select('id').where('list_id', '=', id).limit(1).execute()
  if (contact.length > 0) throw new Refusal('GE-103', 'The list holds contacts.')
  const other = await tx
    .selectFrom('list')
    .select('id')
    .where('id', '<>', id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new Refusal('GE-103', 'It is the last list, and every contact needs one.')
  await before(other.id)
  await tx.deleteFrom('list').where('id', '=', id).execute().catch(refuseUsed)
  await record(tx, caller, { action: 'deleted', object: 'list', objectId: id, before: list })
}

const FOREIGN_KEY_VIOLATION = '23503'

// An account that took the list between the look at the accounts and the deletion.
function refuseUsed(error: unknown): never {
  if (sqlState(error) === FOREIGN_KEY_VIOLATION) throw new Refusal('GE-103', 'An account uses the list.')
  throw error
}

/** Keeps the list from being deleted until the end of the transaction; GE-105 when it is gone already. */
export async function requireList(tx: Tx, id: number): Promise<void> {
  const row = await tx.selectFrom('list').select('id').where('id', '=', id).forKeyShare().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no list ${id}.`)
}

async function lock(tx: Tx, id: number): Promise<ListRow> {
  const row = await tx.selectFrom('list').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no list ${id}.`)
  return row
}
