import type { Contact, Field } from '@patchbay/protocol/api/contacts.ts'
import { expect, test } from 'vitest'
import { changesOf, contactName, linkOf, phoneOf, valuesOf } from './fields.ts'

const base: Contact = {
  id: 7,
  listId: 1,
  firstName: 'Giulia',
  lastName: null,
  tags: [],
  street: null,
  postalCode: null,
  city: 'Bologna',
  country: null,
  dateOfBirth: null,
  description: null,
  phone: '+39 347 555 0142',
  mobile: null,
  fax: null,
  email: null,
  url: null,
  facebook: null,
  twitter: null,
  skype: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
}
const withCustom = (values: Record<string, string | number | boolean>): Contact => ({ ...base, ...values })
const field = (id: number, type: Field['type']): Field => ({
  id,
  name: `Field ${id}`,
  type,
  required: false,
  options: [],
  link: '',
  listId: null,
  version: 1,
  createdAt: base.createdAt,
})
const custom = [field(1, 'number'), field(2, 'switch'), field(3, 'datetime'), field(4, 'text')]

test('a contact is called by its name, then by what identifies it, then by its number', () => {
  expect(contactName(base)).toBe('Giulia')
  expect(contactName({ ...base, firstName: ' ', lastName: 'Ferri' })).toBe('Ferri')
  expect(contactName({ ...base, firstName: null })).toBe('+39 347 555 0142')
  expect(contactName({ ...base, firstName: null, phone: null })).toBe('#7')
})

test('who writes by e-mail or from a page is shown no phone number that is none', () => {
  expect(phoneOf(base)).toBe('+39 347 555 0142')
  expect(phoneOf({ ...base, phone: 'ada@example.com', email: 'ada@example.com' })).toBeNull()
  expect(phoneOf({ ...base, phone: '2489237', facebook: '2489237' })).toBeNull()
  expect(phoneOf(withCustom({ phone: 'K-17', cf_4: 'K-17' }))).toBeNull()
  expect(phoneOf({ ...base, phone: null })).toBeNull()
})

test('a form that was only looked at changes nothing, an empty number included', () => {
  const contact = withCustom({ cf_3: '2026-03-01T09:30:00.000Z' })
  expect(changesOf(valuesOf(contact, custom), valuesOf(contact, custom), custom)).toEqual({})
})

test('what is emptied becomes null, what is written is trimmed and keeps its type', () => {
  const before = valuesOf(withCustom({ cf_1: 3 }), custom)
  const after = { ...before, city: '  ', lastName: ' Ferri ', cf_1: Number.NaN, cf_2: true, cf_4: 'VIP' }
  expect(changesOf(before, after, custom)).toEqual({
    city: null,
    lastName: 'Ferri',
    cf_1: null,
    cf_2: true,
    cf_4: 'VIP',
  })
})

test('an instant survives the way to the field of the browser and back', () => {
  const before = valuesOf(withCustom({ cf_3: '2026-03-01T09:30:00.000Z' }), custom)
  const after = { ...valuesOf(base, custom), cf_3: before.cf_3 ?? '' }
  expect(changesOf(valuesOf(base, custom), after, custom)).toEqual({ cf_3: '2026-03-01T09:30:00.000Z' })
})

test('a click on the value of a field leads where its link says, the value written as an address wants it', () => {
  const contact = withCustom({ cf_4: 'A 12/7&x', cf_1: 48 })
  const leads = (link: string, id = 4) => linkOf(contact, { ...field(id, 'text'), link })
  expect(leads('https://shop.example/orders/{{value}}?q={{value}}')).toBe(
    'https://shop.example/orders/A%2012%2F7%26x?q=A%2012%2F7%26x',
  )
  expect(leads('https://shop.example/{{value}}', 1)).toBe('https://shop.example/48')
  expect(leads('https://shop.example/{{value}}', 3)).toBeUndefined()
  expect(leads('')).toBeUndefined()
  const ringing = withCustom({ cf_4: '+39 347 (555) 0142' })
  expect(linkOf(ringing, { ...field(4, 'text'), link: 'tel:{{value}}' })).toBe('tel:+393475550142')
})
