// What an account may demand of its senders, and what they may ask of it, from outside: signatures, and files by their addresses.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, type OwnAccount, post, send } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
const photo = Buffer.from('ffd8ffe000104a464946', 'hex')
const files = createServer(({ url }, response) => {
  if (url === '/photo') response.end(photo)
  else if (url === '/away') response.writeHead(307, { location: '/photo' }).end()
  else response.writeHead(404).end()
})
let origin = ''

beforeAll(async () => {
  await new Promise<void>((ready) => files.listen(0, '127.0.0.1', ready))
  origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
})

afterAll(async () => {
  await program?.stop()
  files.closeAllConnections()
  files.close()
  await removeFolder?.()
})

async function demanding(): Promise<{ account: OwnAccount; secret: string }> {
  const account = await makeAccount(api, { requireSignature: true })
  const path = `/api/openchannel/accounts/${account.id}/secret`
  return { account, secret: (await api.send<{ secret: string }>('POST', path, {})).secret }
}

function sign(secret: string, id: string, body: string, at = new Date()): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
}

test('an account that demands signatures takes what is signed now with its secret, once, and nothing else', async () => {
  const { account, secret } = await demanding()
  const body = JSON.stringify({ from: '1', mapKey: 'phone', body: 'Signed' })
  const headers = sign(secret, 'msg_1', body)
  expect(await post(account.receiveUrl, body, headers)).toMatchObject({
    status: 200,
    body: { duplicate: false },
  })
  expect(await post(account.receiveUrl, body, headers)).toMatchObject({
    status: 200,
    body: { duplicate: true },
  })
  const old = sign(secret, 'msg_2', body, new Date(Date.now() - 6 * 60_000))
  for (const wrong of [{}, old, sign(secret, 'msg_3', `${body} `), { ...headers, 'webhook-id': 'msg_4' }])
    expect(await post(account.receiveUrl, body, wrong)).toMatchObject({
      status: 401,
      body: { code: 'OC-117' },
    })
  const sibling = account.receiveUrl.replace('/notify', '/typing')
  expect((await post(sibling, body)).status).toBe(401)
  expect((await post(sibling, body, sign(secret, 'msg_5', body))).status).toBe(200)
  const bare = account.receiveUrl.replace(/\?.*/, '')
  expect(await post(bare, body, headers)).toMatchObject({ status: 401, body: { code: 'OC-102' } })
})

test('files named by address are there with the message: the bytes, by their name, of the type that they are', async () => {
  const account = await makeAccount(api)
  const attachments = [{ url: `${origin}/photo` }, { url: `${origin}/photo`, name: 'back.jpg' }]
  const body = { from: '2', mapKey: 'phone', body: 'Both sides', messageId: 'both', attachments }
  const accepted = await send(account.receiveUrl, body)
  const path = `/api/openchannel/interactions/${accepted.interaction.id}/messages`
  const { rows } = await api.get<{ rows: { body: string; AttachmentId: number }[] }>(path)
  expect(rows.map((row) => row.body)).toEqual(['Both sides', ''])
  const names = await Promise.all(
    rows.map((row) => api.get<{ name: string; type: string }>(`/api/attachments/${row.AttachmentId}`)),
  )
  expect(names).toMatchObject([
    { name: 'photo', type: 'image/jpeg' },
    { name: 'back.jpg', type: 'image/jpeg' },
  ])
  expect(await send(account.receiveUrl, body)).toEqual({ ...accepted, duplicate: true })
})

test('a file that cannot be had keeps its message out, with a code and the place of the address', async () => {
  const account = await makeAccount(api)
  for (const url of [`${origin}/away`, `${origin}/none`, 'http://192.0.2.1/', 'http://metadata.internal/x']) {
    const attachments = [{ url: `${origin}/photo` }, { url }]
    const body = { from: '3', mapKey: 'phone', body: 'x', messageId: 'later', attachments }
    const { status, body: refused } = await post(account.receiveUrl, body)
    expect([url, status, refused.code, refused.field]).toEqual([url, 400, 'OC-112', 'attachments[1].url'])
  }
  const { rows } = await api.get<{ rows: unknown[] }>(
    `/api/openchannel/interactions?OpenchannelAccountId=${account.id}`,
  )
  expect(rows).toEqual([])
  const whole = {
    from: '3',
    mapKey: 'phone',
    body: 'x',
    messageId: 'later',
    attachments: [{ url: `${origin}/photo` }],
  }
  expect((await send(account.receiveUrl, whole)).duplicate).toBe(false)
})
