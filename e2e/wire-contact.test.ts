// Whose message it is: how contacts are found, made and filled, which interaction takes the message, and how one comes once.
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeList, type OwnAccount, post, send, upload } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

type Stored = Record<string, unknown>
const contactOf = (id: number) => api.get<Stored>(`/api/contacts/${id}`)
const ownAccount = async (settings: object = {}): Promise<OwnAccount> =>
  makeAccount(api, { listId: await makeList(api), ...settings })
const interactionsApi = '/api/openchannel/interactions'

describe('a contact that is made', () => {
  test('has from in its mapKey field, in firstName and in phone', async () => {
    const own = await ownAccount()
    const { contact } = await send(own.receiveUrl, { from: '4711', body: 'x', mapKey: 'facebook' })
    const { id, listId, createdAt, updatedAt, ...fields } = await contactOf(contact.id)
    expect([id, listId]).toEqual([contact.id, own.listId])
    expect([createdAt, updatedAt]).toEqual([expect.any(String), expect.any(String)])
    const filled = Object.entries(fields).filter(([, value]) => value !== null)
    expect(Object.fromEntries(filled)).toEqual({
      firstName: '4711',
      phone: '4711',
      facebook: '4711',
      tags: [],
    })
  })

  test('takes every field sent in place of the defaults, but never another mapKey field', async () => {
    const { receiveUrl, listId } = await ownAccount()
    const field = await api.send<{ id: number }>('POST', `/api/lists/${listId}/fields`, { name: 'plan' })
    const sent = {
      firstName: 'Giulia',
      lastName: 'Ferri',
      tags: ['vip', 'Milan'],
      street: 'Via Roma 1',
      postalCode: '20121',
      city: 'Milano',
      country: 'IT',
      dateOfBirth: '1990-02-01',
      description: 'd',
      phone: '+39 02 1',
      mobile: '+39 347',
      fax: '1',
      email: 'g@example.com',
      url: 'https://example.com/',
      twitter: 'g',
      skype: 's',
      [`cf_${field.id}`]: 'gold',
    }
    const { contact, ignored } = await send(receiveUrl, {
      from: '1',
      body: 'x',
      mapKey: 'facebook',
      facebook: '2',
      ...sent,
    })
    expect(ignored).toEqual([])
    expect(await contactOf(contact.id)).toMatchObject({ ...sent, facebook: '1' })
  })

  test('has no phone when it is sent as none, in any case', async () => {
    const { receiveUrl } = await ownAccount()
    const { contact } = await send(receiveUrl, { from: 'n', body: 'x', mapKey: 'facebook', phone: 'None' })
    expect(await contactOf(contact.id)).toMatchObject({ phone: null })
  })

  test.each([
    [{ name: 'Giulia Ferri' }, 'Giulia', 'Ferri'],
    [{ name: ' Maria  del Carmen Ruiz ' }, 'Maria', 'del Carmen Ruiz'],
    [{ name: 'Cher' }, 'Cher', null],
    [{ name: 'Giulia Ferri', firstName: 'G.', lastName: 'F.' }, 'G.', 'F.'],
    [{ name: 'Giulia Ferri', firstName: null, lastName: '' }, 'Giulia', 'Ferri'],
  ])('has of %j the first name %j and the last name %j', async (sent, firstName, lastName) => {
    const { receiveUrl } = await ownAccount()
    const { contact } = await send(receiveUrl, { from: 'n', body: 'x', mapKey: 'facebook', ...sent })
    expect(await contactOf(contact.id)).toMatchObject({ firstName, lastName })
  })

  test('knows nothing of unknown names, and the answer lists them', async () => {
    const { receiveUrl } = await ownAccount()
    const message = {
      from: 'u',
      body: 'x',
      mapKey: 'phone',
      colour: 'red',
      cf_999999: 1,
      FirstName: 'No',
      __v: 0,
    }
    expect((await send(receiveUrl, message)).ignored.sort()).toEqual([
      'FirstName',
      '__v',
      'cf_999999',
      'colour',
    ])
    const proto =
      '{"from":"u","body":"x","mapKey":"phone","__proto__":{"firstName":"P"},"constructor":"c","toString":"t"}'
    expect((await send(receiveUrl, proto)).contact.id).toBeGreaterThan(0)
  })
})

describe('a contact that is found', () => {
  test('has its empty fields filled and the others kept; a default counts as empty', async () => {
    const { receiveUrl } = await ownAccount()
    const first = await send(receiveUrl, { from: 'f', body: 'x', mapKey: 'facebook', city: 'Milano' })
    const sent = { firstName: 'Lia', phone: '+39 1', city: 'Roma', country: 'IT' }
    await send(receiveUrl, { from: 'f', body: 'y', mapKey: 'facebook', ...sent })
    const filled = { firstName: 'Lia', phone: '+39 1', city: 'Milano', country: 'IT' }
    expect(await contactOf(first.contact.id)).toMatchObject(filled)
    await send(receiveUrl, { from: 'f', body: 'z', mapKey: 'facebook', firstName: 'Other', phone: '2' })
    expect(await contactOf(first.contact.id)).toMatchObject(filled)
  })

  test.each([
    ['never', { firstName: 'r', city: 'Milano', country: null }],
    ['overwrite', { firstName: 'Lia', city: 'Roma', country: 'IT' }],
  ])('is changed by the rule %s', async (updateRule, expected) => {
    const { receiveUrl } = await ownAccount({ updateRule })
    const first = await send(receiveUrl, { from: 'r', body: 'x', mapKey: 'facebook', city: 'Milano' })
    await send(receiveUrl, {
      from: 'r',
      body: 'y',
      mapKey: 'facebook',
      firstName: 'Lia',
      city: 'Roma',
      country: 'IT',
    })
    expect(await contactOf(first.contact.id)).toMatchObject({ ...expected, facebook: 'r' })
  })

  test('is the same when trimmed, composed, and for e-mail without case; and not otherwise', async () => {
    const { receiveUrl } = await ownAccount()
    const idOf = async (mapKey: string, from: string) =>
      (await send(receiveUrl, { from, body: 'x', mapKey })).contact.id
    expect(await idOf('email', ' Ada@Example.COM ')).toBe(await idOf('email', 'ada@example.com'))
    expect(await idOf('facebook', 'Zoë'.normalize('NFD'))).toBe(
      await idOf('facebook', 'Zoë'.normalize('NFC')),
    )
    expect(await idOf('facebook', 'abc')).not.toBe(await idOf('facebook', 'ABC'))
    expect(await idOf('phone', '+39 347')).not.toBe(await idOf('phone', '+39347'))
  })

  test('is the oldest of several, and only in the account’s list', async () => {
    const own = await ownAccount()
    const make = (listId: number) =>
      api.send<{ id: number }>('POST', '/api/contacts', { listId, phone: '555' })
    const oldest = await make(own.listId)
    await make(own.listId)
    expect((await send(own.receiveUrl, { from: '555', body: 'x', mapKey: 'phone' })).contact.id).toBe(
      oldest.id,
    )
    const elsewhere = await ownAccount()
    const other = await send(elsewhere.receiveUrl, { from: '555', body: 'x', mapKey: 'phone' })
    expect(other.contact.id).not.toBe(oldest.id)
  })

  test('is shared by the accounts of a list, with an interaction on each', async () => {
    const one = await ownAccount()
    const two = await makeAccount(api, { listId: one.listId })
    const message = { from: 's', body: 'x', mapKey: 'phone' }
    const [first, second] = [await send(one.receiveUrl, message), await send(two.receiveUrl, message)]
    expect(second.contact.id).toBe(first.contact.id)
    expect(second.interaction.id).not.toBe(first.interaction.id)
  })
})

test('a burst of first messages makes one contact and one interaction for each customer, and loses nothing', async () => {
  const { receiveUrl, id } = await ownAccount()
  const customers = Array.from({ length: 10 }, (_, index) => `burst-${index}`)
  const messages = customers.flatMap((from) =>
    Array.from({ length: 8 }, () => ({ from, body: 'x', mapKey: 'email' })),
  )
  const taken = await Promise.all(messages.map((message) => send(receiveUrl, message)))
  const distinct = (name: 'contact' | 'interaction' | 'message') =>
    new Set(taken.map((one) => one[name].id)).size
  expect([distinct('contact'), distinct('interaction'), distinct('message')]).toEqual([10, 10, 80])
  expect(await api.get(`${interactionsApi}?OpenchannelAccountId=${id}&limit=200`)).toMatchObject({
    count: 10,
  })
})

describe('the interaction', () => {
  const message = { from: 'i', body: 'x', mapKey: 'phone' }
  const close = (id: number) => api.send('PUT', `${interactionsApi}/${id}`, { closed: true })

  test('is the open one; after it closed a new one', async () => {
    const { receiveUrl } = await ownAccount()
    const first = await send(receiveUrl, message)
    expect((await send(receiveUrl, message)).interaction.id).toBe(first.interaction.id)
    await close(first.interaction.id)
    expect((await send(receiveUrl, message)).interaction.id).not.toBe(first.interaction.id)
  })

  test('is reopened when it closed within the account’s reopenWithinMinutes, the last one of its thread', async () => {
    const { receiveUrl } = await ownAccount({ reopenWithinMinutes: 5 })
    const first = await send(receiveUrl, message)
    const other = await send(receiveUrl, { ...message, threadId: 't' })
    for (const { interaction } of [first, other]) await close(interaction.id)
    expect((await send(receiveUrl, message)).interaction.id).toBe(first.interaction.id)
    expect(await api.get(`${interactionsApi}/${first.interaction.id}`)).toMatchObject({
      closed: false,
      closedAt: null,
    })
    expect(await api.get(`${interactionsApi}/${other.interaction.id}`)).toMatchObject({ closed: true })
  })

  test('keeps messages in the order in which they were answered', async () => {
    const { receiveUrl } = await ownAccount()
    let id = 0
    for (let n = 1; n <= 20; n++)
      id = (await send(receiveUrl, { ...message, body: `${n}`, timestamp: 2_000_000_000 - n })).interaction.id
    const { rows } = await api.get<{ rows: Message[] }>(`${interactionsApi}/${id}/messages`)
    expect(rows.map(({ body }) => Number(body))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  test('shows where the message was sent to, its thread and its address', async () => {
    const { receiveUrl } = await ownAccount()
    const where = { to: '1349', threadId: '17', externalUrl: 'https://example.com/post/17' }
    const { interaction } = await send(receiveUrl, { ...message, ...where })
    expect(await api.get(`${interactionsApi}/${interaction.id}`)).toMatchObject(where)
    const odd = await send(receiveUrl, { ...message, threadId: '18', externalUrl: 'javascript:alert(1)' })
    expect(odd.ignored).toEqual(['externalUrl'])
    expect(await api.get(`${interactionsApi}/${odd.interaction.id}`)).toMatchObject({ externalUrl: null })
  })

  test('may have a threadId that is a number of many digits', async () => {
    const { receiveUrl } = await ownAccount()
    const { interaction } = await send(
      receiveUrl,
      '{"from":1,"body":2,"mapKey":"phone","threadId":1719990000000000001}',
    )
    expect(await api.get(`${interactionsApi}/${interaction.id}`)).toMatchObject({
      threadId: '1719990000000000001',
    })
  })
})

describe('a message id', () => {
  let url = ''
  const hello = { from: '4711', body: 'Hello', mapKey: 'phone' }
  beforeAll(async () => {
    url = (await ownAccount()).receiveUrl
  })

  test('answers a copy with the first result, also when contact fields and timestamp changed', async () => {
    const first = await send(url, { ...hello, messageId: 'm-1' })
    const copy = await post(url, {
      ...hello,
      messageId: 'm-1',
      firstName: 'New',
      timestamp: 1_772_357_400,
    })
    expect(copy).toMatchObject({ status: 200, body: { ...first, duplicate: true } })
  })

  test.each([
    ['from', { from: '4712' }],
    ['mapKey', { mapKey: 'mobile' }],
    ['body', { body: 'Other' }],
    ['threadId', { threadId: 't' }],
  ])('with another %s is a 409 that names it', async (field, change) => {
    const messageId = `differs in ${field}`
    await send(url, { ...hello, messageId })
    const { status, body } = await post(url, { ...hello, messageId, ...change })
    expect([status, body]).toMatchObject([409, { code: 'OC-106', fields: [field] }])
  })

  test('with another file is a 409 that names AttachmentId', async () => {
    await send(url, { ...hello, messageId: 'm-file', AttachmentId: await upload(program.origin, '1.txt') })
    const other = await post(url, {
      ...hello,
      messageId: 'm-file',
      AttachmentId: await upload(program.origin, '2.txt'),
    })
    expect(other).toMatchObject({ status: 409, body: { fields: ['AttachmentId'] } })
  })

  test('is the first present of messageId, Idempotency-Key and webhook-id, and belongs to one account', async () => {
    const headers = { 'idempotency-key': 'i-1', 'webhook-id': 'w-1' }
    const byBody = await post(url, { ...hello, messageId: 'b-1' }, headers)
    const byKey = await post(url, hello, headers)
    const byHook = await post(url, hello, { 'webhook-id': 'w-1' })
    expect([byBody, byKey, byHook].map(({ body }) => body.duplicate)).toEqual([false, false, false])
    expect((await post(url, { ...hello, messageId: 'i-1' })).body).toMatchObject({
      duplicate: true,
      message: byKey.body.message,
    })
    expect((await post(url, hello, { 'webhook-id': 'w-1' })).body).toMatchObject({
      duplicate: true,
      message: byHook.body.message,
    })
    expect((await post((await makeAccount(api)).receiveUrl, hello, headers)).body.duplicate).toBe(false)
  })

  test('that is empty is none, and the next one counts', async () => {
    const headers = { 'idempotency-key': '', 'webhook-id': 'after nothing' }
    const first = await post(url, { ...hello, messageId: '' }, headers)
    expect((await post(url, { ...hello, messageId: null }, headers)).body).toEqual({
      ...first.body,
      duplicate: true,
    })
  })

  test('makes one message of concurrent copies', async () => {
    const copies = await Promise.all(
      Array.from({ length: 20 }, () => send(url, { ...hello, messageId: 'at once' })),
    )
    expect(new Set(copies.map(({ message }) => message.id)).size).toBe(1)
    expect((await send(url, { ...hello, messageId: 'at once' })).duplicate).toBe(true)
  })
})
