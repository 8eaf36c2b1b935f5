// The Receive URL as services of all kinds call it: what is taken, whose message it becomes, and what is refused.
import type { Message, Thread } from '@patchbay/protocol/api/interactions.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin, type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeKey, makeList, makeUser, type OwnAccount, post, send, upload } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api)
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

type Stored = Record<string, unknown> & { tags: string[] }
const contactOf = (id: number) => api.get<Stored>(`/api/contacts/${id}`)
const messagesOf = async (id: number) =>
  (await api.get<{ rows: Message[] }>(`/api/openchannel/interactions/${id}/messages`)).rows
const ownList = async (settings: object = {}) =>
  makeAccount(api, { listId: await makeList(api), ...settings })
const hello = { from: '4711', body: 'Hello', mapKey: 'phone' }

describe('the bodies that public connectors send', () => {
  const messenger = {
    from: '7689966077685933',
    body: 'Buongiorno, il mio ordine 48213 è ancora "processing" 😢',
    to: '134968929707951',
    AttachmentId: null,
    mapKey: 'facebook',
    phone: 'none',
    description: 'Created from facebook message',
    name: 'Giulia Ferri',
    firstName: 'Giulia',
    lastName: 'Ferri',
  }

  test('a Messenger text makes a contact without a phone and keeps every character', async () => {
    const { contact, interaction, ...rest } = await send((await ownList()).receiveUrl, messenger)
    expect(rest).toMatchObject({ duplicate: false, ignored: [] })
    expect(await contactOf(contact.id)).toMatchObject({
      firstName: 'Giulia',
      lastName: 'Ferri',
      facebook: messenger.from,
      phone: null,
      description: messenger.description,
    })
    expect(await messagesOf(interaction.id)).toMatchObject([
      { direction: 'in', body: messenger.body, secret: false },
    ])
  })

  test('a file uploaded by HTTP Basic comes with its name as body', async () => {
    const form = new FormData()
    form.set('file', new File(['png?'], 'screenshot-order.png'))
    const upload = await fetch(`${program.origin}/api/attachments`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${admin.email}:${admin.password}`)}` },
      body: form,
    })
    expect(upload.status).toBe(201)
    const { id } = (await upload.json()) as { id: number }
    const body = { ...messenger, body: 'screenshot-order.png', AttachmentId: id }
    const { interaction } = await send((await ownList()).receiveUrl, body)
    expect(await messagesOf(interaction.id)).toMatchObject([{ AttachmentId: id, body: body.body }])
  })

  test('wall posts have one interaction per threadId, and nulls mean nothing was sent', async () => {
    const { receiveUrl } = await ownList()
    const post1 = {
      ...messenger,
      to: null,
      threadId: '134968929707951_998877665544',
      externalUrl: 'https://www.facebook.com/1/posts/998877665544',
    }
    const first = await send(receiveUrl, post1)
    const second = await send(receiveUrl, { ...post1, threadId: '134968929707951_2' })
    const again = await send(receiveUrl, { ...post1, body: 'And in 43?' })
    expect(second.contact.id).toBe(first.contact.id)
    expect(second.interaction.id).not.toBe(first.interaction.id)
    expect(again.interaction.id).toBe(first.interaction.id)
    expect(await api.get(`/api/openchannel/interactions/${first.interaction.id}`)).toMatchObject({
      to: null,
      threadId: post1.threadId,
      externalUrl: post1.externalUrl,
    })
  })

  test('a tweet is mapped by twitter, a bot may send an e-mail that is none, a bridge its file id as text', async () => {
    const { receiveUrl } = await ownList()
    const tweet = {
      from: '1029384756',
      body: '@nord where?',
      mapKey: 'twitter',
      phone: 'none',
      firstName: 'Sam',
      threadId: '1719990000000000001',
    }
    expect(await contactOf((await send(receiveUrl, tweet)).contact.id)).toMatchObject({
      twitter: '1029384756',
      phone: null,
      firstName: 'Sam',
    })
    const bot = {
      from: 'users/1122334455',
      body: 'A person',
      mapKey: 'email',
      email: 'users/1122334455',
      firstName: 'Amelia',
    }
    expect(await contactOf((await send(receiveUrl, bot)).contact.id)).toMatchObject({
      email: 'users/1122334455',
      phone: 'users/1122334455',
    })
    const uploaded = await upload(program.origin, 'caption.jpg')
    const bridge = {
      from: '393475550142',
      body: '.',
      mapKey: 'phone',
      AttachmentId: String(uploaded),
      firstName: 'Tomás',
    }
    expect(await messagesOf((await send(receiveUrl, bridge)).interaction.id)).toMatchObject([
      { body: '.', AttachmentId: uploaded },
    ])
  })

  test('a web chat maps on a custom field and calls with ?apikey=', async () => {
    const own = await ownList()
    const field = await api.send<{ id: number }>('POST', `/api/lists/${own.listId}/fields`, {
      name: 'visitor',
      type: 'text',
    })
    const { key } = await makeKey(api, ['notify'])
    const url = `${program.origin}/api/openchannel/accounts/${own.id}/notify?apikey=${key}`
    const chat = {
      from: 'visitor-8f2c',
      body: 'hello',
      mapKey: `cf_${field.id}`,
      firstName: 'Visitor',
      url: 'https://shop.example/cart',
    }
    const { status, body } = await post(url, chat)
    expect(status).toBe(200)
    expect(await contactOf(body.contact.id)).toMatchObject({
      [`cf_${field.id}`]: 'visitor-8f2c',
      url: chat.url,
    })
    expect((await post(url, { ...chat, body: 'again' })).body.contact.id).toBe(body.contact.id)
  })

  test('a form is taken as it stands, with tags parted by commas', async () => {
    const form =
      'from=%2B393475550142&body=Hello+from+a+form&mapKey=phone&firstName=Lia&tags=vip%2Cnewsletter'
    const { status, body } = await post((await ownList()).receiveUrl, form, {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(status).toBe(200)
    expect(await contactOf(body.contact.id)).toMatchObject({
      phone: '+393475550142',
      firstName: 'Lia',
      tags: ['vip', 'newsletter'],
    })
  })
})

describe('the call', () => {
  test('is answered exactly 200 with the three ids, also at /receive and with a slash at the end', async () => {
    for (const path of ['notify', 'notify/', 'receive', 'receive/']) {
      const { status, headers, body } = await post(account.receiveUrl.replace('notify', path), hello)
      expect([path, status, headers.get('content-type')]).toEqual([
        path,
        200,
        expect.stringContaining('application/json'),
      ])
      expect(body).toEqual({
        message: { id: expect.any(Number) },
        interaction: { id: expect.any(Number) },
        contact: { id: expect.any(Number) },
        duplicate: false,
        ignored: [],
      })
    }
  })

  test.each(['text/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', ''])(
    'is JSON when its type is %j',
    async (type) => {
      const bytes = new TextEncoder().encode(JSON.stringify(hello))
      const posted = await post(account.receiveUrl, bytes, type === '' ? {} : { 'content-type': type })
      expect(posted.status).toBe(200)
    },
  )

  test('is multipart with a file, or without one', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...hello, from: 'multipart', body: 'With a file' }))
      form.set(name, value)
    expect((await post(account.receiveUrl, form)).status).toBe(200)
    form.set('file', new File(['%PDF-1.7'], 'rechnung äöü.pdf'))
    const { status, body } = await post(account.receiveUrl, form)
    expect(status).toBe(200)
    const { AttachmentId } = (await messagesOf(body.interaction.id)).at(-1) as Message
    expect(await api.get(`/api/attachments/${AttachmentId}`)).toMatchObject({
      name: 'rechnung äöü.pdf',
      type: 'application/pdf',
      sizeBytes: 8,
    })
  })

  test('may carry the token as Bearer, and a key or a password in every way that the API takes', async () => {
    const url = account.receiveUrl.split('?')[0] as string
    const { key } = await makeKey(api, ['notify'])
    const basic = (password: string) => `Basic ${btoa(`${admin.email}:${password}`)}`
    for (const authorization of [
      `Bearer ${account.token}`,
      `Bearer ${key}`,
      basic(admin.password),
      basic(key),
    ])
      expect((await post(url, hello, { authorization })).status).toBe(200)
    expect((await post(`${url}?apikey=${key}`, hello)).status).toBe(200)
  })

  test('finds by GET that it is alive, with a valid token only', async () => {
    const alive = await fetch(account.receiveUrl)
    expect([alive.status, await alive.text()]).toEqual([200, expect.stringContaining('alive')])
    expect((await fetch(`${account.receiveUrl}x`)).status).toBe(401)
  })
})

describe('from and mapKey', () => {
  test.each(['17841400000000000123', '9007199254740993', '39', '100000000000000000000000000001'])(
    'from as the number %s is its digits, exactly',
    async (digits) => {
      const { receiveUrl } = await ownList()
      const { contact } = await send(receiveUrl, `{"from":${digits},"body":"x","mapKey":"facebook"}`)
      expect(await contactOf(contact.id)).toMatchObject({ facebook: digits })
    },
  )

  test('every contact field of the wire may be mapKey, and the field then holds from', async () => {
    const { receiveUrl } = await ownList()
    const names =
      'firstName lastName tags street postalCode city country dateOfBirth description phone mobile fax email url facebook twitter skype'
    for (const mapKey of names.split(' ')) {
      const first = await send(receiveUrl, { from: `is-${mapKey}`, body: 'x', mapKey, [mapKey]: 'another' })
      const again = await send(receiveUrl, { from: ` is-${mapKey} `, body: 'y', mapKey })
      expect([mapKey, again.contact.id]).toEqual([mapKey, first.contact.id])
      expect(await contactOf(first.contact.id)).toMatchObject({
        [mapKey]: mapKey === 'tags' ? ['is-tags'] : `is-${mapKey}`,
      })
    }
  })

  test('another mapKey is refused with the allowed names, custom fields included', async () => {
    const own = await ownList()
    const field = await api.send<{ id: number }>('POST', `/api/lists/${own.listId}/fields`, {
      name: 'visitor',
    })
    for (const mapKey of ['telephone', 'cf_0', 'cf_999999', 'id', '__proto__', 'constructor', 'Phone']) {
      const { status, body } = await post(own.receiveUrl, { ...hello, mapKey })
      expect([status, body]).toMatchObject([400, { code: 'OC-104', field: 'mapKey' }])
      expect(body.allowed).toEqual(expect.arrayContaining(['firstName', 'skype', `cf_${field.id}`]))
      expect(body.allowed).toHaveLength(18)
    }
  })

  test('mapKey may be missing when the account names one', async () => {
    expect(await post(account.receiveUrl, { from: 'a', body: 'b' })).toMatchObject({
      status: 400,
      body: { code: 'OC-103', field: 'mapKey' },
    })
    const own = await ownList({ mapKey: 'email' })
    expect(
      await contactOf((await send(own.receiveUrl, { from: 'a@b.c', body: 'b' })).contact.id),
    ).toMatchObject({ email: 'a@b.c' })
  })

  test.each([
    [{ body: 'x', mapKey: 'phone' }, 'from'],
    [{ ...hello, from: ' ' }, 'from'],
    [{ ...hello, from: null }, 'from'],
    [{ ...hello, from: { id: 1 } }, 'from'],
    [{ ...hello, body: '' }, 'body'],
    [{ ...hello, body: undefined }, 'body'],
    [{ ...hello, body: ['x'] }, 'body'],
  ])('%j is refused for its %s', async (body, field) => {
    expect(await post(account.receiveUrl, body)).toMatchObject({
      status: 400,
      body: { code: 'OC-103', field },
    })
  })
})

describe('AttachmentId', () => {
  test.each([null, '', undefined])('%j is none', async (AttachmentId) => {
    expect((await post(account.receiveUrl, { ...hello, AttachmentId })).status).toBe(200)
  })

  test.each([999_999, '999999', 'x', 0, -1, 1.5, true, [1], { id: 1 }, '99999999999999999999', 1e300])(
    '%j is refused',
    async (AttachmentId) => {
      const posted = await post(account.receiveUrl, { ...hello, AttachmentId })
      expect(posted).toMatchObject({ status: 400, body: { code: 'OC-105', field: 'AttachmentId' } })
    },
  )

  test('belongs to the account whose message holds it: there again, elsewhere never', async () => {
    const id = await upload(program.origin, 'a.txt')
    const withFile = { ...hello, body: '', AttachmentId: id }
    expect((await post(account.receiveUrl, withFile)).status).toBe(200)
    expect((await post(account.receiveUrl, withFile)).status).toBe(200)
    const elsewhere = await post((await makeAccount(api)).receiveUrl, withFile)
    expect(elsewhere).toMatchObject({ status: 400, body: { code: 'OC-105' } })
  })

  test('before a message holds it only its uploader can read it, afterwards the agents of the account', async () => {
    const own = await makeAccount(api)
    const { user, email, password } = await makeUser(api)
    await api.send('PUT', `/api/openchannel/accounts/${own.id}/agents`, { ids: [user.id] })
    const agent = client(program.origin, { email, password })
    const id = await upload(program.origin, 'private.txt')
    expect((await agent.raw('GET', `/api/attachments/${id}`)).status).toBe(404)
    await send(own.receiveUrl, { ...hello, AttachmentId: id })
    expect((await agent.raw('GET', `/api/attachments/${id}`)).status).toBe(200)
  })
})

describe('timestamp', () => {
  test.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T10:30:00+01:00', '2026-03-01T09:30:00.000Z'],
    [1_772_357_400, '2026-03-01T09:30:00.000Z'],
    [1_772_357_400_123, '2026-03-01T09:30:00.123Z'],
    ['1772357400', '2026-03-01T09:30:00.000Z'],
    ['yesterday', null],
  ])('%j is shown as %j and orders nothing', async (timestamp, shown) => {
    const { interaction, ignored } = await send(account.receiveUrl, {
      ...hello,
      from: `at ${timestamp}`,
      timestamp,
    })
    const { items } = await api.get<Thread>(`/api/openchannel/interactions/${interaction.id}/thread`)
    expect(items.find(({ type }) => type === 'message')?.message?.writtenAt).toBe(shown)
    expect(ignored).toEqual(shown === null ? ['timestamp'] : [])
  })
})
