/** Registering, signing in and passwords, as people meet them, with the mails that are really written. */
import { expect, test } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing.ts'

const cloud = await startTestCloud()
const { call } = cloud
const password = 'a-harbour-of-kites'
const soon = { timeout: 20_000, interval: 20 }

async function codeOf(to: string, nth = 1): Promise<string> {
  await expect.poll(async () => (await cloud.mails(to)).length, soon).toBeGreaterThanOrEqual(nth)
  const mail = (await cloud.mails(to))[nth - 1] ?? ''
  return /^(\d{8})\r?$/m.exec(mail)?.[1] ?? ''
}

const cookieOf = (answer: Awaited<ReturnType<TestCloud['call']>>): Record<string, string> => ({
  cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
  origin: cloud.url,
})

test('whoever registers gets a code alone on a line, which signs in once', async () => {
  const email = 'Nora@example.com'
  expect((await call('POST /api/register', { body: { email, password } })).status).toBe(202)
  const early = await call('POST /api/session', { body: { email, password } })
  expect(early).toMatchObject({ status: 401, body: { code: 'AU-101' } })

  const code = await codeOf(email)
  const entered = await call('POST /api/verify', { body: { email: 'nora@example.com', code } })
  expect(entered).toMatchObject({ status: 200, body: { email } })
  const me = await call('GET /api/me', { as: { headers: cookieOf(entered) } })
  expect(me).toMatchObject({ status: 200, body: { email, locale: 'en' } })

  const again = await call('POST /api/verify', { body: { email, code } })
  expect(again).toMatchObject({ status: 401, body: { code: 'CL-102' } })
  expect((await call('POST /api/session', { body: { email, password } })).status).toBe(200)
})

test('registering a known address answers the same, tells only its owner, and changes nothing', async () => {
  const { email } = await cloud.makeUser({ email: 'known@example.com', password })
  const other = 'another-person-there'
  const answer = await call('POST /api/register', { body: { email, password: other } })
  expect(answer).toMatchObject({ status: 202, body: {} })
  await expect.poll(async () => (await cloud.mails(email)).length, soon).toBe(1)
  expect((await cloud.mails(email))[0]).toMatch(/already/)
  expect((await call('POST /api/session', { body: { email, password: other } })).status).toBe(401)
  expect((await call('POST /api/session', { body: { email, password } })).status).toBe(200)
})

test('five wrong tries end a code, also for the right one', async () => {
  const email = 'guessed@example.com'
  await call('POST /api/register', { body: { email, password } })
  const code = await codeOf(email)
  const wrong = code === '00000000' ? '11111111' : '00000000'
  for (let n = 0; n < 5; n++)
    expect((await call('POST /api/verify', { body: { email, code: wrong } })).status).toBe(401)
  expect(await call('POST /api/verify', { body: { email, code } })).toMatchObject({
    body: { code: 'CL-102' },
  })
})

test('a code is good for ten minutes, and a newer one voids it', async () => {
  const email = 'late@example.com'
  await call('POST /api/register', { body: { email, password } })
  const first = await codeOf(email)
  await call('POST /api/register', { body: { email, password } })
  const second = await codeOf(email, 2)
  if (first !== second)
    expect((await call('POST /api/verify', { body: { email, code: first } })).status).toBe(401)
  await cloud.ctx.db.updateTable('mail_code').set({ expires_at: new Date() }).execute()
  expect((await call('POST /api/verify', { body: { email, code: second } })).status).toBe(401)
})

test('a forgotten password is replaced with a mailed code, and every session ends', async () => {
  const person = await cloud.makeUser({ email: 'forgetful@example.com', password })
  const { email } = person
  expect((await call('POST /api/password-resets', { body: { email } })).status).toBe(202)
  expect((await call('POST /api/password-resets', { body: { email: 'nobody@example.com' } })).status).toBe(
    202,
  )
  const code = await codeOf(email)
  const fresh = 'a-lantern-of-whales'
  const weak = await call('PUT /api/password-resets', { body: { email, code, password: 'password1234' } })
  expect(weak).toMatchObject({ status: 400, body: { field: 'password' } })
  const entered = await call('PUT /api/password-resets', { body: { email, code, password: fresh } })
  expect(entered.status).toBe(200)
  expect((await call('GET /api/me', { as: person })).status).toBe(401)
  expect((await call('GET /api/me', { as: { headers: cookieOf(entered) } })).status).toBe(200)
  expect((await call('POST /api/session', { body: { email, password } })).status).toBe(401)
  expect((await call('POST /api/session', { body: { email, password: fresh } })).status).toBe(200)
})

test('a changed password ends all other sessions, and needs the old one', async () => {
  const person = await cloud.makeUser({ password })
  const elsewhere = cookieOf(await call('POST /api/session', { body: { email: person.email, password } }))
  const change = (currentPassword: string) =>
    call('POST /api/me/password', { as: person, body: { currentPassword, password: 'a-lantern-of-whales' } })
  expect(await change('not-the-password')).toMatchObject({ status: 401, body: { code: 'AU-101' } })
  expect((await change(password)).status).toBe(204)
  expect((await call('GET /api/me', { as: person })).status).toBe(200)
  expect((await call('GET /api/me', { as: { headers: elsewhere } })).status).toBe(401)
})

test('signing out ends the session, and a change from another site is refused', async () => {
  const person = await cloud.makeUser({ password })
  const foreign = { headers: { ...person.headers, origin: 'https://elsewhere.example' } }
  const refused = await call('PATCH /api/me', { as: foreign, body: { locale: 'it' } })
  expect(refused).toMatchObject({ status: 403, body: { code: 'AU-106' } })
  expect((await call('DELETE /api/session', { as: person })).status).toBe(204)
  expect((await call('GET /api/me', { as: person })).status).toBe(401)
})

test('wrong passwords are throttled per user', async () => {
  const { email } = await cloud.makeUser({ password })
  let last = 0
  for (let n = 0; n < 11; n++)
    last = (await call('POST /api/session', { body: { email, password: `wrong-${n}` } })).status
  expect(last).toBe(429)
})

test('the cookie is guarded and names this program', async () => {
  const { email } = await cloud.makeUser({ password })
  const answer = await call('POST /api/session', { body: { email, password } })
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^__Host-patchbay_cloud=pcs_/)
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/Secure/)
  expect(cookie).toMatch(/SameSite=Lax/)
})
