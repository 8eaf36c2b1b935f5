/** Reading about people and what was said. */
import { expect, test } from 'vitest'
import { connected, ids } from '../testing.ts'

test('a profile is there once the person has written, and may be hidden in two ways', async () => {
  const box = await connected()
  const { psid } = await box.write('Hello')
  const read = (id = psid) =>
    box.graph('GET', id, { access_token: box.token, fields: 'id,name,first_name,last_name,profile_pic' })
  const { body } = await read()
  expect(body).toMatchObject({ id: psid, name: 'Giulia Ferri', first_name: 'Giulia', last_name: 'Ferri' })
  expect((await fetch(body.profile_pic)).headers.get('content-type')).toBe('image/png')
  await box.control('world/hide-profile', { person: ids.giulia, isHidden: true })
  expect((await read()).body).toEqual({})
  await box.control('switches/set', { hiddenProfile: 'error' })
  expect((await read()).body.error).toMatchObject({ code: 100, error_subcode: 2018218 })
  expect((await read('1234567890123456')).body.error).toMatchObject({ code: 100, error_subcode: 33 })
})

test('conversations are listed with their people and messages, files with name and size', async () => {
  const box = await connected()
  const { psid } = await box.write('Hello')
  const files = [
    { name: 'bill.pdf', type: 'application/pdf', base64: Buffer.from('%PDF').toString('base64') },
  ]
  const { mid } = await box.control('customer/send-file', { ...box.customer, files })
  const { body } = await box.graph('GET', `${ids.bikes}/conversations`, {
    access_token: box.token,
    platform: 'messenger',
    user_id: psid,
    fields: 'participants,messages{id,message,from}',
  })
  expect(body.data).toHaveLength(1)
  const [thread] = body.data
  expect(thread.id).toMatch(/^t_/)
  expect(thread.participants.data[0]).toEqual({
    name: 'Giulia Ferri',
    email: `${psid}@facebook.com`,
    id: psid,
  })
  expect(thread.messages.data.map(({ message }: { message: string }) => message)).toEqual(['', 'Hello'])
  const message = await box.graph('GET', mid, { access_token: box.token, fields: 'attachments,from' })
  expect(message.body.attachments.data[0]).toMatchObject({
    mime_type: 'application/pdf',
    name: 'bill.pdf',
    size: 4,
    file_url: expect.stringContaining('/v/'),
  })
})

test('only the twenty newest messages can be read, and none that was taken back', async () => {
  const box = await connected()
  const first = await box.write('first')
  for (let count = 0; count < 20; count++)
    await box.control('customer/write', { ...box.customer, text: `${count}` })
  const last = await box.write('last')
  const read = (mid: string) => box.graph('GET', mid, { access_token: box.token, fields: 'message' })
  expect((await read(first.mid)).body.error.code).toBe(9000001)
  expect((await read(last.mid)).body.message).toBe('last')
  await box.control('customer/unsend', { ...box.customer, mid: last.mid })
  expect((await read(last.mid)).body.error.code).toBe(9000001)
})

test('Instagram comes over the same endpoints: its own object, ids, echoes, readings and limit', async () => {
  const box = await connected()
  await box.graph('POST', `${box.app.id}/subscriptions`, {
    access_token: `${box.app.id}|${box.app.secret}`,
    object: 'instagram',
    callback_url: box.subscriber.url,
    verify_token: 'a verify token',
    fields: 'messages,messaging_seen',
  })
  await box.graph('POST', `${ids.bikes}/subscribed_apps`, {
    access_token: box.token,
    subscribed_fields: 'messages,messaging_seen',
  })
  const who = { ...box.customer, platform: 'instagram' }
  const { psid } = await box.control('customer/write', { ...who, text: 'Ciao' })
  const messenger = await box.write('Hello')
  expect(psid).not.toBe(messenger.psid)
  const instagram = box.subscriber.taken.find(({ body }) => body.object === 'instagram')?.body
  expect(instagram.entry[0]).toMatchObject({ id: '17841400000000001' })
  const reply = await box.send({ recipient: { id: psid }, message: { text: 'Ciao a te' } })
  expect(reply.body.recipient_id).toBe(psid)
  await box.control('customer/read', who)
  await box.settle()
  const mid = reply.body.message_id
  const events = box.subscriber.events()
  expect(events.find(({ message }) => message?.mid === mid).message.is_echo).toBe(true)
  expect(events.find(({ read }) => read?.mid === mid)).toBeTruthy()
  const long = await box.send({ recipient: { id: psid }, message: { text: 'ä'.repeat(501) } })
  expect(long.body.error.code).toBe(100)
})

test('the messages of a thread are paged, those behind the newest twenty without their content', async () => {
  const box = await connected()
  const { psid } = await box.write('0')
  for (let count = 1; count <= 24; count++)
    await box.control('customer/write', { ...box.customer, text: `${count}` })
  const given = { access_token: box.token, user_id: psid, fields: 'id' }
  const [{ id }] = (await box.graph('GET', `${ids.bikes}/conversations`, given)).body.data
  const read = (more: object) =>
    box.graph('GET', `${id}/messages`, {
      access_token: box.token,
      fields: 'message,from',
      limit: '15',
      ...more,
    })
  const first = (await read({})).body
  const second = (await read({ after: first.paging.cursors.after })).body
  const texts = [...first.data, ...second.data].map(({ message }: { message?: string }) => message)
  expect(texts).toEqual([
    ...Array.from({ length: 20 }, (_, place) => `${24 - place}`),
    ...Array.from({ length: 5 }, () => undefined),
  ])
  expect(second.paging.next).toBeUndefined()
  expect((await box.graph('GET', 't_0/messages', { access_token: box.token })).body.error.code).toBe(100)
})
