/** The second factor: set up, asked for, used once, demanded, taken away. */
import { hashPassword } from '@patchbay/kit/password.ts'
import type { CodeWanted } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Person, startTestServer, type TestNode } from '../../testing.ts'

const logged: string[] = []
const server = await startTestServer({ logLevel: 'debug' }, (line) => logged.push(line))
const { call, ctx } = server
const { db } = ctx
const password = 'correct horse battery'
const passwordHash = await hashPassword(password)

// Codes change every thirty seconds: no test may meet the border.
vi.useFakeTimers({ toFake: ['Date'] })
afterAll(() => void vi.useRealTimers())

const STEP_MS = 30_000
/** What an authenticator shows, `steps` from now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * STEP_MS })

async function makePerson(role: 'agent' | 'admin' = 'agent'): Promise<Person> {
  const person = await server.makeUser(role)
  await db.updateTable('app_user').set({ password_hash: passwordHash }).where('id', '=', person.id).execute()
  return person
}

/** Turns it on with the code of the step before now, so that those of now and of the next step are still unused. */
async function turnOn(person: Person) {
  const begun = await call('POST /api/me/second-factor', { as: person, body: { currentPassword: password } })
  const { secret } = begun.body
  const confirmed = await call('POST /api/me/second-factor/confirm', {
    as: person,
    body: { code: codeOf(secret, -1) },
  })
  expect([begun.status, confirmed.status]).toEqual([200, 200])
  return { secret, recoveryCodes: confirmed.body.recoveryCodes }
}

async function challengeOf(person: Person, node: TestNode = server): Promise<CodeWanted> {
  const answer = await node.call('POST /api/session', { as: null, body: { email: person.email, password } })
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([202, null])
  return answer.body as CodeWanted
}

const enter = (challenge: string, code: string, node: TestNode = server) =>
  node.call('POST /api/session/code', { as: null, body: { challenge, code } })

const basic = (person: Person, secret: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${person.email}:${secret}`).toString('base64')}` },
})

const actionsOn = async (id: number) =>
  (
    await db.selectFrom('audit_entry').select('action').where('object_id', '=', id).orderBy('id').execute()
  ).map(({ action }) => action)

describe('signing in with a second factor', () => {
  test('takes the password and then a code, and opens one session', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const { challenge, step } = await challengeOf(person)
    expect(step).toBe('code')
    const answer = await enter(challenge, codeOf(secret))
    expect([answer.status, answer.body.id]).toEqual([200, person.id])
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await call('GET /api/me', { as: { headers: { cookie } } })).status).toBe(200)
    expect(await enter(challenge, codeOf(secret, 1))).toMatchObject({ status: 401, body: { code: 'AU-109' } })
  })

  test('refuses a code that was used before, also at another node and at the same moment', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const nodes = [server, await server.another()]
    const challenges = await Promise.all(nodes.map((node) => challengeOf(person, node)))
    const code = codeOf(secret)
    const answers = await Promise.all(
      nodes.map((node, at) => enter(challenges[at]?.challenge ?? '', code, node)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    // The control: the code of the next step is another one, and passes at the node that refused.
    const later = await challengeOf(person, nodes[1])
    expect((await enter(later.challenge, codeOf(secret, 1), nodes[1])).status).toBe(200)
    const last = await challengeOf(person)
    expect((await enter(last.challenge, codeOf(secret))).body.code).toBe('AU-108')
  })

  test('forgives a clock one step off, not two', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const { challenge } = await challengeOf(person)
    expect((await enter(challenge, codeOf(secret, 3))).body.code).toBe('AU-108')
    expect((await enter(challenge, codeOf(secret, 1))).status).toBe(200)
  })

  test('takes each recovery code once, however it is typed', async () => {
    const person = await makePerson()
    const { recoveryCodes } = await turnOn(person)
    expect(new Set(recoveryCodes).size).toBe(10)
    const typed = ` ${recoveryCodes[0]?.toUpperCase().replaceAll('-', ' ')} `
    expect((await enter((await challengeOf(person)).challenge, typed)).status).toBe(200)
    expect((await enter((await challengeOf(person)).challenge, typed)).body.code).toBe('AU-108')
    const state = await call('GET /api/me/second-factor', { as: person })
    expect(state.body).toMatchObject({ on: true, recoveryCodesLeft: 9 })
  })

  test('ends after five wrong codes, and after five minutes', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const first = await challengeOf(person)
    for (let count = 0; count < 5; count++)
      expect((await enter(first.challenge, 'wrong')).body.code).toBe('AU-108')
    expect((await enter(first.challenge, codeOf(secret))).body.code).toBe('AU-109')
    const second = await challengeOf(person)
    await db.updateTable('sign_in_challenge').set({ expires_at: sql`now() - interval '1 second'` }).execute()
    expect((await enter(second.challenge, codeOf(secret))).body.code).toBe('AU-109')
  })

  test('is throttled over all challenges and nodes', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const nodes = [server, await server.another()]
    for (let count = 0; count < 10; count++) {
      const { challenge } = await challengeOf(person, nodes[count % 2])
      expect((await enter(challenge, '000000x', nodes[count % 2])).body.code).toBe('AU-108')
    }
    const { challenge } = await challengeOf(person)
    const answer = await enter(challenge, codeOf(secret))
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true])
  })

  test('is not possible for a challenge of somebody disabled, nor after a new password', async () => {
    const person = await makePerson()
    const { secret } = await turnOn(person)
    const { challenge } = await challengeOf(person)
    await call('PATCH /api/users/:id', {
      params: { id: person.id },
      body: { password: 'another one, twelve' },
    })
    expect((await enter(challenge, codeOf(secret))).body.code).toBe('AU-109')
  })
})

describe('programs', () => {
  test('are refused with the password of a user who has a second factor, and let in with a key in its place', async () => {
    const person = await makePerson()
    expect((await call('GET /api/me', { as: basic(person, password) })).status).toBe(200)
    await turnOn(person)
    const refused = await call('GET /api/me', { as: basic(person, password) })
    expect([refused.status, refused.body.code]).toEqual([401, 'AU-110'])
    const wrong = await call('GET /api/me', { as: basic(person, 'wrong') })
    expect(wrong.body.code).toBe('AU-101')
    const { key } = await server.makeKey(person)
    expect((await call('GET /api/me', { as: basic(person, key) })).status).toBe(200)
  })
})

describe('turning it on and off', () => {
  test('asks for the password, and for a first code before anything asks for codes', async () => {
    const person = await makePerson()
    const begin = (currentPassword: string) =>
      call('POST /api/me/second-factor', { as: person, body: { currentPassword } })
    expect((await begin('wrong')).body.code).toBe('AU-101')
    const { body } = await begin(password)
    expect(body.uri).toContain(`secret=${body.secret}`)
    expect(body.uri).toContain(encodeURIComponent(person.email))
    const signedIn = await call('POST /api/session', { as: null, body: { email: person.email, password } })
    expect(signedIn.status).toBe(200)
    const confirm = (code: string) =>
      call('POST /api/me/second-factor/confirm', { as: person, body: { code } })
    expect((await confirm('nonsense')).body.code).toBe('AU-108')
    expect((await confirm(codeOf(body.secret))).status).toBe(200)
    expect((await begin(password)).body.code).toBe('AU-111')
  })

  test('ends the other sessions, not the one that speaks', async () => {
    const person = await makePerson()
    const other = await call('POST /api/session', { as: null, body: { email: person.email, password } })
    const headers = { cookie: other.headers.get('set-cookie')?.split(';')[0] ?? '' }
    expect((await call('GET /api/me', { as: { headers } })).status).toBe(200)
    await turnOn(person)
    expect((await call('GET /api/me', { as: { headers } })).status).toBe(401)
    expect((await call('GET /api/me', { as: person })).status).toBe(200)
  })

  test('off takes the password and a code', async () => {
    const person = await makePerson()
    const { secret, recoveryCodes } = await turnOn(person)
    const off = (currentPassword: string, code: string) =>
      call('POST /api/me/second-factor/off', { as: person, body: { currentPassword, code } })
    expect((await off('wrong', codeOf(secret))).body.code).toBe('AU-101')
    expect((await off(password, 'wrong')).body.code).toBe('AU-108')
    expect((await off(password, codeOf(secret))).body).toMatchObject({ on: false, recoveryCodesLeft: 0 })
    expect(
      await db.selectFrom('recovery_code').selectAll().where('user_id', '=', person.id).execute(),
    ).toEqual([])
    expect((await call('GET /api/me', { as: basic(person, password) })).status).toBe(200)
    expect(recoveryCodes).toHaveLength(10)
    expect(await actionsOn(person.id)).toEqual(['turned-on-second-factor', 'turned-off-second-factor'])
  })

  test('new recovery codes void the earlier ones', async () => {
    const person = await makePerson()
    const { secret, recoveryCodes } = await turnOn(person)
    const renewed = await call('POST /api/me/second-factor/recovery-codes', {
      as: person,
      body: { code: codeOf(secret) },
    })
    const [fresh = ''] = renewed.body.recoveryCodes
    const { challenge } = await challengeOf(person)
    expect((await enter(challenge, recoveryCodes[0] ?? '')).body.code).toBe('AU-108')
    expect((await enter(challenge, fresh)).status).toBe(200)
  })
})

describe('an admin', () => {
  test('takes away the factor of somebody who lost it, which ends his sessions and is written down', async () => {
    const person = await makePerson()
    await turnOn(person)
    const users = async () => (await call('GET /api/users/:id', { params: { id: person.id } })).body
    expect((await users()).secondFactor).toBe(true)
    const answer = await call('DELETE /api/users/:id/second-factor', { params: { id: person.id } })
    expect(answer.status).toBe(204)
    expect((await users()).secondFactor).toBe(false)
    expect((await call('GET /api/me', { as: person })).status).toBe(401)
    expect(await actionsOn(person.id)).toContain('reset-second-factor')
  })

  test('demands one of a role: sessions without end, and the next sign-in sets it up', async () => {
    const { roles } = (await call('GET /api/sign-in-settings')).body
    const demand = (...names: string[]) =>
      call('PATCH /api/sign-in-settings', {
        body: { secondFactorRoleIds: roles.filter(({ name }) => names.includes(name)).map(({ id }) => id) },
      })
    expect((await demand('Admin')).body.code).toBe('AU-111')
    const person = await makePerson()
    const careful = await makePerson()
    const { secret: theirs } = await turnOn(careful)
    expect((await demand('Agent')).status).toBe(200)
    expect((await call('GET /api/me', { as: person })).status).toBe(401)
    expect((await call('GET /api/me', { as: careful })).status).toBe(200)
    expect((await call('GET /api/me', { as: basic(person, password) })).body.code).toBe('AU-110')

    const { challenge, step } = await challengeOf(person)
    expect(step).toBe('set-up')
    expect((await enter(challenge, '000000')).body.code).toBe('AU-109')
    const begun = await call('POST /api/session/set-up', { as: null, body: { challenge } })
    const confirm = (code: string) =>
      call('POST /api/session/set-up/confirm', { as: null, body: { challenge, code } })
    expect((await confirm('wrong')).body.code).toBe('AU-108')
    const done = await confirm(codeOf(begun.body.secret, -1))
    expect(done.body.recoveryCodes).toHaveLength(10)
    const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await call('GET /api/me', { as: { headers: { cookie } } })).body.id).toBe(person.id)

    const body = { currentPassword: password, code: codeOf(theirs) }
    expect((await call('POST /api/me/second-factor/off', { as: careful, body })).body.code).toBe('AU-112')
    expect((await demand()).status).toBe(200)
  })
})

test('neither secrets nor codes stand in the database or in the log', async () => {
  const person = await makePerson()
  const { secret, recoveryCodes } = await turnOn(person)
  const code = codeOf(secret)
  await enter((await challengeOf(person)).challenge, code)
  const { rows } = await sql<{ text: string }>`
    select row_to_json(f)::text || coalesce((select string_agg(row_to_json(r)::text, '') from recovery_code r), '')
      || (select string_agg(row_to_json(a)::text, '') from audit_entry a) as text from second_factor f`.execute(
    db,
  )
  const kept = `${rows.map(({ text }) => text).join('')}${logged.join('')}`
  expect(kept).toContain(String(person.id))
  for (const hush of [secret, ...recoveryCodes, `"${code}"`]) expect(kept).not.toContain(hush)
})
