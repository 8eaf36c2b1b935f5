/** Signed mode: what any library of Standard Webhooks signs is taken, and nothing else. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { Webhook } from 'standardwebhooks'
import { Webhook as Svix } from 'svix'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestAccount } from '../../testing.ts'
import { expectSignature } from './receive-signature.ts'
import { post } from './receive-testing.ts'

const server = await startTestServer()
const account = await server.makeAccount()
let secret = ''
let count = 0

async function secretOf({ id }: TestAccount, rotate = false): Promise<string> {
  const { body } = await server.call('POST /api/openchannel/accounts/:id/secret', {
    params: { id },
    body: { rotate },
  })
  return body.secret
}

beforeAll(async () => {
  const params = { id: account.id }
  await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { requireSignature: true } })
  secret = await secretOf(account)
})

const text = () => JSON.stringify({ from: `s${++count}`, mapKey: 'phone', body: `Signed ✍ ${count}` })

function signed(body: string, { at = new Date(), key = secret, id = `msg_${++count}` } = {}) {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  }
}

const send = (body: string, headers: Record<string, string>, url: string | URL = account.receiveUrl) =>
  post(url, { body, type: null, headers })

describe('is taken', () => {
  test('what the reference library signs, its webhook-id being the message’s', async () => {
    const body = text()
    const headers = signed(body)
    expect(await send(body, headers)).toMatchObject({ status: 200, body: { duplicate: false } })
    expect(await send(body, headers)).toMatchObject({ status: 200, body: { duplicate: true } })
  })

  test('what the library of Svix signs', async () => {
    const body = text()
    const at = new Date()
    const signature = new Svix(secret).sign('msg_svix', at, body)
    expect(
      (await send(body, { ...signed(body, { id: 'msg_svix', at }), 'webhook-signature': signature })).status,
    ).toBe(200)
  })

  test('one good signature among others, of other versions too', async () => {
    const body = text()
    const headers = signed(body)
    const many = `v1a,AAAA v1,AAAA ${headers['webhook-signature']}`
    expect((await send(body, { ...headers, 'webhook-signature': many })).status).toBe(200)
  })

  test('a form, and a file in parts, by the bytes as they are sent', async () => {
    const form = `from=s${++count}&mapKey=phone&body=x`
    const headers = { ...signed(form), 'content-type': 'application/x-www-form-urlencoded' }
    expect((await send(form, headers)).status).toBe(200)
    const parts = ['from', 'mapKey', 'body'].map(
      (name) =>
        `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${name === 'mapKey' ? 'phone' : name}\r\n`,
    )
    const file = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${'é'.repeat(50_000)}\r\n--b--\r\n`
    const multipart = parts.join('') + file
    const type = { 'content-type': 'multipart/form-data; boundary=b' }
    expect((await send(multipart, { ...signed(multipart), ...type })).status).toBe(200)
    const changed = multipart.replace('éé', 'ée')
    expect(await send(changed, { ...signed(multipart), ...type })).toMatchObject({
      status: 401,
      body: { code: 'OC-117' },
    })
  })

  test('either secret during a rotation, and the old one no longer afterwards', async () => {
    const own = await server.makeAccount()
    const params = { id: own.id }
    await server.call('PATCH /api/openchannel/accounts/:id', { params, body: { requireSignature: true } })
    const old = await secretOf(own)
    const fresh = await secretOf(own, true)
    const status = async (key: string) => {
      const body = text()
      return (await send(body, signed(body, { key }), own.receiveUrl)).status
    }
    expect([await status(old), await status(fresh)]).toEqual([200, 200])
    await server.ctx.pool.query(
      `update account set old_secret_until = now() - interval '1 s', version = version + 1 where id = $1`,
      [own.id],
    )
    server.ctx.push.ring({ changed: 'accounts' })
    await expect.poll(() => status(old), { timeout: 10_000 }).toBe(401)
    expect(await status(fresh)).toBe(200)
  })

  test('what an admin tries from the page that connects an account', async () => {
    const { body } = await server.call('POST /api/openchannel/accounts/:id/try-receive', {
      params: { id: account.id },
      body: { from: 'trial', body: 'Hello' },
    })
    expect(body.status).toBe(200)
  })
})

describe('is refused with 401 and OC-117', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const wrong: [
    name: string,
    change: (headers: Record<string, string>, body: string) => Record<string, string>,
  ][] = [
    ['nothing signed', () => ({})],
    ['no webhook-id', ({ 'webhook-id': _, ...rest }) => rest],
    ['no webhook-timestamp', ({ 'webhook-timestamp': _, ...rest }) => rest],
    ['no webhook-signature', ({ 'webhook-signature': _, ...rest }) => rest],
    ['another id than was signed', (headers) => ({ ...headers, 'webhook-id': 'msg_other' })],
    ['six minutes old', (_, body) => signed(body, { at: minutesAgo(6) })],
    ['six minutes ahead', (_, body) => signed(body, { at: minutesAgo(-6) })],
    ['a time that is none', (headers) => ({ ...headers, 'webhook-timestamp': 'now' })],
    ['another secret', (_, body) => signed(body, { key: `whsec_${btoa('x'.repeat(32))}` })],
    ['another version alone', (headers) => ({ ...headers, 'webhook-signature': 'v2,AAAA' })],
    ['a signature that is cut', (headers) => ({ ...headers, 'webhook-signature': 'v1,' })],
    [
      'a signature of another body',
      (headers) => ({ ...headers, ...signed('{}', { id: headers['webhook-id'] }) }),
    ],
  ]
  for (const [name, change] of wrong)
    test(name, async () => {
      const body = text()
      const headers = change(signed(body), body)
      expect(await send(body, { 'content-type': 'application/json', ...headers })).toMatchObject({
        status: 401,
        body: { code: 'OC-117' },
      })
    })

  test('a signature without the token', async () => {
    const body = text()
    const url = new URL(account.receiveUrl)
    url.search = ''
    expect(await send(body, signed(body), url)).toMatchObject({ status: 401, body: { code: 'OC-102' } })
    const { key } = await server.makeKey(server.admin, ['notify'])
    expect((await send(body, signed(body), `${url}?apikey=${key}`)).status).toBe(200)
    const bare = { 'content-type': 'application/json' }
    expect(await send(text(), bare, `${url}?apikey=${key}`)).toMatchObject({
      status: 401,
      body: { code: 'OC-117' },
    })
  })

  test('at the siblings as well', async () => {
    for (const name of ['receipts', 'typing', 'events']) {
      const url = account.receiveUrl.replace('/notify', `/${name}`)
      const body = JSON.stringify({
        type: 'unknown',
        from: '1',
        mapKey: 'phone',
        id: 999_999,
        status: 'read',
      })
      expect(await send(body, { 'content-type': 'application/json' }, url)).toMatchObject({
        status: 401,
        body: { code: 'OC-117' },
      })
      expect((await send(body, signed(body), url)).status).not.toBe(401)
    }
  })
})

test('an account that does not ask for it takes what is not signed, or wrongly', async () => {
  const open = await server.makeAccount()
  const body = text()
  expect((await send(body, { 'content-type': 'application/json' }, open.receiveUrl)).status).toBe(200)
  expect((await send(text(), signed(body), open.receiveUrl)).status).toBe(200)
})

test('the vector that the standard publishes verifies, and with one letter changed it does not', async () => {
  const check = async (body: string) => {
    const request = Object.assign(Readable.from([Buffer.from(body)]), {
      headers: {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
    }) as unknown as IncomingMessage
    const published = { requireSignature: true, secrets: () => ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] }
    const verify = expectSignature(request, published, () => 1_614_265_330_000)
    await request.toArray()
    verify?.()
  }
  await check('{"test": 2432232314}')
  await expect(check('{"test": 2432232315}')).rejects.toMatchObject({ code: 'OC-117' })
})
