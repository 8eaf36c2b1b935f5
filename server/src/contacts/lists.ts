/** Contact lists; every contact is in exactly one. */
import { sqlState } from '@patchbay/kit/database.ts'
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { contactsApi, List } from '@patchbay/protocol/api/contacts.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
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
    version: row.version,
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
  patch: Body<(typeof contactsApi)['PATCH /api/lists/:id']>,
): Promise<ListRow> {
  const before = await lock(tx, id)
  requireVersion(patch.version, before.version)
  const after = await tx
    .updateTable('list')
    .set({
      name: patch.name?.trim() ?? before.name,
      description: patch.description ?? before.description,
      version: before.version + 1,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a list of this name'))
  await record(tx, caller, { action: 'changed', object: 'list', objectId: id, before, after })
  return after
}

/** That no account and no contact is in it is for the caller to see to, under `lockList`. */
export async function removeList(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const list = await lock(tx, id)
  await tx.deleteFrom('list').where('id', '=', id).execute().catch(refuseUsed)
  await record(tx, caller, {
    action: 'deleted',
    object: 'list',
    objectId: id,
    before: { ...list, replacedBy },
  })
}

/** Answers another list, for what is kept of the past. Refuses the last one. */
export async function lockList(tx: Tx, id: number): Promise<number> {
  // One deletion at a time, so that two cannot each leave the other's list as the last.
  await sql`lock table list in share row exclusive mode`.execute(tx)
  await lock(tx, id)
  const other = await tx
    .selectFrom('list')
    .select('id')
    .where('id', '<>', id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new Refusal('GE-103', 'It is the last list, and every contact needs one.')
  return other.id
}

/** With their keys. Two that claim the same value stay two; the one that was there keeps being found by it. */
export async function moveContacts(tx: Tx, from: number, to: number): Promise<number> {
  await sql`
    update contact_key set list_id = ${to}, claimed = claimed and not exists (
      select from contact_key other
      where other.list_id = ${to} and other.field = contact_key.field and other.value = contact_key.value and other.claimed)
    where list_id = ${from}`.execute(tx)
  const { numAffectedRows } = await sql`update contact set list_id = ${to} where list_id = ${from}`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

/** Its own custom fields: values are kept by their ids, so they keep them. A name that is there already tells where it came from. */
export async function moveFields(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    update custom_field set list_id = ${to}, name = case when exists (
        select from custom_field other where other.list_id = ${to} and lower(other.name) = lower(custom_field.name))
      then left(name, 60) || ' (' || custom_field.id || ')' else name end
    where list_id = ${from}`.execute(tx)
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
