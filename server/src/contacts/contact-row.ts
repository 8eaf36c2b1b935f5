/** A contact as the database holds it, and as the API shows it. */
import type { Contact } from '@patchbay/protocol/api/contacts.ts'
import { type ContactField, contactFields } from '@patchbay/protocol/open-channel.ts'
import type { Selectable } from 'kysely'
import type { ContactTable } from '../database.gen.ts'
import { type ContactKey, type CustomValue, keysOf } from './keys.ts'

export type TextField = Exclude<ContactField, 'tags'>
export type ContactRow = Selectable<ContactTable>
export type CustomValues = Record<string, CustomValue>

export const textFields = contactFields.filter((field) => field !== 'tags')

export const columns = {
  firstName: 'first_name',
  lastName: 'last_name',
  street: 'street',
  postalCode: 'postal_code',
  city: 'city',
  country: 'country',
  dateOfBirth: 'date_of_birth',
  description: 'description',
  phone: 'phone',
  mobile: 'mobile',
  fax: 'fax',
  email: 'email',
  url: 'url',
  facebook: 'facebook',
  twitter: 'twitter',
  skype: 'skype',
} as const satisfies Record<TextField, keyof ContactRow>

export function isTextField(name: string): name is TextField {
  return Object.hasOwn(columns, name)
}

/** By custom field id. */
export function customOf(row: ContactRow): CustomValues {
  return row.custom as CustomValues
}

export function textsOf(row: ContactRow): Record<TextField, string | null> {
  return Object.fromEntries(textFields.map((field) => [field, row[columns[field]]])) as Record<
    TextField,
    string | null
  >
}

/** Custom fields stand beside the others as `cf_<id>`. */
export function toContact(row: ContactRow): Contact {
  const custom = Object.entries(customOf(row)).map(([id, value]) => [`cf_${id}`, value])
  return {
    id: row.id,
    listId: row.list_id,
    ...textsOf(row),
    tags: row.tags,
    ...Object.fromEntries(custom),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function contactKeys(row: ContactRow): ContactKey[] {
  return keysOf({ fields: textsOf(row), tags: row.tags, custom: customOf(row) })
}
