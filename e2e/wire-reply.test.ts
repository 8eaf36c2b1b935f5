// What a Reply URL gets: every field, header and file, in order, signed, and again when it failed.
import type { Account, DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import type { Message, Thread } from '@patchbay/protocol/api/interactions.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import {
  eventually,
  makeAccount,
  makeKey,
  makeList,
  makeUser,
  type OwnAccount,
  type Person,
  type Service,
  send,
  startService,
  upload,
  uploadFile,
} from './service.ts'

let program: Program
let service: Service
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let marta: Person
let asMarta: Client

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  service = await startService()
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api, { replyUrl: service.replyUrl })
  marta = await makeUser(api)
  asMarta = client(program.origin, marta)
  await api.send('PUT', `/api/openchannel/accounts/${account.id}/agents`, { ids: [marta.user.id] })
})

afterAll(async () => {
  await program?.stop()
  await service?.stop()
  await removeFolder?.()
})

let customers = 0
const openInteraction = async (own = account, fields: object = {}) =>
  (
    await send(own.receiveUrl, {
      from: `customer ${++customers}`,
      body: 'Hello',
      mapKey: 'facebook',
      ...fields,
    })
  ).interaction.id
const answer = (as: Client, id: number, fields: object) =>
  as.send<Message & { messages: Message[] }>('POST', '/api/openchannel/messages', {
    OpenchannelAccountId: account.id,
    OpenchannelInteractionId: id,
    direction: 'out',
    ...fields,
  })
const statusOf = async (id: number, messageId: number): Promise<Message | undefined> =>
  (await api.get<{ rows: Message[] }>(`/api/openchannel/interactions/${id}/messages`)).rows.find(
    (row) => row.id === messageId,
  )
const reaches = (id: number, messageId: number, status: string) =>
  eventually(async () => {
    const message = await statusOf(id, messageId)
    return message?.status === status ? message : undefined
  }, `message ${messageId} to be ${status}`)

describe('the body', () => {
  test('of an agent’s answer has every field of the wire, and no other', async () => {
    const listId = await makeList(api)
    const field = await api.send<{ id: number }>('POST', `/api/lists/${listId}/fields`, { name: 'plan' })
    const empty = await api.send<{ id: number }>('POST', `/api/lists/${listId}/fields`, {
      name: 'age',
      type: 'number',
    })
    const own = await makeAccount(api, { replyUrl: service.replyUrl, listId })
    await api.send('PUT', `/api/openchannel/accounts/${own.id}/agents`, { ids: [marta.user.id] })
    const where = { to: '134968929707951', threadId: '123_456', externalUrl: 'https://example.com/1' }
    const fields = {
      firstName: 'Giulia',
      lastName: 'Ferri',
      phone: 'none',
      tags: ['vip'],
      [`cf_${field.id}`]: 'gold',
    }
    const taken = await send(own.receiveUrl, {
      from: '77',
      body: 'Hi',
      mapKey: 'facebook',
      ...where,
      ...fields,
    })
    const { id } = taken.interaction
    const { createdAt } = await api.get<{ createdAt: string }>(`/api/openchannel/interactions/${id}`)
    const message = await answer(asMarta, id, {
      OpenchannelAccountId: own.id,
      body: 'Your order left today. 😊',
    })
    const [call] = await service.callsFor(id, 1)
    const contact = {
      ...{
        id: taken.contact.id,
        ListId: listId,
        facebook: '77',
        [`cf_${field.id}`]: 'gold',
        [`cf_${empty.id}`]: null,
      },
      ...{
        firstName: 'Giulia',
        lastName: 'Ferri',
        tags: ['vip'],
        phone: null,
        mobile: null,
        fax: null,
        email: null,
      },
      ...{ street: null, postalCode: null, city: null, country: null, dateOfBirth: null, description: null },
      ...{ url: null, twitter: null, skype: null },
    }
    expect(call?.body).toEqual({
      id: message.id,
      body: 'Your order left today. 😊',
      Contact: contact,
      contact,
      Interaction: { id, ...where, subject: null, createdAt },
      interface: `PATCHBAY/${marta.user.name}`,
      agent: { id: marta.user.id, name: marta.user.name, fullname: marta.user.fullname },
      UserId: marta.user.id,
      ContactId: taken.contact.id,
      OpenchannelAccountId: own.id,
      OpenchannelAccountUid: own.uid,
      OpenchannelInteractionId: id,
    })
    expect(own.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test('of what a key without scopes sends names the user of the key', async () => {
    const id = await openInteraction()
    const { key } = await makeKey(asMarta)
    const sent = await fetch(`${program.origin}/api/openchannel/messages?apikey=${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        OpenchannelInteractionId: id,
        OpenchannelAccountId: account.id,
        body: 'By key',
        direction: 'out',
        sentBy: 'bot',
      }),
    })
    expect([200, 201]).toContain(sent.status)
    expect(((await sent.json()) as Message).id).toEqual(expect.any(Number))
    const [call] = await service.callsFor(id, 1)
    expect(call?.body).toMatchObject({
      UserId: marta.user.id,
      interface: `PATCHBAY/${marta.user.name}`,
      agent: { id: marta.user.id },
    })
  })

  test('has nulls where the message had no thread, address or receiver', async () => {
    const id = await openInteraction()
    await answer(api, id, { body: 'x' })
    const [call] = await service.callsFor(id, 1)
    expect(call?.body.Interaction).toMatchObject({
      id,
      to: null,
      threadId: null,
      externalUrl: null,
      subject: null,
    })
    expect(Object.keys(call?.body ?? {})).not.toEqual(expect.arrayContaining(['AttachmentId']))
    expect(Object.keys(call?.body ?? {})).not.toEqual(expect.arrayContaining(['attachment']))
  })

  test('never is a note’s', async () => {
    const id = await openInteraction()
    expect(await answer(asMarta, id, { body: 'Between us', secret: true })).toMatchObject({ secret: true })
    await answer(asMarta, id, { body: 'To the customer' })
    const calls = await service.callsFor(id, 1)
    expect(calls.map(({ body }) => body.body)).toEqual(['To the customer'])
    const { rows } = await api.get<{ rows: Message[] }>(`/api/openchannel/interactions/${id}/messages`)
    expect(rows.map(({ body, secret, direction }) => [body, secret, direction])).toEqual([
      ['Hello', false, 'in'],
      ['Between us', true, 'out'],
      ['To the customer', false, 'out'],
    ])
  })
})

describe('a file', () => {
  test('goes out after its text as a call of its own, with a link that needs no authentication and cannot be altered', async () => {
    const id = await openInteraction()
    const form = new File(['%PDF-1.7 bytes'], 'invoice.pdf')
    const file = (await (await uploadFile(program.origin, form, '/api/attachments', marta)).json()) as {
      id: number
    }
    const sent = await answer(asMarta, id, { body: 'Here it is', AttachmentId: file.id })
    const [text, call] = await service.callsFor(id, 2)
    expect(sent.messages.map((message) => message.id)).toEqual([text?.body.id, call?.body.id])
    expect([
      text?.body.body,
      'AttachmentId' in (text?.body ?? {}),
      'attachment' in (text?.body ?? {}),
    ]).toEqual(['Here it is', false, false])
    expect(call?.body).toMatchObject({
      body: 'invoice.pdf',
      AttachmentId: file.id,
      attachment: { id: file.id, name: 'invoice.pdf', type: 'application/pdf', sizeBytes: 14 },
    })
    const url = new URL(call?.body.attachment?.url ?? '')
    expect(url.origin).toBe(new URL(account.receiveUrl).origin)
    const bytes = await fetch(url)
    expect([bytes.status, await bytes.text()]).toEqual([200, '%PDF-1.7 bytes'])
    const statusWith = async (name: string, value: string) => {
      const altered = new URL(url)
      altered.searchParams.set(name, value)
      return (await fetch(altered)).status
    }
    const expires = Number(url.searchParams.get('expires'))
    expect(expires - Date.now() / 1000).toBeGreaterThan(23.9 * 3600)
    expect(expires - Date.now() / 1000).toBeLessThan(24.1 * 3600)
    expect(await statusWith('expires', String(expires + 1))).toBe(401)
    expect(await statusWith('expires', '1')).toBe(401)
    expect(await statusWith('signature', `x${url.searchParams.get('signature')}`)).toBe(401)
    expect((await fetch(`${url.origin}/api/attachments/${file.id + 1}/download${url.search}`)).status).toBe(
      401,
    )
    expect((await fetch(`${url.origin}${url.pathname}`)).status).toBe(401)
    const basic = { authorization: `Basic ${btoa(`${marta.email}:${marta.password}`)}` }
    expect(
      await (await fetch(`${url.origin}/api/attachments/${file.id}/download`, { headers: basic })).text(),
    ).toBe('%PDF-1.7 bytes')
  })

  test.each(['', 'photo.jpg', ' ', null])('is alone when its text is %j', async (body) => {
    const id = await openInteraction()
    await answer(api, id, { body, AttachmentId: await upload(program.origin, 'photo.jpg') })
    await answer(api, id, { body: 'after' })
    const calls = await service.callsFor(id, 2)
    expect(calls.map((call) => call.body.body)).toEqual(['photo.jpg', 'after'])
  })
})

describe('the call', () => {
  const verify = (secret: string, { headers, text }: { headers: object; text: string }) =>
    new Webhook(secret).verify(text, headers as Record<string, string>)

  test('is signed by Standard Webhooks, by two secrets during a rotation', async () => {
    const own = await makeAccount(api, { replyUrl: service.replyUrl })
    const id = await openInteraction(own)
    const secretOf = (body: object) =>
      api.send<{ secret: string; uid: string }>('POST', `/api/openchannel/accounts/${own.id}/secret`, body)
    const old = await secretOf({})
    expect(old).toEqual({ secret: expect.stringMatching(/^whsec_/), uid: own.uid })
    expect(await secretOf({})).toEqual(old)
    await answer(api, id, { OpenchannelAccountId: own.id, body: 'one' })
    const [first] = await service.callsFor(id, 1)
    if (!first) throw new Error('no call')
    expect(verify(old.secret, first)).toMatchObject({ body: 'one' })
    expect(() => verify(old.secret, { ...first, text: first.text.replace('one', 'two') })).toThrow()
    expect(first.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Patchbay\/\d+\.\d+\.\d+/),
      'x-attempt': '1',
    })
    expect(Math.abs(Number(first.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(20)

    const fresh = await secretOf({ rotate: true })
    expect(fresh.secret).not.toBe(old.secret)
    await answer(api, id, { OpenchannelAccountId: own.id, body: 'two' })
    const second = (await service.callsFor(id, 2))[1]
    if (!second) throw new Error('no call')
    expect(String(second.headers['webhook-signature']).split(' ')).toHaveLength(2)
    for (const secret of [old.secret, fresh.secret])
      expect(verify(secret, second)).toMatchObject({ body: 'two' })
    expect(second.headers['webhook-id']).not.toBe(first.headers['webhook-id'])
  })

  test('is made again after 500, with the same id, before the next answer leaves; the channel’s id is kept', async () => {
    const id = await openInteraction()
    service.answers.push({ status: 500 }, { status: 200, body: { id: 'mid.1' } })
    const one = await answer(asMarta, id, { body: 'one' })
    const two = await answer(asMarta, id, { body: 'two' })
    expect(one.status).toMatch(/queued|sending/)
    const calls = await service.callsFor(id, 3)
    expect(calls.map(({ body, headers }) => [body.body, headers['x-attempt']])).toEqual([
      ['one', '1'],
      ['one', '2'],
      ['two', '1'],
    ])
    expect(calls[1]?.headers['webhook-id']).toBe(calls[0]?.headers['webhook-id'])
    await reaches(id, one.id, 'sent')
    await reaches(id, two.id, 'sent')
  })

  test.each([
    [410, 'failed'],
    [400, 'failed'],
    [302, 'failed'],
  ])(
    'ends at once with %i: the answer is %s with a reason, and the next one passes',
    async (status, expected) => {
      const id = await openInteraction()
      service.answers.push({ status, headers: { location: service.replyUrl } })
      const one = await answer(asMarta, id, { body: 'one' })
      const { statusReason } = await reaches(id, one.id, expected)
      expect(statusReason).toContain(String(status))
      const two = await answer(asMarta, id, { body: 'two' })
      await reaches(id, two.id, 'sent')
      expect((await service.callsFor(id, 2)).map(({ body }) => body.body)).toEqual(['one', 'two'])
    },
  )

  test('is on record, and can be made once more', async () => {
    const id = await openInteraction()
    const { id: messageId } = await answer(asMarta, id, { body: 'again' })
    await reaches(id, messageId, 'sent')
    const { rows, count } = await api.get<{ rows: DeliveryRow[]; count: number }>(
      `/api/openchannel/deliveries?interactionId=${id}`,
    )
    expect([count, rows[0]]).toMatchObject([
      1,
      { messageId, interactionId: id, attempts: 1, lastStatus: 200 },
    ])
    await api.send('POST', `/api/openchannel/deliveries/${rows[0]?.id}/replay`)
    const calls = await service.callsFor(id, 2)
    expect(calls[1]?.body.id).toBe(messageId)
  })
})

test('an account with an empty Reply URL cannot answer, its thread says so, and notes still stay', async () => {
  const mute = await makeAccount(api)
  expect(mute).toMatchObject({ replyUrl: '', canReply: false } satisfies Partial<Account>)
  const id = await openInteraction(mute)
  const refused = await api.raw('POST', '/api/openchannel/messages', {
    OpenchannelInteractionId: id,
    body: 'x',
  })
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'RE-101' }])
  expect(await api.get<Thread>(`/api/openchannel/interactions/${id}/thread`)).toMatchObject({
    canReply: false,
  })
  expect(await answer(api, id, { OpenchannelAccountId: mute.id, body: 'note', secret: true })).toMatchObject({
    secret: true,
  })
})

test('what is no answer is refused with its code', async () => {
  const id = await openInteraction()
  const codeOf = async (fields: object) => {
    const refused = await asMarta.raw('POST', '/api/openchannel/messages', {
      OpenchannelInteractionId: id,
      body: 'x',
      ...fields,
    })
    return [refused.status, ((await refused.json()) as { code: string }).code]
  }
  expect(await codeOf({ body: '  ' })).toEqual([400, 'RE-102'])
  expect(await codeOf({ OpenchannelInteractionId: 999_999 })).toEqual([404, 'GE-105'])
  expect(await codeOf({ OpenchannelAccountId: account.id + 999 })).toEqual([400, 'GE-101'])
  expect(await codeOf({ ContactId: 999_999 })).toEqual([400, 'GE-101'])
  expect(await codeOf({ AttachmentId: 999_999 })).toEqual([404, 'GE-105'])
  expect(await codeOf({ direction: 'in' })).toEqual([400, 'GE-101'])
})
