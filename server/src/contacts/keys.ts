/** The values by which a contact is found: one normal form for the Receive URL, the desk and the API. */
import { createHash } from 'node:crypto'
import { type ContactField, contactFields } from '@patchbay/protocol/open-channel.ts'

export type CustomValue = string | number | boolean
/** A wire name: one of `contactFields`, or `cf_<id>`. */
export type FieldName = ContactField | `cf_${number}`

export interface ContactKey {
  field: FieldName
  value: string
}

/** Fields whose whole value points at a person; the others can be matched but are not searched. Custom fields stand beside them. */
export const identifyingFields = [
  'phone',
  'mobile',
  'fax',
  'email',
  'url',
  'facebook',
  'twitter',
  'skype',
] as const satisfies readonly ContactField[]

// An index entry holds 2704 bytes, and four bytes are the most that a character takes.
const LONGEST_PLAIN_KEY = 400

/**
 * The form in which values are compared: trimmed, NFC, e-mail in lower case, nothing else; null when nothing is left.
 * A value too long for an index is stood for by its digest. The text must be well-formed and free of U+0000 already.
 */
export function normalizeKey(field: string, value: CustomValue): string | null {
  const text = String(value).trim().normalize('NFC')
  if (text === '') return null
  const key = field === 'email' ? text.toLowerCase() : text
  return key.length <= LONGEST_PLAIN_KEY
    ? key
    : `sha256:${createHash('sha256').update(key).digest('base64url')}`
}

/** `7` of `cf_7`; undefined for every other name. */
export function customFieldId(name: string): number | undefined {
  const digits = /^cf_([1-9]\d{0,15})$/.exec(name)?.[1]
  const id = digits === undefined ? undefined : Number(digits)
  return id !== undefined && Number.isSafeInteger(id) ? id : undefined
}

const standardNames: ReadonlySet<string> = new Set(contactFields)

export function isContactField(name: string): name is ContactField {
  return standardNames.has(name)
}

/** Every key of a contact, each tag being one. `custom` is by custom field id, as the column holds it. */
export function keysOf(contact: {
  fields: Readonly<Partial<Record<Exclude<ContactField, 'tags'>, string | null>>>
  tags: readonly string[]
  custom: Readonly<Record<string, CustomValue>>
}): ContactKey[] {
  const keys = new Map<string, ContactKey>()
  const add = (field: FieldName, value: CustomValue | null | undefined): void => {
    const key = value === null || value === undefined ? null : normalizeKey(field, value)
    if (key !== null) keys.set(`${field} ${key}`, { field, value: key })
  }
  for (const field of contactFields) if (field !== 'tags') add(field, contact.fields[field])
  for (const tag of contact.tags) add('tags', tag)
  for (const [id, value] of Object.entries(contact.custom)) add(`cf_${Number(id)}`, value)
  return [...keys.values()]
}
