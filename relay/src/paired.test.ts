/** A contact centre that takes in through a relay: it is paired by a code, a customer's message comes in by the relay, and its files go out by it. */
import { createHmac, randomBytes } from 'node:crypto'
import { Agent, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startGraphDouble } from '@patchbay/cloud/graph-testing.ts'
import { startTestCloud, testApp } from '@patchbay/cloud/testing.ts'
import { newKey } from '@patchbay/kit/crypto.ts'
import type { Reply } from '@patchbay/protocol/open-channel.ts'
import { signedUrl } from '@patchbay/server/attachments/attachments.ts'
import { startTestServer } from '@patchbay/server/testing.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { digest, open, startRelay } from './testing.ts'

const patiently = { timeout: 40_000, interval: 50 }
const graph = await startGraphDouble()
const cloud = await startTestCloud({ FACEBOOK_GRAPH_URL: graph.url, FACEBOOK_DIALOG_URL: graph.url })
const server = await startTestServer({ cloudUrl: cloud.url })
const { call } = server
const relay = await startRelay()
let pages = 0

const stateOf = async (node: Pick<typeof server, 'call'>) =>
  (await node.call('GET /api/relays')).body.rows[0]?.state

beforeAll(async () => {
  const { code } = (await relay.call('POST', '/api/codes')).body
  await call('POST /api/relays', { body: { url: relay.url, code } })
  await vi.waitUntil(async () => (await stateOf(server)) === 'connected', patiently)
})

/** Somebody in the cloud who may connect a page. */
async function owner() {
  const as = await cloud.makeUser()
  const dialog = await cloud.call('GET /connect/facebook', { as })
  const state = new URL(dialog.headers.get('location') ?? '').searchParams.get('state') ?? ''
  graph.codes.add('code')
  await cloud.call('GET /connect/facebook/callback', { as, query: { code: 'code', state } })
  const pageId = String(800_000 + ++pages)
  graph.pages.push({ id: pageId, name: 'Bakery' })
  const bind = (pairingCode: string) =>
    cloud.call('POST /api/integrations', { as, body: { pageId, pairingCode } })
  const look = (pairingCode: string) => cloud.call('POST /api/pairings/look', { as, body: { pairingCode } })
  return { pageId, bind, look }
}

const makeCode = (account: { id: number }) =>
  call('POST /api/openchannel/accounts/:id/pairings', { params: { id: account.id } })

/** As Meta tells it. */
function customerWrites(pageId: string, text: string): Promise<Response> {
  const message = {
    sender: { id: '42' },
    recipient: { id: pageId },
    timestamp: Date.now(),
    message: { mid: `m_${text}`, text },
  }
  const body = JSON.stringify({
    object: 'page',
    entry: [{ id: pageId, time: Date.now(), messaging: [message] }],
  })
  const hex = createHmac('sha256', testApp.FACEBOOK_APP_SECRET).update(body).digest('hex')
  return fetch(`${cloud.url}/webhook/facebook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${hex}` },
    body,
  })
}

test('the code names the relay, the cloud asks through it, a message comes in through it, and the answer reaches the page', async () => {
  const account = await server.makeAccount({ name: 'Shop', replyUrl: `${cloud.url}/api/reply` })
  const { body: pairing, status } = await makeCode(account)
  expect([status, pairing.address, pairing.isRelayed]).toEqual([201, relay.url, true])
  const { pageId, bind, look } = await owner()
  expect((await look(pairing.code)).body).toMatchObject({ host: new URL(relay.url).host })
  const bound = await bind(pairing.code)
  expect(bound).toMatchObject({ status: 201, body: { target: { accountId: account.id } } })
  expect((await customerWrites(pageId, 'Are you open?')).status).toBe(200)
  const interactions = async () =>
    (await call('GET /api/openchannel/interactions', { query: { OpenchannelAccountId: account.id } })).body
      .rows
  await expect.poll(async () => (await interactions()).length, patiently).toBe(1)
  const [{ id = 0 } = {}] = await interactions()
  const answer = { OpenchannelInteractionId: id, body: 'Until six.', direction: 'out' }
  expect((await call('POST /api/openchannel/messages', { body: answer })).status).toBeLessThan(300)
  await expect
    .poll(() => graph.sent, patiently)
    .toContainEqual(expect.objectContaining({ message: expect.objectContaining({ text: 'Until six.' }) }))
})

test('a wrong code and one that is over are refused, also of a contact centre behind a relay', async () => {
  const { body } = await makeCode(await server.makeAccount())
  const { bind, look } = await owner()
  expect(await bind('00000000')).toMatchObject({ status: 403, body: { code: 'CL-108' } })
  expect((await look(body.code)).status).toBe(200)
  await cloud.ctx.db
    .updateTable('pairing')
    .set({ expires_at: new Date(0) })
    .execute()
  expect(await bind(body.code)).toMatchObject({ status: 403, body: { code: 'CL-108' } })
})

test('a relay that has lost the server says when to repeat, and the code works when the server is back', async () => {
  const account = await server.makeAccount()
  const { key } = await server.makeKey(server.admin, ['attachments', 'accounts:secret'])
  const other = await startRelay()
  const activated = await other.activate()
  const registration = {
    name: 'desk',
    accounts: [{ id: account.id, digests: [digest(account.token)] }],
    keys: [digest(key)],
  }
  await other.call('PUT', '/api/servers/me', activated.key, registration)
  const receiveUrl = account.receiveUrl.replace(server.ctx.config.publicUrl, other.url)
  const told = await fetch(receiveUrl, { method: 'POST', body: '{}' })
  expect([told.status, Number(told.headers.get('retry-after')) > 0]).toEqual([503, true])

  const code = 'ABCD2345'
  const offered = {
    codeDigest: digest(code),
    receiveUrl,
    apiKey: key,
    secret: 'whsec_x',
    uid: 'u',
    serverName: 'Desk',
  }
  expect((await cloud.call('POST /api/pairings', { body: offered })).status).toBe(201)
  const { bind } = await owner()
  expect(await bind(code)).toMatchObject({
    status: 409,
    body: {
      code: 'CL-107',
      detail: expect.stringMatching(/is a relay, and the contact centre behind it is away/),
    },
  })
  const agent = new Agent({ keepAlive: true })
  afterAll(() => agent.destroy())
  const { hostname: host, port } = new URL(server.url)
  const link = open(other, activated.key, { host, port: Number(port), agent })
  await expect.poll(() => link.state().state, patiently).toBe('connected')
  expect((await bind(code)).status).toBe(201)
})

test('no code is made while the relay is away, since nobody could use it, and no key is left behind', async () => {
  const own = await startTestServer({ cloudUrl: cloud.url })
  const account = await own.makeAccount()
  const params = { id: account.id }
  const make = () => own.call('POST /api/openchannel/accounts/:id/pairings', { params })
  expect((await make()).body).toMatchObject({ address: own.ctx.config.publicUrl, isRelayed: false })
  const keys = async () => (await own.call('GET /api/keys')).body.count
  const before = await keys()
  const passing = await startRelay()
  const { code } = (await passing.call('POST', '/api/codes')).body
  await own.call('POST /api/relays', { body: { url: passing.url, code } })
  await expect.poll(() => stateOf(own), patiently).toBe('connected')
  await passing.stop()
  await expect.poll(() => stateOf(own), patiently).toBe('connecting')
  expect(await make()).toMatchObject({ status: 409, body: { code: 'RL-108' } })
  expect(await keys()).toBe(before)
})

/** An answer with a file, as the Reply URL was told. */
async function fileLink(bytes: Buffer): Promise<{ url: string; id: number; uid: string }> {
  const heard = Promise.withResolvers<Reply>()
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    response.end('{}')
    heard.resolve(JSON.parse(Buffer.concat(chunks).toString()) as Reply)
  })
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  afterAll(() => void receiver.close())
  const { port } = receiver.address() as AddressInfo
  const account = await server.makeAccount({ replyUrl: `http://127.0.0.1:${port}/` })
  const { interaction } = (await server.receive(account, { from: '+39350', mapKey: 'phone', body: 'Hello' }))
    .body
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(bytes)]), 'film.bin')
  const { headers } = await server.makeKey(server.admin)
  const upload = await fetch(`${server.url}/api/attachments`, { method: 'POST', headers, body: form })
  const { id } = (await upload.json()) as { id: number }
  const answer = { OpenchannelInteractionId: interaction?.id ?? 0, body: '', AttachmentId: id }
  await call('POST /api/openchannel/messages', { body: answer })
  const { attachment } = await heard.promise
  return { url: attachment?.url ?? '', id, uid: account.uid }
}

const refusalOf = async (url: string) => {
  const answer = await fetch(url)
  return [answer.status, ((await answer.json()) as { code: string }).code]
}

test('the link of an answer’s file leads through the relay, whole and in ranges, until it is over', async () => {
  const bytes = randomBytes(3_000_000)
  const { url, id, uid } = await fileLink(bytes)
  expect(new URL(url).origin).toBe(relay.url)
  await expect.poll(async () => (await fetch(url, { method: 'HEAD' })).status, patiently).toBe(200)
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true)
  const part = await fetch(url, { headers: { range: 'bytes=1000000-1999999' } })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000000-1999999/3000000'])
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000_000, 2_000_000))).toBe(true)

  vi.useFakeTimers({ now: Date.now() - 25 * 3600_000, toFake: ['Date'] })
  const old = signedUrl(server.ctx, id, uid)
  vi.useRealTimers()
  expect(new URL(old).origin).toBe(relay.url)
  expect(await refusalOf(old)).toEqual([401, 'AU-104'])
  expect(await refusalOf(url.replace(`/${id}/`, `/${id + 1}/`))).toEqual([401, 'AU-104'])
})

test('negative control: without the account in it the relay knows no server, and the account opens nothing else', async () => {
  const { url, uid } = await fileLink(Buffer.from('a'))
  await expect.poll(async () => (await fetch(url)).status, patiently).toBe(200)
  expect(await refusalOf(url.replace(/&account=.*/, ''))).toEqual([401, 'RL-102'])
  expect(await refusalOf(url.replace(uid, newKey()))).toEqual([401, 'RL-102'])
  expect(await refusalOf(url.replace(/&signature=[^&]*/, ''))).toEqual([401, 'RL-102'])
  expect(await refusalOf(`${relay.url}/api/attachments/1?account=${uid}&signature=x`)).toEqual([
    401,
    'RL-102',
  ])
  expect(
    await refusalOf(`${relay.url}/api/openchannel/accounts/1/secret?account=${uid}&signature=x`),
  ).toEqual([401, 'RL-102'])
})

test('without a relay the link leads to the server itself', async () => {
  const alone = await startTestServer()
  expect(new URL(signedUrl(alone.ctx, 1, 'u')).origin).toBe(alone.ctx.config.publicUrl)
})
