// Who is calling: every way of saying so, what each opens, and what another site can never do.
import type { Key } from '@patchbay/protocol/api/people.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin, type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeKey, makeUser, type OwnAccount, type Problem, send } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let interactionId: number

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  account = await makeAccount(api)
  interactionId = (await send(account.receiveUrl, { from: '1', body: 'x', mapKey: 'phone' })).interaction.id
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${program.origin}${path}`, { ...init, headers })
const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` })
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const json = { 'content-type': 'application/json' }

async function signIn(
  user = admin,
  headers: Record<string, string> = {},
): Promise<{ answer: Response; cookie: string }> {
  const answer = await ask(
    '/api/session',
    { ...json, ...headers },
    { method: 'POST', body: JSON.stringify(user) },
  )
  return { answer, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

async function codeOf(asked: Promise<Response>): Promise<[number, string]> {
  const answer = await asked
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return [answer.status, ((await answer.json()) as Problem).code]
}

describe('a session', () => {
  test('is a guarded cookie of the program’s own name, and ends by DELETE', async () => {
    const { answer, cookie } = await signIn()
    expect(answer.status).toBe(200)
    const [set = ''] = answer.headers.getSetCookie()
    expect(set).toMatch(/^__Host-patchbay_server=pbs_[\w-]{22,}/)
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) expect(set).toContain(attribute)
    expect(set).not.toMatch(/domain/i)
    expect((await ask('/api/me', { cookie })).status).toBe(200)
    const end = await ask('/api/session', { cookie, origin: program.origin }, { method: 'DELETE' })
    expect(end.status).toBe(204)
    expect((await ask('/api/me', { cookie })).status).toBe(401)
  })

  test('is another one at each sign-in', async () => {
    expect((await signIn()).cookie).not.toBe((await signIn()).cookie)
  })

  test('changes only with the own Origin and as JSON', async () => {
    const { cookie } = await signIn()
    const make = (headers: Record<string, string>, body = '{"name":"By cookie"}') =>
      ask('/api/lists', { cookie, ...headers }, { method: 'POST', body })
    const own = { origin: program.origin }
    expect((await make({ ...json, ...own })).status).toBe(201)
    for (const headers of [
      json,
      { ...json, origin: 'https://evil.example' },
      { ...json, origin: 'null' },
      { ...json, origin: `${program.origin}.evil.example` },
      { 'content-type': 'text/plain', ...own },
      { 'content-type': 'application/x-www-form-urlencoded', ...own },
      own,
    ])
      expect((await make(headers)).status).toBe(403)
    expect((await ask('/api/me', { cookie, origin: 'https://evil.example' })).status).toBe(200)
  })

  test('ends everywhere when the user is disabled or gets another password, and so do his keys when he is disabled', async () => {
    const { user, ...person } = await makeUser(api)
    const { key } = await makeKey(client(program.origin, person))
    expect((await ask('/api/me', bearer(key))).status).toBe(200)
    for (const change of [{ password: 'another long password' }, { disabled: true }]) {
      const { cookie } = await signIn({
        ...person,
        ...('disabled' in change && { password: 'another long password' }),
      })
      expect((await ask('/api/me', { cookie })).status).toBe(200)
      await api.send('PATCH', `/api/users/${user.id}`, change)
      expect((await ask('/api/me', { cookie })).status).toBe(401)
    }
    expect((await ask('/api/me', basic(person.email, 'another long password'))).status).toBe(401)
    expect((await ask('/api/me', bearer(key))).status).toBe(401)
  })
})

describe('HTTP Basic', () => {
  test('opens the API, and together with a foreign Origin changes nothing', async () => {
    const own = basic(admin.email, admin.password)
    expect((await ask('/api/me', own)).status).toBe(200)
    const make = (headers: Record<string, string>) =>
      ask('/api/contacts', { ...own, ...headers }, { method: 'POST', body: '{"firstName":"By Basic"}' })
    expect((await make(json)).status).toBe(201)
    expect((await make({ ...json, origin: program.origin })).status).toBe(201)
    expect((await make({ ...json, origin: 'https://evil.example' })).status).toBe(403)
    expect((await make({ 'content-type': 'text/plain', origin: program.origin })).status).toBe(403)
  })

  test('is forgotten with the password', async () => {
    const { user, email, password } = await makeUser(api)
    expect((await ask('/api/me', basic(email, password))).status).toBe(200)
    await api.send('PATCH', `/api/users/${user.id}`, { password: 'another long password' })
    expect((await ask('/api/me', basic(email, password))).status).toBe(401)
    expect((await ask('/api/me', basic(email, 'another long password'))).status).toBe(200)
  })

  test('takes a key in the password’s place, whatever the name', async () => {
    const { key } = await makeKey(api)
    expect((await ask('/api/me', basic(admin.email, key))).status).toBe(200)
    expect((await ask('/api/me', basic('anything', key))).status).toBe(200)
  })
})

describe('a key', () => {
  test('opens the API as Bearer and in the query, from any Origin; a token opens none of it', async () => {
    const { key } = await makeKey(api)
    expect((await ask('/api/me', bearer(key))).status).toBe(200)
    expect((await ask(`/api/me?apikey=${key}`)).status).toBe(200)
    const origin = { origin: 'https://elsewhere.example', ...json }
    const made = await ask(`/api/lists?apikey=${key}`, origin, { method: 'POST', body: '{"name":"By key"}' })
    expect(made.status).toBe(201)
    expect((await ask('/api/me', bearer(account.token))).status).toBe(401)
    expect((await ask(`/api/me?token=${account.token}`)).status).toBe(401)
  })

  test('is shown once and told from others by its ends', async () => {
    const made = await makeKey(api, ['notify'])
    expect(made).toMatchObject({
      id: expect.any(Number),
      key: expect.stringMatching(/^pbk_\S{22,}$/),
      scopes: ['notify'],
    })
    const { rows } = await api.get<{ rows: Key[] }>('/api/keys')
    const shown = rows.find(({ id }) => id === made.id)
    expect(JSON.stringify(rows)).not.toContain(made.key)
    expect(made.key.startsWith(shown?.start ?? '-') && made.key.endsWith(shown?.last4 ?? '-')).toBe(true)
  })

  test('without scopes has all rights of its user, and no more', async () => {
    const { email, password } = await makeUser(api)
    const { key, scopes } = await makeKey(client(program.origin, { email, password }))
    expect(scopes).toBeNull()
    expect((await ask('/api/me', bearer(key))).status).toBe(200)
    expect((await ask('/api/openchannel/deliveries', bearer(key))).status).toBe(403)
    expect((await ask(`/api/openchannel/interactions/${interactionId}`, bearer(key))).status).toBe(404)
  })

  test('opens with each scope what the scope names, and nothing else', async () => {
    const calls: Record<string, [method: string, path: string, body?: string]> = {
      notify: [
        'POST',
        `/api/openchannel/accounts/${account.id}/notify`,
        '{"from":"k","body":"x","mapKey":"phone"}',
      ],
      attachments: ['POST', '/api/attachments'],
      'interactions:read': ['GET', `/api/openchannel/interactions/${interactionId}`],
      'interactions:write': ['PUT', `/api/openchannel/interactions/${interactionId}`, '{}'],
      contacts: ['POST', '/api/contacts', '{"firstName":"K"}'],
      'accounts:secret': ['POST', `/api/openchannel/accounts/${account.id}/secret`, '{}'],
      admin: ['POST', '/api/lists', '{"name":"By admin key"}'],
    }
    for (const scope of Object.keys(calls)) {
      const { key } = await makeKey(api, [scope as 'notify'])
      for (const [needed, [method, path, body]] of Object.entries(calls)) {
        const answer = await ask(
          path,
          { ...bearer(key), ...(body && json) },
          { method, ...(body && { body }) },
        )
        const isOpen = scope === needed || scope === 'admin'
        expect([scope, needed, answer.status === 403]).toEqual([scope, needed, !isOpen])
        expect([scope, needed, answer.status]).not.toEqual([scope, needed, 401])
      }
    }
  })

  test('of few scopes makes no wider one, and no unknown scope is taken', async () => {
    const { key } = await makeKey(api, ['admin'])
    const make = (body: object) =>
      ask('/api/keys', { ...bearer(key), ...json }, { method: 'POST', body: JSON.stringify(body) })
    expect((await make({ name: 'same', scopes: ['admin'] })).status).toBe(201)
    expect((await make({ name: 'wider' })).status).toBe(403)
    expect((await make({ name: 'unknown', scopes: ['everything'] })).status).toBe(400)
  })

  test('works on for the overlap after a rotation, and not after being revoked', async () => {
    const old = await makeKey(api)
    const { key, id } = await api.send<{ key: string; id: number }>('POST', `/api/keys/${old.id}/rotate`, {
      overlapSeconds: 4,
    })
    const both = async () => [
      (await ask('/api/me', bearer(old.key))).status,
      (await ask('/api/me', bearer(key))).status,
    ]
    expect(await both()).toEqual([200, 200])
    await expect.poll(both).toEqual([401, 200])
    expect((await api.raw('DELETE', `/api/keys/${id}`)).status).toBe(204)
    expect((await ask('/api/me', bearer(key))).status).toBe(401)
  })

  test('ends when it expires', async () => {
    const expiresAt = new Date(Date.now() + 4000).toISOString()
    const { key } = await api.send<{ key: string }>('POST', '/api/keys', { name: 'short', expiresAt })
    const status = async () => (await ask('/api/me', bearer(key))).status
    expect(await status()).toBe(200)
    await expect.poll(status).toBe(401)
  })
})

test('an account’s token may be changed with an overlap, and only admins see it', async () => {
  const own = await makeAccount(api)
  const { receiveUrl } = await api.send<OwnAccount>('POST', `/api/openchannel/accounts/${own.id}/token`, {
    overlapSeconds: 4,
  })
  const both = async () => [(await fetch(own.receiveUrl)).status, (await fetch(receiveUrl)).status]
  expect(await both()).toEqual([200, 200])
  await expect.poll(both).toEqual([401, 200])
  const { user, email, password } = await makeUser(api)
  await api.send('PUT', `/api/openchannel/accounts/${own.id}/agents`, { ids: [user.id] })
  const shown = await client(program.origin, { email, password }).get<object>(
    `/api/openchannel/accounts/${own.id}`,
  )
  expect(shown).not.toHaveProperty('token')
  expect(shown).not.toHaveProperty('receiveUrl')
})

test('no answer asks a browser for a password, lets another origin read, or names the software’s parts', async () => {
  const asked = [
    '/api/me',
    '/api/attachments/1/download',
    `/api/openchannel/accounts/${account.id}/notify`,
    '/nothing',
  ]
  for (const path of asked) {
    const headers = { origin: 'https://evil.example' }
    const preflight = { ...headers, 'access-control-request-method': 'POST' }
    for (const answer of [await ask(path, headers), await ask(path, preflight, { method: 'OPTIONS' })]) {
      expect(answer.status).toBeLessThan(500)
      for (const name of ['www-authenticate', 'access-control-allow-origin', 'x-powered-by', 'server'])
        expect([path, name, answer.headers.get(name)]).toEqual([path, name, null])
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  }
})

test('a query of 8 KiB is taken', async () => {
  const { key } = await makeKey(api)
  expect((await ask(`/api/me?apikey=${key}&padding=${'x'.repeat(8192)}`)).status).toBe(200)
  expect((await fetch(`${account.receiveUrl}&padding=${'x'.repeat(8192)}`)).status).toBe(200)
})

test('what proves nothing is 401, however odd', async () => {
  for (const authorization of [
    'Basic',
    'Basic !!!',
    `Basic ${btoa('nocolon')}`,
    `Basic ${btoa(':')}`,
    `Basic ${btoa('\0:\0')}`,
    'Bearer',
    'Bearer x',
    'x',
    `Bearer pbk_${'x'.repeat(5000)}`,
  ])
    expect(await codeOf(ask('/api/me', { authorization }))).toEqual([401, expect.stringMatching(/^AU-/)])
  for (const query of ['?apikey=', '?apikey=pbk_', '?apikey[]=x', '?apikey=a&apikey=b', '?apikey=%00'])
    expect((await ask(`/api/me${query}`)).status).toBe(401)
  expect((await ask('/api/me', { cookie: '__Host-patchbay_server=pbs_wrong' })).status).toBe(401)
})

test('guessing a password is slowed down, and an unknown e-mail is answered as a wrong password', async () => {
  const { email } = await makeUser(api)
  const known = await codeOf(signIn({ email, password: 'wrong password' }).then(({ answer }) => answer))
  const unknown = await codeOf(
    signIn({ email: 'nobody@example.com', password: 'wrong password' }).then(({ answer }) => answer),
  )
  expect(known).toEqual([401, 'AU-101'])
  expect(unknown).toEqual(known)
  let status = 0
  for (let n = 0; n < 30 && status !== 429; n++) {
    const { answer } = await signIn({ email, password: `wrong ${n}` })
    status = answer.status
    if (status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(status).toBe(429)
})

test('no secret stands in what the program prints', () => {
  const printed = program.output.stdout + program.output.stderr
  expect(printed).not.toMatch(/pbk_\w{8}|pbt_\w{8}|pbs_\w{8}|whsec_\w/)
  expect(printed).not.toContain(admin.password)
})
