/** The Receive URL as senders meet it: who may call, what they may send, and what they are told when it is refused. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { post } from './receive-testing.ts'

const server = await startTestServer()
const account = await server.makeAccount()
const { pool } = server.ctx
const plain = new URL(account.receiveUrl)
plain.search = ''
const message = { from: '+39 347 555 0142', body: 'Hello', mapKey: 'phone' }

async function count(): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*) from message')
  return rows[0]?.count ?? 0
}

test('a message is answered 200 with the ids of what was stored', async () => {
  const { status, headers, body } = await post(account.receiveUrl, { body: message })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toContain('application/json')
  expect(body).toEqual({
    message: { id: expect.any(Number) },
    interaction: { id: expect.any(Number) },
    contact: { id: expect.any(Number) },
    duplicate: false,
    ignored: [],
  })
  const { rows } = await pool.query('select * from message where id = $1', [body.message.id])
  expect(rows[0]).toMatchObject({
    body: 'Hello',
    direction: 'in',
    status: 'received',
    account_id: account.id,
  })
})

describe('every address of an account takes messages', () => {
  for (const path of ['notify', 'notify/', 'receive', 'receive/'])
    test(path, async () => {
      const url = account.receiveUrl.replace('/notify', `/${path}`)
      expect((await post(url, { body: message })).status).toBe(200)
    })
})

describe('who may call', () => {
  test('whoever sends the token as Bearer', async () => {
    const headers = { authorization: `Bearer ${account.token}` }
    expect((await post(plain, { body: message, headers })).status).toBe(200)
  })

  test('whoever sends it as Bearer beside a query that holds none', async () => {
    const headers = { authorization: `bearer ${account.token}` }
    expect((await post(`${plain}?token=`, { body: message, headers })).status).toBe(200)
    expect((await post(`${plain}?token=pbt_wrong`, { body: message })).status).toBe(401)
  })

  test('nobody without a token', async () => {
    expect(await post(plain, { body: message })).toMatchObject({ status: 401, body: { code: 'OC-102' } })
  })

  test('nobody with another account’s token', async () => {
    const other = await server.makeAccount()
    const url = account.receiveUrl.replace(account.token, other.token)
    expect(await post(url, { body: message })).toMatchObject({ status: 401, body: { code: 'OC-102' } })
  })

  test('nobody where no account is', async () => {
    for (const id of ['999999', 'x', '0', '99999999999999999999']) {
      const url = account.receiveUrl.replace(`/${account.id}/`, `/${id}/`)
      expect(await post(url, { body: message })).toMatchObject({ status: 404, body: { code: 'OC-101' } })
    }
  })

  test('the key of an admin, in the query or as Bearer, and in a password’s place', async () => {
    const { key } = await server.makeKey(server.admin, ['notify'])
    expect((await post(`${plain}?apikey=${key}`, { body: message })).status).toBe(200)
    expect((await post(plain, { body: message, headers: { authorization: `Bearer ${key}` } })).status).toBe(
      200,
    )
    const pair = Buffer.from(`${server.admin.email}:${key}`).toString('base64')
    expect((await post(plain, { body: message, headers: { authorization: `Basic ${pair}` } })).status).toBe(
      200,
    )
  })

  test('the key of an agent of the account, and not of another', async () => {
    const agent = await server.makeUser()
    const { key } = await server.makeKey(agent)
    const foreign = await post(`${plain}?apikey=${key}`, { body: message })
    expect(foreign).toMatchObject({ status: 404, body: { code: 'OC-101' } })
    await server.addAgent(account, agent)
    expect((await post(`${plain}?apikey=${key}`, { body: message })).status).toBe(200)
  })

  test('no key without the scope notify, and none that is unknown', async () => {
    const { key } = await server.makeKey(server.admin, ['contacts'])
    const narrow = await post(`${plain}?apikey=${key}`, { body: message })
    expect(narrow).toMatchObject({ status: 403, body: { code: 'AU-105' } })
    const unknown = await post(`${plain}?apikey=pbk_unknown`, { body: message })
    expect(unknown).toMatchObject({ status: 401, body: { code: 'OC-102' } })
  })

  test('never a browser by its cookie', async () => {
    const answer = await post(plain, { body: message, headers: server.admin.headers })
    expect(answer).toMatchObject({ status: 401, body: { code: 'OC-102' } })
  })

  test('the old token until its overlap ends, the new one at once', async () => {
    const own = await server.makeAccount()
    const params = { id: own.id }
    const rotate = (overlapSeconds: number) =>
      server.call('POST /api/openchannel/accounts/:id/token', { params, body: { overlapSeconds } })
    const { body: rotated } = await rotate(3600)
    expect(rotated.token).not.toBe(own.token)
    expect((await post(own.receiveUrl, { body: message })).status).toBe(200)
    expect((await post(rotated.receiveUrl ?? '', { body: message })).status).toBe(200)
    await rotate(0)
    expect((await post(rotated.receiveUrl ?? '', { body: message })).status).toBe(401)
  })
})

describe('a look at the address with GET', () => {
  test('says that it is alive, as JSON or as a page', async () => {
    const json = await fetch(account.receiveUrl)
    expect(await json.json()).toMatchObject({ status: 'alive', account: { id: account.id } })
    const page = await fetch(account.receiveUrl, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('alive')
  })

  test('needs the token', async () => {
    expect((await fetch(plain)).status).toBe(401)
  })

  test('shows no markup that stands in the account’s name', async () => {
    const evil = await server.makeAccount({ name: '<script>alert(1)</script>' })
    const page = await fetch(evil.receiveUrl, { headers: { accept: 'text/html' } })
    expect(await page.text()).not.toContain('<script>')
  })
})

describe('content types', () => {
  const json = JSON.stringify(message)
  const taken: [name: string, type: string | null, body: string][] = [
    ['JSON', 'application/json', json],
    ['JSON with a character set', 'application/json; charset=utf-8', json],
    ['JSON with a byte order mark', 'application/json', `\ufeff${json}`],
    ['no content type', null, json],
    ['text/json', 'text/json', json],
    ['text/plain that holds JSON', 'text/plain', ` ${json}`],
    ['a vendor’s JSON', 'application/vnd.api+json', json],
    ['a form', 'application/x-www-form-urlencoded', 'from=%2B39+1&body=Hello&mapKey=phone'],
  ]
  for (const [name, type, body] of taken)
    test(`${name} is taken`, async () => {
      expect(await post(account.receiveUrl, { body, type })).toMatchObject({ status: 200 })
    })

  const refused: [name: string, type: string | null, body: string, code: string][] = [
    ['XML', 'application/xml', '<a/>', 'OC-108'],
    ['plain text', 'text/plain', 'hello', 'OC-108'],
    ['a body that is no JSON', 'application/json', '{"from":', 'OC-111'],
    ['an empty body', 'application/json', '', 'OC-111'],
    ['a list', 'application/json', '[]', 'OC-111'],
    ['a text', 'application/json', '"hello"', 'OC-111'],
    ['null', 'application/json', 'null', 'OC-111'],
    ['multipart without a boundary', 'multipart/form-data', 'x', 'OC-111'],
    ['multipart that is cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disp', 'OC-111'],
  ]
  for (const [name, type, body, code] of refused)
    test(`${name} is refused`, async () => {
      const answer = await post(account.receiveUrl, { body, type })
      expect(answer.body).toMatchObject({ code, status: code === 'OC-108' ? 415 : 400 })
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
    })

  test('a compressed body is refused', async () => {
    const answer = await post(account.receiveUrl, {
      body: json,
      type: null,
      headers: { 'content-encoding': 'gzip' },
    })
    expect(answer).toMatchObject({ status: 415, body: { code: 'OC-108' } })
  })
})

describe('limits', () => {
  const sized = (bytes: number) => ({
    ...message,
    filler: Array(Math.floor(bytes / 1000)).fill('x'.repeat(990)),
  })

  test('256 KiB are taken, more is 413 and nothing is stored', async () => {
    expect((await post(account.receiveUrl, { body: sized(200_000) })).status).toBe(200)
    const before = await count()
    const answer = await post(account.receiveUrl, { body: sized(300_000) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'OC-107' } })
    expect(await count()).toBe(before)
  })

  test('an account may raise its limit', async () => {
    const large = await server.makeAccount()
    const body = { bodyLimitBytes: 1_048_576 }
    await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: large.id }, body })
    expect((await post(large.receiveUrl, { body: sized(900_000) })).status).toBe(200)
    expect((await post(large.receiveUrl, { body: sized(1_200_000) })).status).toBe(413)
  })

  test('a body of unknown length is cut off at the limit', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)),
    })
    const response = await fetch(account.receiveUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    })
    expect(response.status).toBe(413)
  })

  const deep = (depth: number): string =>
    `{"a":${'['.repeat(depth)}${']'.repeat(depth)},"from":"1","body":"x","mapKey":"phone"}`
  const keys = (amount: number): string =>
    JSON.stringify({
      ...message,
      ...Object.fromEntries(Array.from({ length: amount }, (_, i) => [`k${i}`, 1])),
    })
  const cases: [name: string, body: string, status: number][] = [
    ['31 levels', deep(31), 200],
    ['33 levels', deep(33), 400],
    ['20 000 levels', deep(20_000), 400],
    ['256 keys', keys(253), 200],
    ['257 keys', keys(254), 400],
    ['a text of 64 KiB', JSON.stringify({ ...message, body: 'x'.repeat(65_536) }), 200],
    ['a text above 64 KiB', JSON.stringify({ ...message, body: 'x'.repeat(65_537) }), 400],
    ['a number that no database holds', '{"from":1e400000,"body":"x","mapKey":"phone"}', 200],
  ]
  for (const [name, body, status] of cases)
    test(`${name}: ${status}`, async () => {
      expect((await post(account.receiveUrl, { body, type: 'application/json' })).status).toBe(status)
    })

  test('beyond the account’s rate it is 429 with Retry-After, and nothing is stored', async () => {
    const slow = await server.makeAccount()
    const body = { ratePerSecond: 1, rateBurst: 2 }
    await server.call('PATCH /api/openchannel/accounts/:id', { params: { id: slow.id }, body })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(slow.receiveUrl, { body: message })),
    )
    const taken = answers.filter(({ status }) => status === 200).length
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    expect(taken).toBeGreaterThanOrEqual(2)
    const { rows } = await pool.query('select count(*)::int as stored from message where account_id = $1', [
      slow.id,
    ])
    expect(rows).toEqual([{ stored: taken }])
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.body.code).toBe('OC-109')
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  })
})

test('a content type that is none is refused like any other that is not taken', async () => {
  for (const address of ['notify', 'receipts', 'events'])
    for (const type of [
      'json',
      'application/',
      '/',
      ';',
      'text plain',
      'application/json/more',
      'image/png',
    ]) {
      const url = account.receiveUrl.replace('/notify', `/${address}`)
      const answer = await post(url, { body: JSON.stringify(message), type })
      expect([address, type, answer.status, answer.body.code]).toEqual([address, type, 415, 'OC-108'])
    }
})

test('copies at once are one message, whichever of the three names its id, the first of them counting', async () => {
  const other = await server.another()
  const path = new URL(account.receiveUrl)
  const urls = [server.url, other.url].map((origin) => new URL(path.pathname + path.search, origin))
  const ways: { messageId?: string; headers?: Record<string, string> }[] = [
    { messageId: 'way-1' },
    { headers: { 'idempotency-key': 'way-2' } },
    { headers: { 'webhook-id': 'way-3' } },
    { messageId: 'way-4', headers: { 'idempotency-key': 'other', 'webhook-id': 'another' } },
    { headers: { 'idempotency-key': 'way-5', 'webhook-id': 'another' } },
  ]
  for (const [n, { messageId, headers = {} }] of ways.entries()) {
    const body = { ...message, from: `way-${n}`, ...(messageId && { messageId }) }
    const copies = Array.from({ length: 12 }, (_, copy) =>
      // Only the id that counts is the same.
      post(urls[copy % 2] ?? path, {
        body,
        headers: n < 3 ? headers : { ...headers, 'webhook-id': `another-${copy}` },
      }),
    )
    const answers = await Promise.all(copies)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1)
    const { rows } = await pool.query(
      `select count(*) from message m join contact c on c.id = m.contact_id where c.phone = $1`,
      [`way-${n}`],
    )
    expect([n, rows[0].count]).toEqual([n, 1])
    const late = await post(urls[1] ?? path, { body: { ...body, body: 'other' }, headers })
    expect(late).toMatchObject({ status: 409, body: { code: 'OC-106' } })
  }
})
