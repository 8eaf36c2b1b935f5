/** What a Receive call's fields become, one case a line. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { contactFields } from '@patchbay/protocol/open-channel.ts'
import { describe, expect, test } from 'vitest'
import type { FieldKind } from '../../contacts/values.ts'
import { type Inbound, type Rules, readMessage } from './receive-fields.ts'

const customFields = new Map<number, FieldKind>([
  [7, { type: 'text', options: [] }],
  [8, { type: 'number', options: [] }],
  [9, { type: 'select', options: ['gold', 'silver'] }],
  [10, { type: 'switch', options: [] }],
])
const rules: Rules = { mapKey: null, customFields, hasFile: false, senderId: undefined }
const message = { from: '1', body: 'Hello', mapKey: 'phone' }

function read(fields: object, overrides: Partial<Rules> = {}): Inbound {
  return readMessage(Object.entries({ ...message, ...fields }), { ...rules, ...overrides })
}

function refusal(
  fields: object,
  overrides: Partial<Rules> = {},
): { code?: string; field?: string | undefined } {
  try {
    read(fields, overrides)
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, field: error.field }
    throw error
  }
  return {}
}

function sent(fields: object): Record<string, unknown> {
  return Object.fromEntries(read(fields).sent.map(({ field, value }) => [field, value]))
}

describe('is taken', () => {
  const cases: [name: string, fields: object, expected: Partial<Inbound>][] = [
    ['from as a number', { from: 42 }, { from: '42', key: '42' }],
    ['from as digits', { from: '12345678901234567890' }, { from: '12345678901234567890' }],
    ['from with blanks around', { from: '  a b ' }, { from: 'a b', key: 'a b' }],
    [
      'an e-mail in any case',
      { from: 'Ann@X.org', mapKey: 'email' },
      { from: 'Ann@X.org', key: 'ann@x.org', plainKey: 'Ann@X.org' },
    ],
    ['a from in two spellings of Unicode', { from: 'e\u0301' }, { key: '\u00e9', from: 'e\u0301' }],
    ['a number as body', { body: 17 }, { body: '17' }],
    ['a body of blanks', { body: ' ' }, { body: ' ' }],
    ['a custom field as mapKey', { mapKey: 'cf_7', from: 'v-1' }, { mapKey: 'cf_7', key: 'v-1' }],
    ['a number field as mapKey', { mapKey: 'cf_8', from: '17' }, { mapKey: 'cf_8', key: '17' }],
    ['no attachment: null', { AttachmentId: null }, { attachmentId: null }],
    ['no attachment: empty', { AttachmentId: '' }, { attachmentId: null }],
    ['an attachment as a number', { AttachmentId: 5 }, { attachmentId: 5 }],
    ['an attachment as digits', { AttachmentId: '5' }, { attachmentId: 5 }],
    ['an empty body with an attachment', { AttachmentId: 5, body: '' }, { body: '', attachmentId: 5 }],
    ['no body with an attachment', { AttachmentId: 5, body: undefined }, { body: '' }],
    [
      'a thread',
      { threadId: 1_719, externalUrl: 'https://x.org/1', to: 17 },
      { threadId: '1719', externalUrl: 'https://x.org/1', to: '17' },
    ],
    [
      'nothing where null stands',
      { threadId: null, to: null, externalUrl: null, messageId: null, timestamp: null },
      { threadId: '', to: null, externalUrl: null, senderId: null, writtenAt: null, ignored: [] },
    ],
    ['a sender’s id as a number', { messageId: 9 }, { senderId: '9' }],
    ['an instant', { timestamp: '2026-03-01T10:00:00+02:00' }, { writtenAt: '2026-03-01T08:00:00.000Z' }],
    [
      'an instant without a zone, as UTC',
      { timestamp: '2026-03-01 10:00' },
      { writtenAt: '2026-03-01T10:00:00.000Z' },
    ],
    ['seconds', { timestamp: 1_772_355_600 }, { writtenAt: '2026-03-01T09:00:00.000Z' }],
    ['milliseconds as text', { timestamp: '1772355600123' }, { writtenAt: '2026-03-01T09:00:00.123Z' }],
    ['U+0000, as its picture', { body: 'a\0b' }, { body: 'a\u2400b', marked: true }],
    ['half a character, as the sign for one', { body: 'a\ud83d' }, { body: 'a\ufffd', marked: true }],
    ['whole characters, as they are', { body: '😢' }, { body: '😢', marked: false }],
    ['both in from', { from: 'a\0\udc00' }, { from: 'a\u2400\ufffd', key: 'a\u2400\ufffd', marked: true }],
  ]
  for (const [name, fields, expected] of cases)
    test(name, () => {
      expect(read(fields)).toMatchObject(expected)
    })

  test('every contact field as mapKey', () => {
    for (const mapKey of contactFields) expect(read({ mapKey }).mapKey).toBe(mapKey)
  })

  test('the account’s mapKey where the message names none', () => {
    expect(read({ mapKey: undefined }, { mapKey: 'skype' }).mapKey).toBe('skype')
    expect(read({ mapKey: 'fax' }, { mapKey: 'skype' }).mapKey).toBe('fax')
  })

  test('the sender’s id of the body before the one of the headers', () => {
    expect(read({}, { senderId: 'header' }).senderId).toBe('header')
    expect(read({ messageId: 'body' }, { senderId: 'header' }).senderId).toBe('body')
  })
})

describe('is refused', () => {
  const cases: [name: string, fields: object, code: string, field: string][] = [
    ['no from', { from: undefined }, 'OC-103', 'from'],
    ['a from of null', { from: null }, 'OC-103', 'from'],
    ['a from of blanks', { from: ' \n' }, 'OC-103', 'from'],
    ['a from that is true', { from: true }, 'OC-103', 'from'],
    ['a from that is an object', { from: { id: 1 } }, 'OC-103', 'from'],
    ['a from that is a list', { from: ['1'] }, 'OC-103', 'from'],
    ['a from of 1001 characters', { from: 'x'.repeat(1001) }, 'OC-103', 'from'],
    ['no body', { body: undefined }, 'OC-103', 'body'],
    ['an empty body', { body: '' }, 'OC-103', 'body'],
    ['a body that is an object', { body: {} }, 'OC-103', 'body'],
    ['no mapKey', { mapKey: undefined }, 'OC-103', 'mapKey'],
    ['a mapKey that is no field', { mapKey: 'telephone' }, 'OC-104', 'mapKey'],
    ['a mapKey in another case', { mapKey: 'Phone' }, 'OC-104', 'mapKey'],
    ['a custom field that the list has not', { mapKey: 'cf_70' }, 'OC-104', 'mapKey'],
    ['a mapKey of JavaScript’s own', { mapKey: 'constructor' }, 'OC-104', 'mapKey'],
    ['a mapKey named __proto__', { mapKey: '__proto__' }, 'OC-104', 'mapKey'],
    ['a from that is no number for a number field', { mapKey: 'cf_8', from: 'x' }, 'OC-103', 'from'],
    [
      'a from with more digits than a number holds',
      { mapKey: 'cf_8', from: '12345678901234567890' },
      'OC-103',
      'from',
    ],
    ['a from that is no option of a select field', { mapKey: 'cf_9', from: 'tin' }, 'OC-103', 'from'],
    ['an attachment that is a name', { AttachmentId: 'x' }, 'OC-105', 'AttachmentId'],
    ['an attachment 0', { AttachmentId: 0 }, 'OC-105', 'AttachmentId'],
    ['half an attachment', { AttachmentId: 1.5 }, 'OC-105', 'AttachmentId'],
    ['an attachment beyond all ids', { AttachmentId: '99999999999999999999' }, 'OC-105', 'AttachmentId'],
    ['an attachment that is true', { AttachmentId: true }, 'OC-105', 'AttachmentId'],
    ['a thread that is an object', { threadId: {} }, 'OC-113', 'threadId'],
    ['a thread of 513 characters', { threadId: 'x'.repeat(513) }, 'OC-113', 'threadId'],
    ['a sender’s id of 513 characters', { messageId: 'x'.repeat(513) }, 'OC-113', 'messageId'],
    ['a first name that is an object', { firstName: {} }, 'OC-113', 'firstName'],
    ['a tag that is an object', { tags: [{}] }, 'OC-113', 'tags'],
  ]
  for (const [name, fields, code, field] of cases)
    test(name, () => {
      expect(refusal(fields)).toEqual({ code, field })
    })

  test('a mapKey that is no field names all that are', () => {
    try {
      read({ mapKey: 'x' })
      expect.unreachable()
    } catch (error) {
      expect((error as Refusal).allowed).toEqual([...contactFields, 'cf_7', 'cf_8', 'cf_9', 'cf_10'])
    }
  })
})

describe('of the contact', () => {
  const cases: [name: string, fields: object, expected: object][] = [
    ['texts are trimmed', { firstName: ' Lia ' }, { firstName: 'Lia' }],
    ['numbers are text', { postalCode: 20121 }, { postalCode: '20121' }],
    ['empty and null say nothing', { firstName: '', lastName: null, city: ' ' }, {}],
    ['the mapKey’s own field stays from', { phone: '2', mobile: '3' }, { mobile: '3' }],
    ['tags as a list', { tags: ['vip', 7, ' vip '] }, { tags: ['vip', '7'] }],
    ['tags with commas', { tags: 'vip, newsletter,' }, { tags: ['vip', 'newsletter'] }],
    ['a name is split', { name: 'Giulia  Maria Ferri' }, { firstName: 'Giulia', lastName: 'Maria Ferri' }],
    ['a name of one word', { name: 'Giulia' }, { firstName: 'Giulia' }],
    [
      'a name beside parts that are empty',
      { name: 'A B', firstName: null, lastName: '' },
      { firstName: 'A', lastName: 'B' },
    ],
    ['a name yields to first and last', { name: 'A B', firstName: 'Giulia' }, { firstName: 'Giulia' }],
    ['phone none means empty', { mapKey: 'facebook', phone: 'none' }, { phone: null }],
    [
      'custom fields by their type',
      { cf_7: 1, cf_8: '2.5', cf_9: 'gold', cf_10: true },
      { cf_7: '1', cf_8: 2.5, cf_9: 'gold', cf_10: true },
    ],
    ['U+0000 inside', { firstName: 'a\0' }, { firstName: 'a\u2400' }],
  ]
  for (const [name, fields, expected] of cases)
    test(name, () => {
      expect(sent(fields)).toEqual(expected)
    })

  test('keys are in the form in which contacts are found', () => {
    const { sent } = read({ email: 'Ann@X.org', tags: ['a', 'b'], cf_8: 7 })
    expect(sent.map(({ field, keys }) => [field, keys])).toEqual([
      ['email', ['ann@x.org']],
      ['tags', ['a', 'b']],
      ['cf_8', ['7']],
    ])
  })
})

describe('is ignored, and named', () => {
  const cases: [name: string, fields: object, expected: string[]][] = [
    ['a name that means nothing', { colour: 'red' }, ['colour']],
    ['names of JavaScript’s own', { constructor: '1', toString: '2' }, ['constructor', 'toString']],
    ['a custom field of another list', { cf_70: 'x', cf_07: 'x' }, ['cf_70', 'cf_07']],
    ['an address that is no web page', { externalUrl: 'javascript:alert(1)' }, ['externalUrl']],
    ['a time that is none', { timestamp: 'yesterday' }, ['timestamp']],
    ['a year that no calendar has', { timestamp: 1e20 }, ['timestamp']],
    ['a value that a custom field cannot hold', { cf_8: 'many', cf_9: 'tin' }, ['cf_8', 'cf_9']],
    ['more tags than a contact may have', { tags: Array.from({ length: 201 }, (_, i) => i) }, ['tags']],
    ['what the wire knows and needs no answer', { to: 'x', name: 'A', phone: 'none' }, []],
  ]
  for (const [name, fields, expected] of cases)
    test(name, () => {
      expect(read(fields).ignored).toEqual(expected)
    })
})
