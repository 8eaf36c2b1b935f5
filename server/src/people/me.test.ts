/** What a person changes of himself. */
import { hashPassword } from '@patchbay/kit/password.ts'
import { expect, test } from 'vitest'
import * as sessions from '../access/sessions.ts'
import { startTestServer } from '../testing.ts'

const password = 'correct horse battery'
const changed = 'another good password'
const server = await startTestServer()
const { call, ctx } = server
const open = await startTestServer({ publicUrl: 'http://10.0.0.7:3000' })

async function makePerson() {
  const person = await server.makeUser('agent')
  await ctx.db
    .updateTable('app_user')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', person.id)
    .execute()
  return person
}

test('name and language are kept', async () => {
  const person = await makePerson()
  const { body } = await call('PATCH /api/me', {
    as: person,
    body: { fullname: 'Marta Bianchi', locale: 'it' },
  })
  expect(body).toMatchObject({ fullname: 'Marta Bianchi', locale: 'it' })
  expect((await call('GET /api/me', { as: person })).body).toEqual(body)
})

test('a new password needs the current one, and ends every other session', async () => {
  const person = await makePerson()
  const token = await sessions.start(ctx.db, {
    userId: person.id,
    address: '127.0.0.1',
    userAgent: undefined,
  })
  const elsewhere = { headers: { cookie: `${ctx.gatekeeper.cookie.name}=${token}` } }
  const change = (currentPassword?: string) =>
    call('PATCH /api/me', {
      as: person,
      body: { password: changed, ...(currentPassword && { currentPassword }) },
    })

  expect((await change()).body.field).toBe('currentPassword')
  expect((await change('wrong')).body.code).toBe('AU-101')
  expect((await call('GET /api/me', { as: elsewhere })).status).toBe(200)
  expect((await change(password)).status).toBe(200)
  expect((await call('GET /api/me', { as: elsewhere })).status).toBe(401)
  expect((await call('GET /api/me', { as: person })).status).toBe(200)
  const signIn = (secret: string) =>
    call('POST /api/session', { as: null, body: { email: person.email, password: secret } })
  expect([(await signIn(password)).status, (await signIn(changed)).status]).toEqual([401, 200])
})

test('a key cannot change the person whose it is', async () => {
  const key = await server.makeKey(await makePerson())
  expect((await call('PATCH /api/me', { as: key, body: { fullname: 'Taken over' } })).status).toBe(403)
})

test('an admin is warned when the cookie cannot be guarded, others are not bothered', async () => {
  expect((await open.call('GET /api/me')).body.warnings).toEqual(['insecure-cookie'])
  expect((await open.call('GET /api/me', { as: await open.makeUser('agent') })).body.warnings).toEqual([])
})

test('signing in again ends the session that the browser had', async () => {
  const person = await makePerson()
  const answer = await call('POST /api/session', { as: person, body: { email: person.email, password } })
  expect(answer.status).toBe(200)
  await expect.poll(async () => (await call('GET /api/me', { as: person })).status).toBe(401)
})
