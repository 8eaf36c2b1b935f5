/** An account waits at a cloud under a code, and its key goes when nobody claims it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { pairingChores } from './pair.ts'

interface Offered {
  codeDigest: string
  receiveUrl: string
  apiKey: string
  secret: string
  uid: string
  serverName: string
}
let offered: Offered[] = []
let answer: [number, object] = [201, {}]
const cloud = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  if (request.url === '/api/pairings') offered.push(JSON.parse(body))
  response.writeHead(answer[0], { 'content-type': 'application/json' }).end(JSON.stringify(answer[1]))
})
await new Promise<void>((listening) => cloud.listen(0, '127.0.0.1', listening))
afterAll(() => new Promise((closed) => cloud.close(closed)))
const cloudUrl = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`
const server = await startTestServer({ cloudUrl })
const { call, ctx } = server
const account = await server.makeAccount({ name: 'Shop' })
const params = { id: account.id }

async function pair() {
  offered = []
  answer = [201, { expiresAt: new Date(Date.now() + 600_000).toISOString() }]
  const made = await call('POST /api/openchannel/accounts/:id/pairings', { params })
  expect(made.status).toBe(201)
  const [pairing] = offered
  if (!pairing) throw new Error('nothing was offered')
  return { ...made.body, pairing }
}
const endPairing = (keyId: number) =>
  pairingChores(ctx)['end-pairing']?.run({ keyId }, new AbortController().signal, { isLast: true })
const stateOf = async (keyId: number) =>
  (await call('GET /api/openchannel/accounts/:id/pairings/:keyId', { params: { ...params, keyId } })).body
    .state
const useKey = (key: string) =>
  call('POST /api/openchannel/accounts/:id/secret', {
    params,
    as: { headers: { authorization: `Bearer ${key}` } },
    body: {},
  })

test('the cloud is told everything but the code, and the key opens no more than it has to', async () => {
  const { code, pairing, replyUrl } = await pair()
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
  expect(pairing.codeDigest).toBe(sha256(code).toString('hex'))
  expect(JSON.stringify(pairing)).not.toContain(code)
  expect(pairing.receiveUrl).toBe(account.receiveUrl)
  expect(pairing.serverName).toMatch(/^Shop \(localhost:\d+\)$/)
  expect(replyUrl).toBe(`${cloudUrl}/api/reply`)
  const { body } = await useKey(pairing.apiKey)
  expect(body).toEqual({ secret: pairing.secret, uid: pairing.uid })
  const as = { headers: { authorization: `Bearer ${pairing.apiKey}` } }
  expect((await call('GET /api/contacts', { as })).status).toBe(403)
})

test('a key that nobody claimed is revoked, one that was used stays', async () => {
  const unclaimed = await pair()
  const claimed = await pair()
  expect(await stateOf(unclaimed.keyId)).toBe('waiting')
  await useKey(claimed.pairing.apiKey)
  await expect.poll(() => stateOf(claimed.keyId), { timeout: 20_000, interval: 50 }).toBe('claimed')
  await endPairing(unclaimed.keyId)
  await endPairing(claimed.keyId)
  expect(await stateOf(unclaimed.keyId)).toBe('ended')
  expect((await useKey(unclaimed.pairing.apiKey)).status).toBe(401)
  expect((await useKey(claimed.pairing.apiKey)).status).toBe(200)
})

test('a cloud that refuses or is no cloud leaves no key behind', async () => {
  const keys = async () => (await call('GET /api/keys')).body.count
  const before = await keys()
  answer = [429, { detail: 'Too many codes wait already.' }]
  const refused = await call('POST /api/openchannel/accounts/:id/pairings', { params })
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'CL-110', detail: expect.stringMatching(/Too many/) },
  })
  answer = [200, {}]
  expect((await call('POST /api/openchannel/accounts/:id/pairings', { params })).body.code).toBe('CL-110')
  expect(await keys()).toBe(before)
})

test('who may not see secrets makes no code, and neither does a key', async () => {
  const agent = await server.makeUser('agent')
  const byKey = await server.makeKey(server.admin)
  for (const as of [agent, byKey])
    expect((await call('POST /api/openchannel/accounts/:id/pairings', { params, as })).status).toBe(403)
})

test('without CLOUD_URL there is no cloud to pair with', async () => {
  const alone = await startTestServer({ cloudUrl: undefined })
  const { id } = await alone.makeAccount()
  const refused = await alone.call('POST /api/openchannel/accounts/:id/pairings', { params: { id } })
  expect(refused).toMatchObject({ status: 409, body: { code: 'CL-110' } })
  expect((await alone.call('GET /api/openchannel/cloud')).body).toEqual({ cloudUrl: null })
})
