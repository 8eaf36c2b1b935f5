/** Signing in and out. */
import { hashPassword } from '@patchbay/kit/password.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const password = 'correct horse battery'

test('the right password opens a session whose cookie then says who calls', async () => {
  const person = await server.makeUser('agent')
  await ctx.db
    .updateTable('app_user')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', person.id)
    .execute()

  const signedIn = await call('POST /api/session', { as: null, body: { email: person.email, password } })
  expect(signedIn.status).toBe(200)
  const cookie = signedIn.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(
    /^__Host-patchbay_server=pbs_\w+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )

  const headers = { cookie: cookie.split(';')[0] ?? '', origin: server.url }
  const me = await call('GET /api/me', { as: { headers } })
  expect(me.body).toMatchObject({ id: person.id, role: 'agent', warnings: [] })

  expect((await call('DELETE /api/session', { as: { headers } })).status).toBe(204)
  expect((await call('GET /api/me', { as: { headers } })).status).toBe(401)
})

test('a wrong password and an unknown user get the same answer', async () => {
  const answers = await Promise.all(
    [server.admin.email, 'nobody@example.com'].map((email) =>
      call('POST /api/session', { as: null, body: { email, password: 'wrong' } }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([401, 401])
  expect(answers[0]?.body).toEqual(answers[1]?.body)
})
