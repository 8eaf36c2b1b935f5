/** The fields of a contact: their order and names on the screen, and what of a form has changed. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Contact, Field } from '@patchbay/protocol/api/contacts.ts'
import type { ContactField } from '@patchbay/protocol/open-channel.ts'

export type TextField = Exclude<ContactField, 'tags'>
export type CustomValue = string | number | boolean | null
/** A number is NaN while its field is empty. */
export type Values = Record<string, string | number | boolean>

export const fieldWords: Readonly<Record<TextField, MessageDescriptor>> = {
  firstName: msg`First name`,
  lastName: msg`Last name`,
  phone: msg`Phone`,
  mobile: msg`Mobile`,
  email: msg`E-mail`,
  street: msg`Street`,
  postalCode: msg`Postal code`,
  city: msg`City`,
  country: msg`Country`,
  dateOfBirth: msg`Date of birth`,
  url: msg`Website`,
  fax: msg`Fax`,
  facebook: msg`Facebook`,
  twitter: msg`X (Twitter)`,
  skype: msg`Skype`,
  description: msg`Description`,
}
export const textFields = Object.keys(fieldWords) as TextField[]
/** Shown even while they are empty. */
export const mainFields: ReadonlySet<TextField> = new Set(['firstName', 'lastName', 'phone', 'email'])

export const nameOfCustom = (field: Field) => `cf_${field.id}`

export function customValue(contact: Contact, field: Field): CustomValue {
  const value = (contact as Record<string, unknown>)[nameOfCustom(field)]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** Where a click on the value leads. */
export function linkOf(contact: Contact, field: Field): string | undefined {
  const value = customValue(contact, field)
  if (field.link === '' || value === null) return undefined
  const written = encodeURIComponent(String(value))
  // A number to ring keeps its plus.
  return field.link.replaceAll('{{value}}', () =>
    field.link.startsWith('tel:') ? String(value).replace(/[^+\d*#]/g, '') : written,
  )
}

/**
 * The number to ring. The Receive URL puts whoever writes into an empty `phone`, be it an e-mail address or the id of a page's
 * visitor: what stands in another field too is no number.
 */
export function phoneOf(contact: Contact): string | null {
  const { phone, ...others } = contact
  return Object.values(others).includes(phone) ? null : phone
}

/** By name, else by what identifies it, else by number: as the lists of the desk call it. */
export function contactName(contact: Contact): string {
  const name = [contact.firstName, contact.lastName]
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(' ')
  return name || contact.phone || contact.mobile || contact.email || `#${contact.id}`
}

export function valuesOf(contact: Contact, custom: readonly Field[]): Values {
  const texts = textFields.map((name) => [name, contact[name] ?? ''])
  const others = custom.map((field) => [nameOfCustom(field), shown(field, customValue(contact, field))])
  return { ...Object.fromEntries(texts), ...Object.fromEntries(others) }
}

function shown(field: Field, value: CustomValue): string | number | boolean {
  switch (field.type) {
    case 'number':
      return typeof value === 'number' ? value : Number.NaN
    case 'switch':
      return value === true
    case 'datetime':
      return typeof value === 'string' ? localInstant(value) : ''
    default:
      return value === null ? '' : String(value)
  }
}

/** What has changed from one to the other, as the server takes it: null empties a field. */
export function changesOf(
  before: Values,
  after: Values,
  custom: readonly Field[],
): Record<string, CustomValue> {
  const types = new Map(custom.map((field) => [nameOfCustom(field), field.type]))
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => !Object.is(value, before[name]))
      .map(([name, value]) => [name, written(types.get(name), value)]),
  )
}

function written(type: Field['type'] | undefined, value: string | number | boolean): CustomValue {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (typeof value === 'boolean') return value
  const text = value.trim()
  if (text === '') return null
  return type === 'datetime' ? new Date(text).toISOString() : text
}

/** An instant as the browser's own field for date and time wants it, in the viewer's zone. */
function localInstant(instant: string): string {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
