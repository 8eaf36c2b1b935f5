/** Custom fields: what an admin adds to the contacts of a list, or of all lists. */
import { refuseDuplicate } from '@patchbay/kit/duplicate.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { requireVersion } from '@patchbay/kit/version.ts'
import type { contactsApi, Field } from '@patchbay/protocol/api/contacts.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { CustomFieldTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

export type NewField = Body<(typeof contactsApi)['POST /api/fields']>
export type FieldPatch = Body<(typeof contactsApi)['PATCH /api/fields/:id']>

/** Those of the list and those of every list, in the order in which they were added. */
export async function fieldsOf(db: Db | Tx, listId: number): Promise<Field[]> {
  const rows = await db
    .selectFrom('custom_field')
    .selectAll()
    .where((eb) => eb.or([eb('list_id', '=', listId), eb('list_id', 'is', null)]))
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(toField)
}

/** `listId` null: for every list. */
export async function createField(
  tx: Tx,
  caller: Caller,
  listId: number | null,
  input: NewField,
): Promise<Field> {
  const type = input.type ?? 'text'
  const row = await tx
    .insertInto('custom_field')
    .values({
      list_id: listId,
      name: input.name.trim(),
      type,
      required: input.required ?? false,
      options: readOptions(type, input.options ?? []),
      link: input.link ?? '',
    })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a field of this name'))
  const field = toField(row)
  await record(tx, caller, { action: 'created', object: 'custom_field', objectId: field.id, after: field })
  return field
}

export async function changeField(tx: Tx, caller: Caller, id: number, patch: FieldPatch): Promise<Field> {
  const before = await lockField(tx, id)
  requireVersion(patch.version, before.version)
  const row = await tx
    .updateTable('custom_field')
    .set({
      name: patch.name?.trim() ?? before.name,
      required: patch.required ?? before.required,
      options: readOptions(before.type, patch.options ?? before.options),
      link: patch.link ?? before.link,
      version: before.version + 1,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch(refuseDuplicate('a field of this name'))
  const after = toField(row)
  await record(tx, caller, { action: 'changed', object: 'custom_field', objectId: id, before, after })
  return after
}

/** With its values and the keys made of them. The keys say which contacts hold one, so no other is touched. */
export async function removeField(
  tx: Tx,
  caller: Caller,
  id: number,
  replacedBy: number | null,
): Promise<void> {
  const before = await lockField(tx, id)
  await sql`
    with forgotten as (
      delete from contact_key where field = ${`cf_${id}`} and list_id in (select id from list) returning contact_id
    )
    update contact set custom = custom - ${String(id)}, updated_at = now()
      where id in (select contact_id from forgotten)`.execute(tx)
  await tx.deleteFrom('custom_field').where('id', '=', id).execute()
  await record(tx, caller, {
    action: 'deleted',
    object: 'custom_field',
    objectId: id,
    before: { ...before, replacedBy },
  })
}

/** Contacts that have no value in the other field get that of this one, and are found by it. */
export async function moveValues(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    with holding as (
      select k.list_id, k.value, k.contact_id from contact_key k join contact c on c.id = k.contact_id
      where k.field = ${`cf_${from}`} and k.list_id in (select id from list) and not c.custom ? ${String(to)}
    ), keyed as (
      insert into contact_key (list_id, field, value, contact_id) select list_id, ${`cf_${to}`}, value, contact_id from holding
      on conflict do nothing
    )
    update contact set custom = custom || jsonb_build_object(${String(to)}::text, custom -> ${String(from)}), updated_at = now()
    where id in (select contact_id from holding)`.execute(tx)
}

export async function lockField(tx: Tx, id: number): Promise<Field> {
  const row = await tx
    .selectFrom('custom_field')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no custom field ${id}.`)
  return toField(row)
}

export function toField(row: Selectable<CustomFieldTable>): Field {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    required: row.required,
    options: row.options ?? [],
    link: row.link,
    listId: row.list_id,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

function readOptions(type: Field['type'], options: readonly string[]): string[] | null {
  if (type !== 'select') return null
  const distinct = [...new Set(options.map((option) => option.trim()))].filter((option) => option !== '')
  if (distinct.length === 0)
    throw new Refusal('GE-101', 'A select field needs at least one option.', { field: 'options' })
  return distinct
}
