/** Who is calling: every way to say it, and every way to get it wrong. */
import { hashPassword } from '@patchbay/kit/password.ts'
import { sessionCookie } from '@patchbay/kit/session-cookie.ts'
import { describe, expect, test } from 'vitest'
import { type Person, SECOND_MS, startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, admin, ctx } = server
const password = 'correct horse battery'
const password_hash = await hashPassword(password)

const basic = (email: string, secret: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${email}:${secret}`).toString('base64')}` },
})

async function makeUserWithPassword(): Promise<Person> {
  const person = await server.makeUser('agent')
  await ctx.db.updateTable('app_user').set({ password_hash }).where('id', '=', person.id).execute()
  return person
}

const signIn = (email: string, secret: string) =>
  call('POST /api/session', { as: null, body: { email, password: secret } })

describe('a call', () => {
  test('is known by session, Bearer key, key in the query, Basic, and Basic with a key', async () => {
    const person = await makeUserWithPassword()
    const { key, headers } = await server.makeKey(person)
    const ways = [
      await call('GET /api/me', { as: person }),
      await call('GET /api/me', { as: { headers } }),
      await call('GET /api/me', { as: null, query: { apikey: key } as object }),
      await call('GET /api/me', { as: basic(person.email, password) }),
      await call('GET /api/me', { as: basic('whoever', key) }),
    ]
    expect(ways.map(({ status, body }) => [status, body.id])).toEqual(ways.map(() => [200, person.id]))
  })

  test.each([
    { what: 'a Bearer token that is no key', headers: { authorization: 'Bearer nonsense' } },
    { what: 'the token of an account', headers: { authorization: `Bearer pbt_${'0'.repeat(32)}` } },
    { what: 'a key that nobody made', headers: { authorization: `Bearer pbk_${'0'.repeat(32)}` } },
    { what: 'a scheme that nobody knows', headers: { authorization: 'Digest x' } },
    { what: 'Basic without a colon', headers: { authorization: 'Basic bm9uZQ==' } },
    { what: 'Basic with U+0000 in its e-mail', headers: { authorization: `Basic ${btoa('\0:x')}` } },
    { what: 'a session that nobody began', headers: { cookie: '__Host-patchbay_server=pbs_000' } },
    { what: 'nothing', headers: {} },
  ])('with $what is refused, without asking the browser for a password', async ({ headers }) => {
    const answer = await call('GET /api/me', { as: { headers: headers as Record<string, string> } })
    expect([answer.status, answer.body.code]).toEqual([401, 'AU-104'])
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('with a wrong credential is not saved by a right cookie beside it', async () => {
    const headers = { ...admin.headers, authorization: 'Bearer pbk_wrong' }
    expect((await call('GET /api/me', { as: { headers } })).status).toBe(401)
  })

  test('with a query of 8 KiB is accepted', async () => {
    const query = { ignored: 'x'.repeat(8 * 1024) } as object
    expect((await call('GET /api/me', { query })).status).toBe(200)
  })

  test('with a key is one query at most every few seconds, and is noted once', async () => {
    const { id, headers } = await server.makeKey(admin)
    await Promise.all(Array.from({ length: 20 }, () => call('GET /api/me', { as: { headers } })))
    await expect
      .poll(async () => (await call('GET /api/keys')).body.rows.find((key) => key.id === id)?.lastUsedAt)
      .toBeTruthy()
  })
})

describe('a change from a browser', () => {
  const change = (headers: Record<string, string>, body = '{"name":"x"}', type = 'application/json') =>
    fetch(`${server.url}/api/tags`, { method: 'POST', headers: { 'content-type': type, ...headers }, body })

  test.each([
    { origin: undefined, status: 403, who: 'nobody said where' },
    { origin: 'https://evil.example.com', status: 403, who: 'another site' },
    { origin: 'null', status: 403, who: 'a sandboxed frame' },
    { origin: server.url.replace('http:', 'https:'), status: 201, who: 'a proxy that speaks https for us' },
    { origin: server.url, status: 201, who: 'the desk' },
  ])('by cookie from $who answers $status', async ({ origin, status }) => {
    const headers = { cookie: admin.cookie, ...(origin && { origin }) }
    const answer = await change(headers, JSON.stringify({ name: `by ${origin}` }))
    expect(answer.status).toBe(status)
  })

  test("by cookie with a form's content type is refused, whatever its Origin", async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await change({ cookie: admin.cookie, origin: server.url }, 'name=x', type)).status).toBe(403)
  })

  test('by remembered Basic credentials from another site is refused, from a program it is not', async () => {
    const person = await makeUserWithPassword()
    const { headers } = basic(person.email, password)
    expect((await change({ ...headers, origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await change(headers, '{"name":"by a program"}')).status).toBe(201)
  })

  test('by key is not concerned', async () => {
    const { headers } = await server.makeKey(admin)
    expect(
      (await change({ ...headers, origin: 'https://tools.example.com' }, '{"name":"by key"}')).status,
    ).toBe(201)
  })

  test('to sign in from another site is refused', async () => {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { origin: 'https://evil.example.com', 'content-type': 'application/json' },
      body: JSON.stringify({ email: admin.email, password }),
    })
    expect(answer.status).toBe(403)
  })
})

describe('wrong passwords', () => {
  test('are throttled per user before they are hashed, and the right one waits too', async () => {
    const person = await makeUserWithPassword()
    const timed = async (password: string) => {
      const began = performance.now()
      const answer = await signIn(person.email, password)
      return { ...answer, tookMs: performance.now() - began }
    }
    const hashed = []
    for (let i = 0; i < 10; i++) hashed.push(await timed(`wrong ${i}`))
    expect(hashed.map(({ status }) => status)).toEqual(hashed.map(() => 401))
    const throttled = []
    for (let i = 0; i < 5; i++) throttled.push(await timed('wrong again'))
    for (const { status, body, headers } of throttled) {
      expect([status, body.code]).toEqual([429, 'AU-102'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    const least = (all: { tookMs: number }[]) => Math.min(...all.map(({ tookMs }) => tookMs))
    expect(least(throttled)).toBeLessThan(least(hashed) / 2)
    expect((await signIn(person.email, password)).status).toBe(429)
    expect((await signIn(person.email.toUpperCase(), password)).status).toBe(429)
    expect((await call('GET /api/me', { as: basic(person.email, password) })).status).toBe(429)
  })

  test('sent all at once do not slip through', async () => {
    const person = await makeUserWithPassword()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => signIn(person.email, `wrong ${i}`)),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
  })

  test('do not count against those who know theirs', async () => {
    const person = await makeUserWithPassword()
    for (let i = 0; i < 15; i++) expect((await signIn(person.email, password)).status).toBe(200)
  })

  test("leave a key in the password's place alone", async () => {
    const person = await makeUserWithPassword()
    const { key } = await server.makeKey(person)
    for (let i = 0; i < 12; i++) await signIn(person.email, `wrong ${i}`)
    expect((await call('GET /api/me', { as: basic(person.email, key) })).status).toBe(200)
  })
})

describe('a Basic pair', () => {
  test('is hashed once for many calls at the same time and after', async () => {
    const person = await makeUserWithPassword()
    const as = basic(person.email, password)
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('GET /api/me', { as })))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  test('is forgotten when the password changes, on every node', async () => {
    const other = await server.another()
    const person = await makeUserWithPassword()
    const as = basic(person.email, password)
    expect((await call('GET /api/me', { as })).status).toBe(200)
    expect((await other.call('GET /api/me', { as })).status).toBe(200)
    const params = { id: person.id }
    await call('PATCH /api/users/:id', { params, body: { password: 'another good password' } })
    expect((await call('GET /api/me', { as })).status).toBe(401)
    await expect
      .poll(async () => (await other.call('GET /api/me', { as })).status, { timeout: SECOND_MS })
      .toBe(401)
  })
})

describe('the address of a caller', async () => {
  const behindProxy = await startTestServer({ trustedProxies: ['127.0.0.0/8'] })
  const noted = async ({ call, ctx, admin, makeKey }: typeof server) => {
    const { headers } = await makeKey(admin)
    await call('POST /api/tags', {
      as: { headers: { ...headers, 'x-forwarded-for': '198.51.100.7' } },
      body: { name: 'by proxy' },
    })
    const entries = ctx.db.selectFrom('audit_entry').select('address').where('object', '=', 'tag')
    return (await entries.orderBy('id', 'desc').executeTakeFirst())?.address
  }

  test('is what a trusted proxy says, and nobody else', async () => {
    expect(await noted(behindProxy)).toBe('198.51.100.7')
    expect(await noted(server)).toBe('127.0.0.1')
  })
})

describe('what ended', () => {
  test('a session idle for 12 hours, or 30 days old', async () => {
    const [idle, old] = [await server.makeUser(), await server.makeUser()]
    const { db } = ctx
    await db
      .updateTable('session')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('user_id', '=', idle.id)
      .execute()
    expect((await call('GET /api/me', { as: idle })).status).toBe(401)
    const created_at = new Date(Date.now() - 30 * 24 * 3_600_000 + 60_000)
    await db.updateTable('session').set({ created_at }).where('user_id', '=', old.id).execute()
    expect((await call('GET /api/me', { as: old })).status).toBe(200)
    // Its use moves the end, but never beyond the thirtieth day.
    const end = async () =>
      (
        await db
          .selectFrom('session')
          .select('expires_at')
          .where('user_id', '=', old.id)
          .executeTakeFirstOrThrow()
      ).expires_at
    await expect.poll(async () => (await end()).getTime() - Date.now()).toBeLessThan(61_000)
  })

  test('a key that was revoked or ran out, on every node within a second', async () => {
    const other = await server.another()
    const [revoked, late] = [await server.makeKey(admin), await server.makeKey(admin)]
    for (const { headers } of [revoked, late])
      for (const node of [server, other])
        expect((await node.call('GET /api/me', { as: { headers } })).status).toBe(200)
    await call('DELETE /api/keys/:id', { params: { id: revoked.id } })
    await call('POST /api/keys/:id/rotate', { params: { id: late.id }, body: { overlapSeconds: 0 } })
    for (const { headers } of [revoked, late]) {
      expect((await call('GET /api/me', { as: { headers } })).status).toBe(401)
      await expect
        .poll(async () => (await other.call('GET /api/me', { as: { headers } })).status, {
          timeout: SECOND_MS,
        })
        .toBe(401)
    }
  })

  test('all of a disabled user, at once', async () => {
    const person = await makeUserWithPassword()
    const { headers } = await server.makeKey(person)
    const ways = [person, { headers }, basic(person.email, password)]
    for (const as of ways) expect((await call('GET /api/me', { as })).status).toBe(200)
    await call('PATCH /api/users/:id', { params: { id: person.id }, body: { disabled: true } })
    for (const as of ways) expect((await call('GET /api/me', { as })).status).toBe(401)
    expect((await signIn(person.email, password)).body.code).toBe('AU-101')
  })
})

test.each([
  { publicUrl: 'https://desk.example.com', name: '__Host-patchbay_server', secure: true },
  { publicUrl: 'http://localhost:3000', name: '__Host-patchbay_server', secure: true },
  { publicUrl: 'http://127.0.0.1:3000', name: '__Host-patchbay_server', secure: true },
  { publicUrl: 'http://10.0.0.7:3000', name: 'patchbay_server', secure: false },
])('at $publicUrl the cookie is $name', ({ publicUrl, name, secure }) => {
  const cookie = sessionCookie('server', publicUrl)
  expect(cookie).toMatchObject({
    name,
    isGuarded: secure,
    options: { secure, httpOnly: true, sameSite: 'lax' },
  })
})
