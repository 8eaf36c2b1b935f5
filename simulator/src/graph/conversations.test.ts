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
