// What the Receive URL refuses, in which shape, and that nothing a stranger writes is ever an error of ours.
import { connect } from 'node:net'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeKey, makeUser, type OwnAccount, type Problem, post, send } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let url: string
let slow: Promise<{ answer: string; ms: number }>
const hello = { from: '4711', body: 'Hello', mapKey: 'phone' }

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api)
  url = account.receiveUrl
  // Takes its 15 seconds beside the other tests.
  slow = raw('POST', 'content-type: application/json\r\ncontent-length: 50\r\n', '{"from":')
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

/** Speaks HTTP by hand, and hears what comes until the connection closes. */
function raw(
  method: string,
  headers: string,
  body: string | Buffer,
): Promise<{ answer: string; ms: number }> {
  const { pathname, search, host } = new URL(url)
  const since = Date.now()
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(program.port, 'localhost', () => {
      socket.write(`${method} ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n${headers}\r\n`)
      socket.write(body)
    })
    socket.on('data', (chunk) => {
      answer += chunk
      socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ answer, ms: Date.now() - since }))
  })
}

async function problem(asked: Promise<Response>): Promise<Problem> {
  const answer = await asked
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const body = (await answer.json()) as Problem
  const { status } = answer
  const shape = { type: `/docs/errors#${body.code}`, title: expect.any(String), detail: expect.any(String) }
  expect(body).toMatchObject({ ...shape, status })
  return body
}

describe('a refusal', () => {
  const to = (path: string, init: RequestInit = {}) =>
    fetch(`${program.origin}/api/openchannel/accounts/${path}`, {
      method: 'POST',
      body: JSON.stringify(hello),
      ...init,
    })

  test('is a problem document with a stable code that the page of errors explains', async () => {
    const { code, type } = await problem(to(`${account.id}/notify?token=pbt_wrong`))
    expect(code).toBe('OC-102')
    const page = await (await fetch(new URL(type, program.origin))).text()
    expect(page).toContain('id="OC-102"')
    expect(page).toMatch(/id="OC-102"[\s\S]*What to do/)
  })

  test('is 401 for a wrong, a foreign, an empty and no token, whatever else is sent', async () => {
    const other = await makeAccount(api)
    for (const query of ['', '?token=', '?token=x', `?token=${other.token}`, `?token=${account.token}x`])
      expect((await problem(to(`${account.id}/notify${query}`))).status).toBe(401)
    const authorization = `Bearer ${other.token}`
    expect((await problem(to(`${account.id}/notify`, { headers: { authorization } }))).status).toBe(401)
    for (const init of [
      { headers: { authorization: 'Bearer pbk_wrong' } },
      { headers: { authorization: 'Digest x' } },
    ])
      expect((await problem(to(`${account.id}/notify`, init))).status).toBe(401)
    expect((await problem(to(`${account.id}/notify?apikey=pbk_wrong`))).status).toBe(401)
  })

  test('is 404 for an account that does not exist or was deleted', async () => {
    const gone = await makeAccount(api)
    await api.send('DELETE', `/api/openchannel/accounts/${gone.id}`)
    for (const id of [gone.id, 999_999, 0, -1, 'x', '1e3', '%00', '9'.repeat(40)])
      expect((await problem(to(`${id}/notify?token=${gone.token}`))).status).toBe(404)
  })

  test('meets a session cookie: it never opens a Receive URL', async () => {
    const signIn = await fetch(`${program.origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@example.com', password: 'correct horse battery' }),
    })
    const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect((await fetch(`${program.origin}/api/me`, { headers: { cookie } })).status).toBe(200)
    const own = { headers: { cookie, origin: program.origin, 'content-type': 'application/json' } }
    for (const path of ['notify', 'receive', 'notify/'])
      expect((await problem(to(`${account.id}/${path}`, own))).code).toBe('OC-102')
  })

  test('meets a key without the scope notify with 403, and one of a stranger to the account with 404', async () => {
    const { key } = await makeKey(api, ['interactions:read'])
    expect((await problem(to(`${account.id}/notify?apikey=${key}`))).status).toBe(403)
    const { email, password } = await makeUser(api)
    const strange = await makeKey(client(program.origin, { email, password }))
    expect((await problem(to(`${account.id}/notify?apikey=${strange.key}`))).status).toBe(404)
  })

  test('is 413 beyond 256 KiB, and the account may take up to 1 MiB', async () => {
    const fields = (bytes: number) =>
      Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`f${n}`, 'x'.repeat(bytes / 10)]))
    expect((await post(url, { ...hello, ...fields(200 * 1024) })).status).toBe(200)
    expect(await post(url, { ...hello, ...fields(300 * 1024) })).toMatchObject({
      status: 413,
      body: { code: 'OC-107' },
    })
    const large = await makeAccount(api, { bodyLimitBytes: 1024 * 1024 })
    expect((await post(large.receiveUrl, { ...hello, ...fields(600 * 1024) })).status).toBe(200)
  })

  test.each(['application/xml', 'text/html', 'image/png', 'x', ';;;', 'application/json5'])(
    'is 415 for the content type %j',
    async (type) => {
      const { status, body } = await post(url, '<a/>', { 'content-type': type })
      expect([status, body.status, body.code]).toEqual([415, 415, expect.stringMatching(/^(OC-108|GE-107)$/)])
    },
  )

  test('is 429 with Retry-After beyond the account’s rate, which may be set up to a million', async () => {
    const fast = await makeAccount(api, { ratePerSecond: 1_000_000, rateBurst: 1_000_000 })
    expect(fast).toMatchObject({ ratePerSecond: 1_000_000, rateBurst: 1_000_000 })
    const own = await makeAccount(api, { ratePerSecond: 1, rateBurst: 3 })
    const posted = await Promise.all(Array.from({ length: 20 }, () => post(own.receiveUrl, hello)))
    const refused = posted.filter(({ status }) => status === 429)
    // Also on a slow machine the twenty do not take seventeen seconds.
    expect(posted.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3)
    expect(refused.length).toBeGreaterThan(0)
    for (const { body, headers } of refused) {
      expect(body.code).toBe('OC-109')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })

  test('does not come before 256 messages of an account are under way', async () => {
    const all = await Promise.all(
      Array.from({ length: 256 }, (_, n) => post(url, { ...hello, from: `${n}` })),
    )
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('never 5xx', () => {
  const deep = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)
  const bodies: [name: string, body: string | Uint8Array, status: number][] = [
    ['JSON 20 000 deep', `{"from":1,"body":2,"mapKey":"phone","x":${deep(20_000)}}`, 400],
    ['JSON 33 deep', `{"from":1,"body":2,"mapKey":"phone","x":${deep(32)}}`, 400],
    ['JSON 32 deep', `{"from":1,"body":2,"mapKey":"phone","x":${deep(31)}}`, 200],
    ['JSON 20 000 deep in objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 400],
    [
      '257 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`k${n}`, n]))),
      400,
    ],
    ['a text beyond 64 KiB', JSON.stringify({ ...hello, body: 'x'.repeat(64 * 1024 + 1) }), 400],
    ['a text of 64 KiB', JSON.stringify({ ...hello, body: 'x'.repeat(64 * 1024) }), 200],
    ['a number beyond any', '{"from":1e400000,"body":-1e400000,"mapKey":"phone","timestamp":1e400000}', 200],
    [
      'numbers in place of texts',
      '{"from":1,"body":2,"mapKey":"phone","threadId":3,"city":4,"tags":5,"name":6}',
      200,
    ],
    ['no JSON', '{"from":', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['a truth value', 'true', 400],
    ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe, 0x7b, 0x7d), 400],
    ['an object as body', '{"from":1,"body":{"a":1},"mapKey":"phone"}', 400],
    ['a list as mapKey', '{"from":1,"body":"x","mapKey":["phone"]}', 400],
    ['an object as a contact field', '{"from":1,"body":"x","mapKey":"phone","city":{}}', 400],
    ['a from beyond any index', JSON.stringify({ ...hello, from: 'x'.repeat(5000) }), 400],
    ['a threadId beyond any index', JSON.stringify({ ...hello, threadId: 'é'.repeat(5000) }), 400],
    ['a long email', JSON.stringify({ ...hello, email: `${'é'.repeat(20_000)}@example.com` }), 200],
    [
      'a date that no calendar has',
      JSON.stringify({ ...hello, dateOfBirth: '2026-02-31', timestamp: '2026-13-45T99:00:00Z' }),
      200,
    ],
    ['a year beyond any', JSON.stringify({ ...hello, timestamp: 999_999_999_999_999 }), 200],
  ]

  test.each(bodies)('for %s', async (_name, body, status) => {
    const type = { 'content-type': 'application/json' }
    expect((await post(url, body, type)).status).toBe(status)
  })

  test.each([
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=', 'x'],
    ['multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data; name="from"\r\n\r\nx'],
    ['multipart/form-data; boundary=b', '--b--\r\n'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="../../x"\r\n\r\nx\r\n--b--\r\n',
    ],
    ['application/x-www-form-urlencoded', '%ff%00=%zz&&&from=%00'],
    ['application/x-www-form-urlencoded', 'a&'.repeat(5000)],
    ['application/json; charset=utf-16', '{}'],
  ])('for %s with %j', async (type, body) => {
    const posted = await post(url, body, { 'content-type': type })
    expect([posted.status >= 400 && posted.status < 500, posted.body.code]).toEqual([
      true,
      expect.stringMatching(/^(OC|AT)-/),
    ])
  })

  test('U+0000 and halves of surrogates are taken and kept as U+2400 and U+FFFD, also in names and neighbours', async () => {
    const odd =
      '{"from":"a\\u0000b","body":"x\\u0000y\\ud800z","mapKey":"phone","firstName":"\\udc00","threadId":"\\u0000","tags":["\\ud800"],"k\\u0000\\ud800":1,"messageId":"\\u0000"}'
    const [{ contact, interaction, ignored }, ...beside] = await Promise.all([
      send(url, odd),
      ...Array.from({ length: 5 }, (_, n) => send(url, { ...hello, from: `beside ${n}` })),
    ])
    expect(beside).toHaveLength(5)
    expect(ignored).toHaveLength(1)
    expect(await api.get(`/api/contacts/${contact.id}`)).toMatchObject({
      phone: 'a\u2400b',
      firstName: '\ufffd',
      tags: ['\ufffd'],
    })
    const { rows } = await api.get<{ rows: Message[] }>(
      `/api/openchannel/interactions/${interaction.id}/messages`,
    )
    expect(rows.at(-1)?.body).toBe('x\u2400y\ufffdz')
  })

  test('for headers beyond 16 KiB, a broken request line or a method that is none', async () => {
    expect((await raw('POST', `x: ${'x'.repeat(17_000)}\r\n`, '')).answer).toMatch(/^HTTP\/1.1 431/)
    expect((await raw('NONSENSE', '', '')).answer).toMatch(/^HTTP\/1.1 400/)
    expect((await raw('PUT', 'content-length: 0\r\n', '')).answer).toMatch(/^HTTP\/1.1 404/)
    expect((await raw('POST', 'content-length: 5\r\ncontent-length: 6\r\n', 'hello')).answer).toMatch(
      /^HTTP\/1.1 400/,
    )
  })

  test('for the oddest headers of ids and keys', async () => {
    for (const headers of [
      { 'idempotency-key': 'x'.repeat(5000) },
      { 'idempotency-key': 'é' },
      { 'webhook-id': '' },
    ])
      expect((await post(url, hello, headers)).status).toBeLessThan(500)
    for (const query of ['?token[]=x', '?token=a&token=b', '?apikey[a]=b', '?%00', '?token=%ff', '?token=%'])
      expect((await post(`${url.split('?')[0]}${query}`, hello)).status).toBe(401)
  })
})

test('the token stands nowhere in what the program prints', () => {
  expect(program.output.stdout + program.output.stderr).not.toContain(account.token)
})

test('a body that does not end is given up after 15 seconds', async () => {
  const { answer, ms } = await slow
  expect(answer).toMatch(/^HTTP\/1.1 408/)
  expect(ms).toBeGreaterThan(10_000)
  expect(ms).toBeLessThan(20_000)
})
