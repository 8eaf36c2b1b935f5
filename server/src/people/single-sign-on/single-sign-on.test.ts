/** Single sign-on, against a provider of the test's own: who comes in, and what is refused. */
import { hashPassword } from '@patchbay/kit/password.ts'
import type { SignInSettingsPatch } from '@patchbay/protocol/api/sign-in.ts'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { type Spoilt, startProvider } from './provider-testing.ts'

const lines: string[] = []
const server = await startTestServer({ logLevel: 'info' }, (line) => void lines.push(line))
const { call, ctx } = server
const { db } = ctx
const provider = await startProvider()
afterAll(() => provider.stop())

const { issuer, clientId, clientSecret } = provider
const set = (singleSignOn: NonNullable<SignInSettingsPatch['singleSignOn']>) =>
  call('PATCH /api/sign-in-settings', { body: { singleSignOn } })
let count = 0

beforeEach(async () => {
  provider.spoil = 'nothing'
  const email = `person${++count}@example.com`
  provider.person = { sub: `sub-${count}`, email, email_verified: true, name: `Person ${count}` }
  const answer = await set({
    enabled: true,
    issuer,
    clientId,
    clientSecret,
    domains: [],
    createsUsers: false,
    roleId: null,
    teamIds: [],
    passwordFor: 'everybody',
  })
  expect(answer.status).toBe(200)
})

const get = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: { cookie } })
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ')

/** Goes to the provider and back as a browser does; answers where it ends, with which cookies. */
async function goThrough(
  options: { next?: string; cookie?: (own: string) => string; change?: (url: URL) => void } = {},
) {
  const { next, cookie = (own) => own, change = () => {} } = options
  const left = await get(`${server.url}/api/single-sign-on${next ? `?next=${encodeURIComponent(next)}` : ''}`)
  const to = left.headers.get('location') ?? ''
  if (left.status !== 302 || !to.startsWith(issuer)) return { to, cookies: '' }
  const back = new URL(provider.agree(to))
  change(back)
  const callback = `${server.url}${back.pathname}${back.search}`
  const arrived = await get(callback, cookie(cookiesOf(left)))
  return {
    to: arrived.headers.get('location') ?? '',
    cookies: cookiesOf(arrived),
    callback,
    left: cookiesOf(left),
  }
}
const whoIs = async (cookies: string) =>
  (await call('GET /api/me', { as: { headers: { cookie: cookies } } })).body

describe('somebody who comes from the provider', () => {
  test('is the user with the same verified e-mail, and stays so when the address changes there', async () => {
    const user = await server.makeUser('agent', { email: `Person${count}@Example.com` })
    const { to, cookies } = await goThrough({ next: '/inbox/mine?search=x' })
    expect(to).toBe('/inbox/mine?search=x')
    expect((await whoIs(cookies)).id).toBe(user.id)
    provider.person = { ...provider.person, email: 'renamed@example.org' }
    expect((await whoIs((await goThrough()).cookies)).id).toBe(user.id)
    const rows = await call('GET /api/me/sessions', { as: { headers: { cookie: cookies } } })
    expect(rows.body.rows.find(({ current }) => current)?.via).toBe('single-sign-on')
    const audit = await db
      .selectFrom('audit_entry')
      .select('action')
      .where('object_id', '=', user.id)
      .execute()
    expect(audit.map(({ action }) => action)).toEqual(['linked-single-sign-on', 'signed-in', 'signed-in'])
  })

  test('is made where that is allowed, with role and teams, and only from the domains named', async () => {
    const team = (await call('POST /api/teams', { body: { name: 'New ones' } })).body
    const { roles } = (await call('GET /api/sign-in-settings')).body
    const roleId = roles.find(({ name }) => name === 'Supervisor')?.id ?? 0
    await set({ createsUsers: true, roleId, teamIds: [team.id], domains: ['example.com'] })
    const { cookies } = await goThrough()
    const me = await whoIs(cookies)
    expect(me).toMatchObject({
      email: `person${count}@example.com`,
      fullname: `Person ${count}`,
      role: 'supervisor',
    })
    const shown = (await call('GET /api/users/:id', { params: { id: me.id } })).body
    expect(shown).toMatchObject({ singleSignOn: true, invited: false, teams: [{ id: team.id }] })
    provider.person = { ...provider.person, sub: 'other', email: 'other@example.org' }
    expect((await goThrough()).to).toBe('/signin?refused=AU-116')
  })

  test('is nobody without a user where none are made', async () => {
    expect(await goThrough()).toMatchObject({ to: '/signin?refused=AU-116', cookies: '' })
  })

  test('is refused with an address that is not verified, even if it is an admin’s', async () => {
    await server.makeUser('admin', { email: `person${count}@example.com`, name: `boss${count}` })
    for (const email_verified of [false, undefined, 'true']) {
      provider.person = { ...provider.person, email_verified }
      expect(await goThrough()).toMatchObject({ to: '/signin?refused=AU-115', cookies: '' })
    }
  })

  test('is refused when disabled, and when another person of the provider has the user', async () => {
    const user = await server.makeUser('agent', { email: `person${count}@example.com` })
    expect((await goThrough()).to).toBe('/')
    provider.person = { ...provider.person, sub: 'somebody else' }
    expect((await goThrough()).to).toBe('/signin?refused=AU-116')
    provider.person = { ...provider.person, sub: `sub-${count}` }
    await call('PATCH /api/users/:id', { params: { id: user.id }, body: { disabled: true } })
    expect(await goThrough()).toMatchObject({ to: '/signin?refused=AU-117', cookies: '' })
  })
})

describe('an answer that cannot be trusted', () => {
  const kinds: Spoilt[] = [
    'signature',
    'nonce',
    'audience',
    'expired',
    'issuer',
    'unsigned',
    'issuer-parameter',
    'state',
  ]
  test.each(kinds)('is refused: wrong %s', async (spoil) => {
    await server.makeUser('agent', { email: `person${count}@example.com` })
    provider.spoil = spoil
    expect(await goThrough()).toMatchObject({ to: '/signin?refused=AU-114', cookies: '' })
    // The control: the same person with nothing spoilt comes in.
    provider.spoil = 'nothing'
    expect((await goThrough()).to).toBe('/')
  })

  test('is refused in another browser, a second time, and from another provider than was asked', async () => {
    await server.makeUser('agent', { email: `person${count}@example.com` })
    expect((await goThrough({ cookie: () => '' })).to).toBe('/signin?refused=AU-114')
    const stranger = await goThrough({ cookie: () => '' })
    expect((await goThrough({ cookie: () => stranger.left ?? '' })).to).toBe('/signin?refused=AU-114')
    const once = await goThrough()
    expect(once.to).toBe('/')
    const again = await get(once.callback ?? '', once.left)
    expect(again.headers.get('location')).toBe('/signin?refused=AU-114')
    await set({ issuer: 'https://other.example.com' })
    expect((await get(once.callback ?? '', once.left)).headers.get('location')).toBe('/signin?refused=AU-114')
  })

  test('leads nowhere but into the desk', async () => {
    await server.makeUser('agent', { email: `person${count}@example.com` })
    for (const next of [
      'https://evil.example.com/',
      '//evil.example.com/',
      '/\\evil.example.com',
      'javascript:x',
    ])
      expect((await goThrough({ next })).to).toBe('/')
  })
})

describe('passwords beside it', () => {
  const password = 'correct horse battery'
  const signIn = (email: string) => call('POST /api/session', { as: null, body: { email, password } })
  const basic = (email: string) => ({
    headers: { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` },
  })

  test('can be switched off for all but admins, as long as it is on', async () => {
    const user = await server.makeUser('agent', { email: `person${count}@example.com` })
    const boss = await server.makeUser('admin', {
      email: `boss-of-${count}@example.com`,
      name: `boss-of-${count}`,
    })
    await db
      .updateTable('app_user')
      .set({ password_hash: await hashPassword(password) })
      .execute()
    await set({ passwordFor: 'admins' })
    expect((await call('GET /api/sign-in', { as: null })).body.passwordFor).toBe('admins')
    expect((await signIn(user.email)).body.code).toBe('AU-113')
    expect((await call('GET /api/me', { as: basic(user.email) })).body.code).toBe('AU-110')
    expect((await signIn(boss.email)).status).toBe(200)
    await set({ enabled: false })
    expect((await signIn(user.email)).status).toBe(200)
    expect((await goThrough()).to).toBe('/signin?refused=AU-114')
  })

  test('open nothing to programs of users who come through it, a key in their place does', async () => {
    const user = await server.makeUser('agent', { email: `person${count}@example.com` })
    await db
      .updateTable('app_user')
      .set({ password_hash: await hashPassword(password) })
      .where('id', '=', user.id)
      .execute()
    expect((await call('GET /api/me', { as: basic(user.email) })).status).toBe(200)
    await goThrough()
    ctx.gatekeeper.forget(user.id)
    expect((await call('GET /api/me', { as: basic(user.email) })).body.code).toBe('AU-110')
    const { headers } = await server.makeKey(user)
    expect((await call('GET /api/me', { as: { headers } })).status).toBe(200)
  })
})

describe('the settings', () => {
  const attempt = (address: string) =>
    call('POST /api/sign-in-settings/try', { body: { issuer: address, clientId } })

  test('are tried before they are saved, and what is wrong is said in words', async () => {
    expect((await attempt(issuer)).body).toMatchObject({ ok: true, wrong: [] })
    provider.spoil = 'metadata-issuer'
    expect((await attempt(issuer)).body.wrong.join()).toMatch(/not usable/)
    provider.spoil = 'keys'
    expect((await attempt(issuer)).body.wrong.join()).toMatch(/keys cannot be read/)
    provider.spoil = 'nothing'
    expect((await attempt(`${issuer}/elsewhere`)).body.ok).toBe(false)
    expect((await attempt('http://192.168.7.7')).body.wrong.join()).toMatch(/cannot be called|not usable/)
  })

  test('never show the secret, which is sealed where it lies', async () => {
    const { body } = await call('GET /api/sign-in-settings')
    expect(body.singleSignOn).toMatchObject({ hasSecret: true, issuer, clientId })
    const { rows } = await sql<{ text: string }>`
      select coalesce((select string_agg(row_to_json(a)::text, '') from audit_entry a), '')
        || (select row_to_json(s)::text from sign_in_setting s) as text`.execute(db)
    const kept = `${JSON.stringify(body)}${rows[0]?.text}${lines.join('')}`
    expect(kept).toContain(issuer)
    expect(kept).not.toContain(clientSecret)
    expect(kept).not.toContain('code_verifier')
  })

  test('turn it on only with issuer and client, and refuse what is no address', async () => {
    expect((await set({ clientId: '' })).status).toBe(400)
    expect((await set({ issuer: 'javascript:x' })).body.field).toBe('issuer')
    expect((await set({ teamIds: [9_999_999] })).status).toBe(400)
  })
})

test('a provider on a private address is not asked unless the operator allows it', async () => {
  const strict = await startTestServer({ outboundAllow: { hosts: new Set(), networks: [] } })
  const before = provider.asked.size
  const answer = await strict.call('POST /api/sign-in-settings/try', { body: { issuer, clientId } })
  expect(answer.body.wrong.join()).toMatch(/cannot be called/)
  expect(provider.asked.size).toBe(before)
})
