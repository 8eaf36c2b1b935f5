/** What public connectors of the original system send, word for word, and what they need in return: exactly 200 and `interaction.id`. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { contactOf, post } from './receive-testing.ts'

const server = await startTestServer()
const account = await server.makeAccount()

async function upload(name: string): Promise<number> {
  const form = new FormData()
  form.set('file', new Blob(['\x89PNG\r\n\x1a\n']), name)
  const { headers } = await server.makeKey(server.admin, ['attachments'])
  const response = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body: form })
  expect(response.status).toBe(201)
  return ((await response.json()) as { id: number }).id
}

async function interaction(id: number) {
  const { rows } = await server.ctx.pool.query('select * from interaction where id = $1', [id])
  return rows[0]
}

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

describe('the Messenger connector', () => {
  test('posts a text', async () => {
    const answer = await post(account.receiveUrl, { body: messenger })
    expect(answer).toMatchObject({ status: 200, body: { duplicate: false, ignored: [] } })
    expect(await contactOf(server, answer)).toMatchObject({
      facebook: '7689966077685933',
      phone: null,
      firstName: 'Giulia',
      lastName: 'Ferri',
      description: 'Created from facebook message',
    })
    expect(await interaction(answer.body.interaction.id)).toMatchObject({ to_address: '134968929707951' })
  })

  test('posts a file that it uploaded, by its number', async () => {
    const AttachmentId = await upload('screenshot-order.png')
    const body = { ...messenger, body: 'screenshot-order.png', AttachmentId }
    const answer = await post(account.receiveUrl, { body })
    expect(answer.status).toBe(200)
    const { rows } = await server.ctx.pool.query('select body, attachment_id from message where id = $1', [
      answer.body.message.id,
    ])
    expect(rows[0]).toEqual({ body: 'screenshot-order.png', attachment_id: AttachmentId })
  })

  test('posts a comment, one interaction for each post', async () => {
    const comment = {
      from: '5281959998',
      body: 'Is the 42" model back in stock?',
      to: null,
      AttachmentId: null,
      mapKey: 'facebook',
      phone: 'none',
      description: 'Created from facebook post/comment',
      name: 'Ravi Menon',
      firstName: 'Ravi',
      lastName: 'Menon',
      threadId: '134968929707951_998877665544',
      externalUrl: 'https://www.facebook.com/134968929707951/posts/998877665544',
    }
    const first = await post(account.receiveUrl, { body: comment })
    const second = await post(account.receiveUrl, { body: { ...comment, body: 'And the 43"?' } })
    const other = await post(account.receiveUrl, { body: { ...comment, threadId: '134968929707951_1' } })
    expect([first, second, other].map(({ status }) => status)).toEqual([200, 200, 200])
    expect(second.body.interaction).toEqual(first.body.interaction)
    expect(other.body.interaction).not.toEqual(first.body.interaction)
    expect(other.body.contact).toEqual(first.body.contact)
  })
})

test('the Twitter connector posts a mention', async () => {
  const body = {
    from: '1029384756',
    body: '@nordoutdoor where is my parcel?',
    mapKey: 'twitter',
    phone: 'none',
    firstName: 'Sam',
    threadId: '1719990000000000001',
    externalUrl: 'https://twitter.com/i/web/status/1719990000000000001',
  }
  const answer = await post(account.receiveUrl, { body })
  expect(answer.status).toBe(200)
  expect(await contactOf(server, answer)).toMatchObject({
    twitter: '1029384756',
    firstName: 'Sam',
    phone: null,
  })
  expect(await interaction(answer.body.interaction.id)).toMatchObject({
    thread_id: body.threadId,
    external_url: body.externalUrl,
  })
})

test('the WhatsApp bridge posts a file without a caption, its number as text, with a key in the query', async () => {
  const { key } = await server.makeKey(server.admin)
  const AttachmentId = String(await upload('photo.jpg'))
  const body = {
    from: '393475550142',
    body: '.',
    mapKey: 'phone',
    AttachmentId,
    firstName: 'Tomás',
    lastName: 'Herrera',
  }
  const url = account.receiveUrl.replace(/\?token=.*/, `?apikey=${key}`)
  const answer = await post(url, { body })
  expect(answer.status).toBe(200)
  expect(await contactOf(server, answer)).toMatchObject({ phone: '393475550142', firstName: 'Tomás' })
})

test('the handover bot posts an e-mail that is none and asks what became of it', async () => {
  const from = 'users/1122334455'
  const body = {
    from,
    body: 'I want to speak to a person',
    mapKey: 'email',
    email: from,
    firstName: 'Amelia',
  }
  const answer = await post(account.receiveUrl, { body })
  expect(answer.status).toBe(200)
  const params = { id: answer.body.interaction.id }
  const asked = await server.call('GET /api/openchannel/interactions/:id', { params })
  expect(asked.body).toMatchObject({ closed: false, UserId: null })
})

test('the web chat maps on a custom field, with a key in the query of eight KiB', async () => {
  const { key } = await server.makeKey(server.admin)
  const field = await server.call('POST /api/lists/:id/fields', {
    params: { id: 1 },
    body: { name: 'visitor' },
  })
  const body = {
    from: 'visitor-8f2c',
    body: 'hello',
    mapKey: `cf_${field.body.id}`,
    firstName: 'Visitor',
    url: 'https://shop.example/cart',
  }
  const url = account.receiveUrl.replace(/\?token=.*/, `?apikey=${key}&trace=${'x'.repeat(8000)}`)
  const answer = await post(url, { body })
  expect(answer.status).toBe(200)
  expect(await contactOf(server, answer)).toMatchObject({
    [`cf_${field.body.id}`]: 'visitor-8f2c',
    url: 'https://shop.example/cart',
  })
})

test('a form', async () => {
  const body = 'from=%2B393475550142&body=Hello+from+a+form&mapKey=phone&firstName=Lia&tags=vip%2Cnewsletter'
  const answer = await post(account.receiveUrl, { body, type: 'application/x-www-form-urlencoded' })
  expect(answer.status).toBe(200)
  expect(await contactOf(server, answer)).toMatchObject({ firstName: 'Lia', tags: ['vip', 'newsletter'] })
})
