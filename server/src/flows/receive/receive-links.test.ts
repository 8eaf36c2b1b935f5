/** Files by their addresses: fetched within bounds through the guarded door, kept with the message or not at all. */
import { readdir } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { type Answer, post, send } from './receive-testing.ts'

const limitBytes = 100_000
const server = await startTestServer({ attachmentLimitBytes: limitBytes })
const { pool, config } = server.ctx
const account = await server.makeAccount()
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const asked: string[] = []
const answers: Record<string, (response: ServerResponse) => void> = {
  '/photo.png': (response) => response.setHeader('content-type', 'text/html').end(png),
  '/a%20b.txt': (response) => response.end('some text'),
  '/empty': (response) => response.end(),
  '/large': (response) => response.end(Buffer.alloc(limitBytes + 1, 'x')),
  '/exact': (response) => response.end(Buffer.alloc(limitBytes, 'x')),
  '/endless': (response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(65_536, 'x')));
    }
    response.on('drain', more)
    more()
  },
  '/away': (response) => response.writeHead(302, { location: '/photo.png' }).end(),
  '/gone': (response) => response.writeHead(404).end('not here'),
  '/broken': (response) =>
    response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy()),
}
const files = createServer(({ url = '' }, response) => {
  asked.push(url)
  const answer = answers[url]
  if (answer) answer(response)
  // Anything else never answers.
})
await new Promise<void>((ready) => files.listen(0, '127.0.0.1', ready))
const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
afterAll(() => {
  files.closeAllConnections()
  files.close()
})

let people = 0
const fields = (): { from: string; mapKey: string; body: string } => ({
  from: `c${++people}`,
  mapKey: 'facebook',
  body: 'See these',
})
const linked = (...paths: string[]): { url: string }[] => paths.map((path) => ({ url: `${origin}${path}` }))

async function stored(): Promise<number> {
  const entries = await readdir(config.attachmentsDir, { recursive: true, withFileTypes: true }).catch(
    () => [],
  )
  return entries.filter((entry) => entry.isFile()).length
}

async function messagesOf({ body }: Answer) {
  const { rows } = await pool.query(
    `select m.body, a.name, a.type, a.account_id from message m left join attachment a on a.id = m.attachment_id
     where m.interaction_id = $1 order by m.seq`,
    [body.interaction.id],
  )
  return rows
}

test('several files are several messages in their order, the text with the first, types by their bytes', async () => {
  const attachments = [
    ...linked('/photo.png', '/a%20b.txt'),
    { url: `${origin}/exact`, name: '../letter.bin' },
    { url: `${origin}/photo.png`, name: 'front.png' },
  ]
  const answer = await send(account, { ...fields(), attachments })
  expect(answer.body).toMatchObject({ duplicate: false, ignored: [] })
  expect(await messagesOf(answer)).toEqual([
    { body: 'See these', name: 'photo.png', type: 'image/png', account_id: account.id },
    { body: '', name: 'a b.txt', type: 'text/plain', account_id: account.id },
    { body: '', name: 'letter.bin', type: 'text/plain', account_id: account.id },
    { body: '', name: 'front.png', type: 'image/png', account_id: account.id },
  ])
})

test('a file may come without a text, and an empty list is no file', async () => {
  expect((await send(account, { ...fields(), body: '', attachments: linked('/photo.png') })).status).toBe(200)
  expect(await messagesOf(await send(account, { ...fields(), attachments: [] }))).toMatchObject([
    { name: null },
  ])
})

test('repeated under one id nothing is fetched or stored twice; other addresses are another message', async () => {
  const body = { ...fields(), messageId: 'linked', attachments: linked('/photo.png', '/a%20b.txt') }
  const first = await send(account, body)
  const [before, calls] = [await stored(), asked.length]
  expect((await send(account, body)).body).toEqual({ ...first.body, duplicate: true })
  expect([await stored(), asked.length]).toEqual([before, calls])
  const other = { ...body, attachments: linked('/exact', '/a%20b.txt') }
  expect(await post(account.receiveUrl, { body: other })).toMatchObject({
    status: 409,
    body: { code: 'OC-106', fields: ['AttachmentId'] },
  })
  const copies = { ...body, ...fields(), messageId: 'copies' }
  const answered = await Promise.all(Array.from({ length: 6 }, () => send(account, copies)))
  expect(await messagesOf(answered[0] as Answer)).toHaveLength(2)
  expect(await stored()).toBe(before + 2)
})

test('a repetition stores the files that a crash kept out', async () => {
  const body = { ...fields(), messageId: 'torn', attachments: linked('/photo.png', '/a%20b.txt') }
  const first = await send(account, body)
  await pool.query(`delete from sender_message where sender_id = 'torn (file 2)'`)
  await pool.query(`delete from message where interaction_id = $1 and body = ''`, [first.body.interaction.id])
  expect((await send(account, body)).body).toMatchObject({ message: first.body.message, duplicate: false })
  expect(await messagesOf(first)).toMatchObject([{ name: 'photo.png' }, { name: 'a b.txt' }])
})

const evil: [path: string, status: number, code: string][] = [
  ['/gone', 400, 'OC-112'],
  ['/away', 400, 'OC-112'],
  ['/broken', 400, 'OC-112'],
  ['/empty', 400, 'AT-102'],
  ['/large', 413, 'AT-103'],
  ['/endless', 413, 'AT-103'],
]
for (const [path, status, code] of evil)
  test(`a server that answers ${path.slice(1)} is refused with ${code}, and nothing of the message stays`, async () => {
    const before = await stored()
    const body = { ...fields(), messageId: `evil${path}`, attachments: linked('/photo.png', path) }
    expect(await post(account.receiveUrl, { body })).toMatchObject({ status, body: { code } })
    const { rows } = await pool.query('select 1 from contact where facebook = $1', [body.from])
    expect([rows, await stored()]).toEqual([[], before])
    // The same id is free for the message with a file that can be had.
    expect((await send(account, { ...body, attachments: linked('/photo.png') })).body.duplicate).toBe(false)
  })

test('redirects are named as what they are, and not followed', async () => {
  const calls = asked.length
  const { body } = await post(account.receiveUrl, { body: { ...fields(), attachments: linked('/away') } })
  expect(body).toMatchObject({ field: 'attachments[0].url', detail: expect.stringContaining('not followed') })
  expect(asked.slice(calls)).toEqual(['/away'])
})

test('a server that never ends keeps its sender 15 seconds, and nobody else', async () => {
  const slow = post(account.receiveUrl, { body: { ...fields(), attachments: linked('/never') } })
  await expect.poll(() => asked.includes('/never')).toBe(true)
  expect((await send(account, fields())).status).toBe(200)
  expect((await send(account, { ...fields(), attachments: linked('/photo.png') })).status).toBe(200)
  expect(await slow).toMatchObject({ status: 400, body: { code: 'OC-112' } })
}, 40_000)

test('where the guarded door lets nobody in, no address of this machine is called', async () => {
  const guarded = await startTestServer({
    outboundAllow: parseOutboundAllow([], { host: '0.0.0.0', publicUrl: 'https://x.example' }),
  })
  const closed = await guarded.makeAccount()
  const { port } = new URL(origin)
  const calls = asked.length
  for (const url of [
    `${origin}/photo.png`,
    `http://localhost:${port}/photo.png`,
    `http://[::1]:${port}/photo.png`,
    `http://[::ffff:127.0.0.1]:${port}/photo.png`,
    `http://2130706433:${port}/photo.png`,
    `http://0x7f.1:${port}/photo.png`,
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    `http://user:secret@127.0.0.1:${port}/photo.png`,
  ]) {
    const answer = await post(closed.receiveUrl, { body: { ...fields(), attachments: [{ url }] } })
    expect([url, answer.status, answer.body.code]).toEqual([url, 400, 'OC-112'])
  }
  expect(asked.length).toBe(calls)
})

const odd: [name: string, attachments: unknown, field: string][] = [
  ['a text', 'https://example.com/a.png', 'attachments'],
  ['an object', { url: 'https://example.com/a.png' }, 'attachments'],
  ['a list of texts', ['https://example.com/a.png'], 'attachments[0].url'],
  ['a url that is none', [{ url: 'x y' }], 'attachments[0].url'],
  ['eleven files', Array.from({ length: 11 }, () => ({ url: 'https://example.com/' })), 'attachments'],
  ['an endless url', [{ url: `https://example.com/${'x'.repeat(2000)}` }], 'attachments[0].url'],
]
for (const [name, attachments, field] of odd)
  test(`${name} in the place of the list is refused before anything is fetched`, async () => {
    expect(await post(account.receiveUrl, { body: { ...fields(), attachments } })).toMatchObject({
      status: 400,
      body: { code: 'OC-113', field },
    })
  })

test('AttachmentId and addresses in one message are refused', async () => {
  const body = { ...fields(), AttachmentId: 1, attachments: linked('/photo.png') }
  expect(await post(account.receiveUrl, { body })).toMatchObject({ status: 400, body: { code: 'OC-113' } })
})
