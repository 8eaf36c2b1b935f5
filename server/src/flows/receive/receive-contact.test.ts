/** Which contact a message finds or makes, and what becomes of the contact fields it brings. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { contactOf, post, send } from './receive-testing.ts'

const server = await startTestServer()
let made = 0
const account = async (settings: object = {}) => {
  const account = await server.makeAccount()
  // A list of its own, so that no contact of another test is found.
  const { body: list } = await server.call('POST /api/lists', { body: { name: `List ${++made}` } })
  const body = { listId: list.id, ...settings }
  await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body })
  return { ...account, listId: list.id }
}

describe('a contact that nobody knows is made', () => {
  const cases: [name: string, message: object, expected: object][] = [
    [
      'with from as its mapKey field, first name and phone',
      { mapKey: 'facebook' },
      { facebook: 'X1', firstName: 'X1', phone: 'X1', lastName: null, tags: [] },
    ],
    [
      'with the fields sent',
      { mapKey: 'facebook', firstName: 'Giulia', lastName: 'Ferri', phone: '+39' },
      { facebook: 'X1', firstName: 'Giulia', lastName: 'Ferri', phone: '+39' },
    ],
    ['with an empty phone for none', { mapKey: 'facebook', phone: 'none' }, { firstName: 'X1', phone: null }],
    ['with phone as from, whatever is sent', { mapKey: 'phone', phone: '2' }, { phone: 'X1' }],
    ['with phone as from, even for none', { mapKey: 'phone', phone: 'none' }, { phone: 'X1' }],
    [
      'with first name as from, whatever is sent',
      { mapKey: 'firstName', firstName: 'Giulia' },
      { firstName: 'X1', phone: 'X1' },
    ],
    ['with from as a tag', { mapKey: 'tags', tags: ['vip'] }, { tags: ['X1'], firstName: 'X1' }],
    ['with tags', { mapKey: 'skype', tags: 'vip,new' }, { tags: ['vip', 'new'], skype: 'X1' }],
    [
      'with every other field',
      {
        mapKey: 'twitter',
        street: 'Via 1',
        postalCode: '20121',
        city: 'Milano',
        country: 'IT',
        dateOfBirth: '1990-01-01',
        description: 'd',
        mobile: 'm',
        fax: 'f',
        email: 'E@x.org',
        url: 'u',
        skype: 's',
      },
      {
        twitter: 'X1',
        street: 'Via 1',
        postalCode: '20121',
        city: 'Milano',
        country: 'IT',
        dateOfBirth: '1990-01-01',
        description: 'd',
        mobile: 'm',
        fax: 'f',
        email: 'E@x.org',
        url: 'u',
        skype: 's',
      },
    ],
  ]
  for (const [name, message, expected] of cases)
    test(name, async () => {
      const own = await account()
      const answer = await send(own, { from: 'X1', body: 'Hello', ...message })
      expect(await contactOf(server, answer)).toMatchObject({ ...expected, listId: own.listId })
    })

  test('with a custom field as mapKey, and others beside it', async () => {
    const own = await account()
    const params = { id: own.listId }
    const add = async (name: string, type: 'text' | 'number') =>
      (await server.call('POST /api/lists/:id/fields', { params, body: { name, type } })).body.id
    const [visitor, visits] = [await add('visitor', 'text'), await add('visits', 'number')]
    const message = { from: 'v-8f2c', body: 'hello', mapKey: `cf_${visitor}`, [`cf_${visits}`]: '3' }
    const first = await send(own, message)
    expect(await contactOf(server, first)).toMatchObject({ [`cf_${visitor}`]: 'v-8f2c', [`cf_${visits}`]: 3 })
    expect((await send(own, message)).body.contact).toEqual(first.body.contact)
    const { body } = await post(own.receiveUrl, { body: { ...message, mapKey: 'cf_9999' } })
    expect(body).toMatchObject({ code: 'OC-104', allowed: expect.arrayContaining([`cf_${visitor}`]) })
  })

  test('with digits that no number of JavaScript holds', async () => {
    const own = await account()
    const body = '{"from":12345678901234567890,"body":"x","mapKey":"facebook","postalCode":1.50}'
    const answer = await post(own.receiveUrl, { body, type: 'application/json' })
    expect(await contactOf(server, answer)).toMatchObject({
      facebook: '12345678901234567890',
      postalCode: '1.50',
    })
    const other = await post(own.receiveUrl, {
      body: body.replace('7890,', '7891,'),
      type: 'application/json',
    })
    expect(other.body.contact).not.toEqual(answer.body.contact)
  })
})

describe('a contact is found', () => {
  const cases: [name: string, first: object, second: object][] = [
    ['by the same from', { from: 'Y', mapKey: 'phone' }, { from: 'Y', mapKey: 'phone' }],
    ['with blanks around it', { from: 'Y', mapKey: 'phone' }, { from: ' Y\n', mapKey: 'phone' }],
    ['by a number and its digits', { from: 17, mapKey: 'phone' }, { from: '17', mapKey: 'phone' }],
    [
      'by an e-mail in another case',
      { from: 'Ann@X.org', mapKey: 'email' },
      { from: 'ANN@x.ORG', mapKey: 'email' },
    ],
    [
      'in another spelling of Unicode',
      { from: 'e\u0301', mapKey: 'skype' },
      { from: '\u00e9', mapKey: 'skype' },
    ],
    [
      'by a field that an earlier message brought',
      { from: 'Y', mapKey: 'facebook', email: 'y@x.org' },
      { from: 'Y@x.org', mapKey: 'email' },
    ],
    ['by the default of its phone', { from: 'Y', mapKey: 'facebook' }, { from: 'Y', mapKey: 'phone' }],
    ['by a tag', { from: 'Y', mapKey: 'facebook', tags: ['vip', 'z'] }, { from: 'vip', mapKey: 'tags' }],
    [
      'by a text too long for an index',
      { from: 'long', mapKey: 'fax', description: 'é'.repeat(900) },
      { from: 'é'.repeat(900), mapKey: 'description' },
    ],
  ]
  for (const [name, first, second] of cases)
    test(name, async () => {
      const own = await account()
      const a = await send(own, { body: '1', ...first })
      const b = await send(own, { body: '2', ...second })
      expect(b.body.contact).toEqual(a.body.contact)
    })

  const differing: [name: string, first: object, second: object][] = [
    ['in another case', { from: 'Y', mapKey: 'skype' }, { from: 'y', mapKey: 'skype' }],
    [
      'with another spelling of a number',
      { from: '+39 347', mapKey: 'phone' },
      { from: '+39347', mapKey: 'phone' },
    ],
    ['by another field', { from: 'Y', mapKey: 'facebook' }, { from: 'Y', mapKey: 'twitter' }],
    [
      'by a phone that was none',
      { from: 'Y', mapKey: 'facebook', phone: 'none' },
      { from: 'Y', mapKey: 'phone' },
    ],
  ]
  for (const [name, first, second] of differing)
    test(`not ${name}`, async () => {
      const own = await account()
      const a = await send(own, { body: '1', ...first })
      const b = await send(own, { body: '2', ...second })
      expect(b.body.contact).not.toEqual(a.body.contact)
    })

  test('only in the account’s list', async () => {
    const a = await send(await account(), { from: 'Z', body: '1', mapKey: 'phone' })
    const b = await send(await account(), { from: 'Z', body: '1', mapKey: 'phone' })
    expect(b.body.contact).not.toEqual(a.body.contact)
  })

  test('and it is the oldest of those that match', async () => {
    const own = await account()
    const make = async (firstName: string) =>
      (await server.call('POST /api/contacts', { body: { listId: own.listId, firstName, mobile: '55' } }))
        .body.id
    const oldest = await make('First')
    await make('Second')
    const answer = await send(own, { from: '55', body: '1', mapKey: 'mobile' })
    expect(answer.body.contact.id).toBe(oldest)
  })
})

describe('fields of a contact that is known', () => {
  const change = async (
    settings: object,
    first: object,
    second: object,
  ): Promise<Record<string, unknown>> => {
    const own = await account(settings)
    await send(own, { from: 'X1', mapKey: 'facebook', body: '1', ...first })
    return contactOf(server, await send(own, { from: 'X1', mapKey: 'facebook', body: '2', ...second }))
  }

  const cases: [name: string, rule: string, first: object, second: object, expected: object][] = [
    [
      'fill what is empty',
      'fill',
      {},
      { lastName: 'Ferri', tags: 'vip' },
      { lastName: 'Ferri', tags: ['vip'] },
    ],
    ['leave what is there', 'fill', { lastName: 'Ferri' }, { lastName: 'Rossi' }, { lastName: 'Ferri' }],
    [
      'replace a first name and phone that are the default',
      'fill',
      {},
      { firstName: 'Giulia', phone: '+39' },
      { firstName: 'Giulia', phone: '+39' },
    ],
    ['leave a phone when none is sent', 'fill', {}, { phone: 'none' }, { phone: 'X1' }],
    [
      'never change where the account says so',
      'never',
      {},
      { lastName: 'Ferri', firstName: 'Giulia' },
      { lastName: null, firstName: 'X1' },
    ],
    [
      'overwrite where the account says so',
      'overwrite',
      { lastName: 'Ferri', tags: 'a' },
      { lastName: 'Rossi', tags: 'b' },
      { lastName: 'Rossi', tags: ['b'] },
    ],
    ['never overwrite the mapKey field', 'overwrite', {}, { facebook: 'X2' }, { facebook: 'X1' }],
    [
      'do not empty anything',
      'overwrite',
      { lastName: 'Ferri', phone: '+39' },
      { lastName: '', phone: 'none' },
      { lastName: 'Ferri', phone: '+39' },
    ],
  ]
  for (const [name, updateRule, first, second, expected] of cases)
    test(name, async () => {
      expect(await change({ updateRule }, first, second)).toMatchObject(expected)
    })

  test('replace the default also when another field finds the contact', async () => {
    const own = await account()
    await send(own, { from: 'X1', mapKey: 'facebook', body: '1', email: 'x@x.org' })
    const answer = await send(own, { from: 'x@x.org', mapKey: 'email', body: '2', firstName: 'Giulia' })
    expect(await contactOf(server, answer)).toMatchObject({
      firstName: 'Giulia',
      facebook: 'X1',
      phone: 'X1',
    })
  })

  test('do not take a phone away by which the contact was made', async () => {
    const own = await account()
    await send(own, { from: '+39', mapKey: 'phone', body: '1', email: 'x@x.org' })
    const answer = await send(own, { from: 'x@x.org', mapKey: 'email', body: '2', phone: '+40' })
    expect(await contactOf(server, answer)).toMatchObject({ phone: '+39' })
  })

  test('are found by from then on, and no longer by what they replaced', async () => {
    const own = await account({ updateRule: 'overwrite' })
    const first = await send(own, { from: 'X1', mapKey: 'facebook', body: '1', email: 'old@x.org' })
    await send(own, { from: 'X1', mapKey: 'facebook', body: '2', email: 'new@x.org' })
    const found = await send(own, { from: 'new@x.org', mapKey: 'email', body: '3' })
    expect(found.body.contact).toEqual(first.body.contact)
    const other = await send(own, { from: 'old@x.org', mapKey: 'email', body: '4' })
    expect(other.body.contact).not.toEqual(first.body.contact)
  })

  test('fill custom fields', async () => {
    const own = await account()
    const { body: field } = await server.call('POST /api/lists/:id/fields', {
      params: { id: own.listId },
      body: { name: 'level', type: 'number' },
    })
    await send(own, { from: 'X1', mapKey: 'facebook', body: '1' })
    await send(own, { from: 'X1', mapKey: 'facebook', body: '2', [`cf_${field.id}`]: 0 })
    const answer = await send(own, { from: 'X1', mapKey: 'facebook', body: '3', [`cf_${field.id}`]: 5 })
    expect(await contactOf(server, answer)).toMatchObject({ [`cf_${field.id}`]: 0 })
  })
})
