/** The door of the contacts room: customers, with the values by which a message finds them. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Contact, Field } from '@patchbay/protocol/api/contacts.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { Tx } from '../db.ts'
import {
  type ContactRow,
  type CustomValues,
  columns,
  contactKeys,
  customOf,
  isTextField,
  type TextField,
  textFields,
  toContact,
} from './contact-row.ts'
import { fieldsOf } from './fields.ts'
import { type ContactKey, type CustomValue, customFieldId } from './keys.ts'
import { requireList } from './lists.ts'
import { readCustomValue } from './values.ts'

/** Wire names with values; null empties a field, what is left out stays. Anything but a contact field or `cf_<id>` is refused. */
export type ContactInput = Readonly<Record<string, CustomValue | readonly string[] | null | undefined>>

export async function create(tx: Tx, caller: Caller, listId: number, input: ContactInput): Promise<Contact> {
  await requireList(tx, listId)
  const fields = await fieldsOf(tx, listId)
  const values = readInput(input, fields)
  for (const field of fields)
    if (field.required && (values.custom[field.id] ?? null) === null) throw missing(field)
  const row = await tx
    .insertInto('contact')
    .values({
      list_id: listId,
      ...values.texts,
      tags: values.tags ?? [],
      custom: JSON.stringify(withoutEmpty(values.custom)),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await addKeys(tx, row, contactKeys(row))
  const contact = toContact(row)
  await record(tx, caller, { action: 'created', object: 'contact', objectId: row.id, after: contact })
  return contact
}

/** Answers which wire names changed; none when everything was so already. */
export async function change(
  tx: Tx,
  caller: Caller,
  id: number,
  patch: ContactInput,
): Promise<{ contact: Contact; changed: string[] }> {
  const before = await lock(tx, id)
  const fields = await fieldsOf(tx, before.list_id)
  const values = readInput(patch, fields)
  for (const field of fields) if (field.required && values.custom[field.id] === null) throw missing(field)
  const custom = withoutEmpty({ ...customOf(before), ...values.custom })
  const next = { ...before, ...values.texts, tags: values.tags ?? before.tags, custom }
  const changed = differing(toContact(before), toContact(next))
  if (changed.length === 0) return { contact: toContact(before), changed }

  const after = await tx
    .updateTable('contact')
    .set({ ...values.texts, tags: next.tags, custom: JSON.stringify(custom), updated_at: sql`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await replaceKeys(tx, before, after)
  const contact = toContact(after)
  await record(tx, caller, {
    action: 'changed',
    object: 'contact',
    objectId: id,
    before: toContact(before),
    after: contact,
  })
  return { contact, changed }
}

interface Values {
  texts: Partial<Record<(typeof columns)[TextField], string | null>>
  tags: string[] | undefined
  /** By custom field id; null empties. */
  custom: Record<string, CustomValue | null>
}

function readInput(input: ContactInput, fields: readonly Field[]): Values {
  const values: Values = { texts: {}, tags: undefined, custom: {} }
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || name === 'listId') continue
    if (name === 'tags') values.tags = readTags(value)
    else if (isTextField(name)) values.texts[columns[name]] = readText(name, value)
    else {
      const field = fields.find(({ id }) => id === customFieldId(name))
      if (!field) throw unknownField(name, fields)
      values.custom[field.id] = readCustom(field, value)
    }
  }
  return values
}

type Given = CustomValue | readonly string[] | null

function readText(name: string, value: Given): string | null {
  if (value === null) return null
  if (typeof value !== 'string') throw new Refusal('GE-101', `${name} must be a text.`, { field: name })
  return value.trim() === '' ? null : value.trim()
}

function readTags(value: Given): string[] {
  if (!Array.isArray(value)) throw new Refusal('GE-101', 'tags must be an array of texts.', { field: 'tags' })
  return [...new Set(value.map((tag: string) => tag.trim()))].filter((tag) => tag !== '')
}

function readCustom(field: Field, given: Given): CustomValue | null {
  const name = `cf_${field.id}`
  if (typeof given === 'object' && given !== null)
    throw new Refusal('GE-101', `${name} takes one value.`, { field: name })
  const read = readCustomValue(field, given)
  if (read.ok) return read.value
  throw new Refusal('GE-101', `${name} (${field.name}) takes ${read.wants}.`, {
    field: name,
    ...(read.allowed && { allowed: read.allowed }),
  })
}

function missing(field: Field): Refusal {
  return new Refusal('GE-101', `${field.name} (cf_${field.id}) may not be empty in this list.`, {
    field: `cf_${field.id}`,
  })
}

function unknownField(name: string, fields: readonly Field[]): Refusal {
  return new Refusal(
    'GE-101',
    `${name.slice(0, 100)} is neither a contact field nor a custom field of this list.`,
    {
      field: name.slice(0, 100),
      allowed: [...textFields, 'tags', ...fields.map(({ id }) => `cf_${id}`)],
    },
  )
}

function withoutEmpty(custom: Record<string, CustomValue | null>): CustomValues {
  const full = Object.entries(custom).filter((entry): entry is [string, CustomValue] => entry[1] !== null)
  return Object.fromEntries(full)
}

function differing(before: Contact, after: Contact): string[] {
  const [old, now]: Record<string, unknown>[] = [before, after]
  return Object.keys({ ...old, ...now }).filter(
    (name) => JSON.stringify(old?.[name]) !== JSON.stringify(now?.[name]),
  )
}

async function lock(tx: Tx, id: number): Promise<ContactRow> {
  const row = await tx.selectFrom('contact').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no contact ${id}, or you may not see it.`)
  return row
}

// A row that stays keeps its claim: it is what a customer's next message finds.
async function replaceKeys(tx: Tx, before: ContactRow, after: ContactRow): Promise<void> {
  const [old, now] = [contactKeys(before), contactKeys(after)]
  const without = (keys: ContactKey[], others: ContactKey[]): ContactKey[] =>
    keys.filter((key) => !others.some(({ field, value }) => field === key.field && value === key.value))
  const gone = without(old, now)
  await sql`
    delete from contact_key k using unnest(${gone.map(({ field }) => field)}::text[], ${gone.map(({ value }) => value)}::text[]) g(field, value)
    where k.list_id = ${after.list_id} and k.field = g.field and k.value = g.value and k.contact_id = ${after.id}`.execute(
    tx,
  )
  await addKeys(tx, after, without(now, old))
}

async function addKeys(tx: Tx, row: ContactRow, keys: readonly ContactKey[]): Promise<void> {
  if (keys.length === 0) return
  await tx
    .insertInto('contact_key')
    .values(keys.map(({ field, value }) => ({ list_id: row.list_id, field, value, contact_id: row.id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
