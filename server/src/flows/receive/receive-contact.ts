/** The contact fields of a Receive call: by which the contact is found, and what is told of him. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { contactFields } from '@patchbay/protocol/open-channel.ts'
import {
  type CustomValue,
  customFieldId,
  type FieldName,
  isContactField,
  normalizeKey,
} from '../../contacts/keys.ts'
import { type FieldKind, readCustomValue } from '../../contacts/values.ts'
import type { TextReader } from './receive-values.ts'

/** By id: those of the account's list. */
export type CustomFields = ReadonlyMap<number, FieldKind>

/** A contact field of the message; `value` null: to be left empty when the contact is made. */
export interface SentField {
  field: FieldName
  value: CustomValue | string[] | null
  /** In the form in which contacts are found. */
  keys: string[]
}

const MOST_TAGS = 200
const LONGEST_TAG = 200

/** The name as a field that contacts of the list have. */
export function asFieldName(name: string, customFields: CustomFields): FieldName | undefined {
  if (isContactField(name)) return name
  const id = customFieldId(name)
  return id !== undefined && customFields.has(id) ? `cf_${id}` : undefined
}

export function readMapKey(name: string | undefined, customFields: CustomFields): FieldName {
  const mapKey = name ? asFieldName(name, customFields) : undefined
  if (mapKey) return mapKey
  const allowed = [...contactFields, ...[...customFields.keys()].map((id) => `cf_${id}`)]
  const options = { field: 'mapKey', allowed }
  if (!name) throw new Refusal('OC-103', 'mapKey is missing, and the account names none.', options)
  throw new Refusal('OC-104', `mapKey ${JSON.stringify(name.slice(0, 100))} is not a contact field.`, options)
}

/** `from` as a key of the field. A custom field finds only what it can hold. */
export function keyOf(mapKey: FieldName, from: string, customFields: CustomFields): string {
  const kind = customFields.get(customFieldId(mapKey) ?? 0)
  if (kind && !isExact(kind, from)) {
    const wants = kind.type === 'number' ? 'a number that is kept exactly' : 'a value of this field'
    throw new Refusal('OC-103', `from is not ${wants} (${mapKey}, of type ${kind.type}).`, { field: 'from' })
  }
  const key = normalizeKey(mapKey, from)
  if (key === null) throw new Refusal('OC-103', 'from is empty.', { field: 'from' })
  return key
}

function isExact(kind: FieldKind, from: string): boolean {
  const read = readCustomValue(kind, from)
  return read.ok && String(read.value) === from
}

/** Undefined: nothing was sent. `unusable` hears of a value that the field cannot hold: the message is worth more than it. */
export function readSent(
  read: TextReader,
  field: FieldName,
  value: unknown,
  customFields: CustomFields,
  unusable: () => void,
): SentField | undefined {
  if (field === 'tags') return readTags(read, value, unusable)
  const given = typeof value === 'boolean' ? String(value) : value
  const text = read.text(field, given)?.trim()
  if (!text) return undefined
  if (field === 'phone' && text.toLowerCase() === 'none') return { field, value: null, keys: [] }
  const kind = customFields.get(customFieldId(field) ?? 0)
  if (!kind) return { field, value: text, keys: keysOf(field, text) }
  const custom = readCustomValue(kind, text)
  if (!custom.ok) {
    unusable()
    return undefined
  }
  return custom.value === null ? undefined : { field, value: custom.value, keys: keysOf(field, custom.value) }
}

function readTags(read: TextReader, value: unknown, unusable: () => void): SentField | undefined {
  const items = Array.isArray(value) ? value : (read.text('tags', value)?.split(',') ?? [])
  const tags = [...new Set(items.map((item) => read.text('tags', item)?.trim() ?? ''))].filter(
    (tag) => tag !== '',
  )
  if (tags.length === 0) return undefined
  if (tags.length > MOST_TAGS || tags.some((tag) => tag.length > LONGEST_TAG)) {
    unusable()
    return undefined
  }
  return { field: 'tags', value: tags, keys: tags.flatMap((tag) => keysOf('tags', tag)) }
}

function keysOf(field: FieldName, value: CustomValue): string[] {
  const key = normalizeKey(field, value)
  return key === null ? [] : [key]
}

/** `name` as first and last name: the first word, and the rest. */
export function splitName(name: string): { firstName: string; lastName: string } {
  const [, firstName = '', lastName = ''] = /^\s*(\S+)\s*([\s\S]*?)\s*$/.exec(name) ?? []
  return { firstName, lastName }
}
