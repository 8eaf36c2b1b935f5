/** Users: names made for them, names they share with nobody, and the admin who stays. */
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx, admin } = server
const password = 'correct horse battery'
const make = (email: string, fields: object = {}) =>
  call('POST /api/users', { body: { email, password, ...fields } })

test('a change on top of what somebody else changed is refused, and tells the version to merge with', async () => {
  const { body: user } = await make('two-admins@example.com')
  const params = { id: user.id }
  const change = (fields: object) => call('PATCH /api/users/:id', { params, body: fields })
  expect((await change({ capacity: 7, version: user.version })).status).toBe(200)
  const late = await change({ fullname: 'Late', version: user.version })
  expect([late.status, late.body.code]).toEqual([409, 'GE-104'])
  expect(late.body).toMatchObject({ version: user.version + 1 })
  expect((await change({ fullname: 'Late', version: user.version + 1 })).body).toMatchObject({
    capacity: 7,
    fullname: 'Late',
  })
  expect((await change({ fullname: 'Without' })).status).toBe(200)
})

describe('a new user', () => {
  test('is named after his e-mail when nobody says how, and never like another', async () => {
    const names = []
    for (const host of ['a', 'b', 'c']) names.push((await make(`marta@${host}.example`)).body.name)
    expect(names).toEqual(['marta', 'marta2', 'marta3'])
  })

  test('is called by his name when no full name is given, and is an agent when no role is', async () => {
    const { status, body } = await make('luca@example.com', { name: 'lu' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'lu',
      fullname: 'lu',
      role: 'agent',
      disabled: false,
      presence: 'offline',
      teams: [],
    })
  })

  test('may not take e-mail or name of another, in whatever case', async () => {
    await make('taken@example.com', { name: 'taken' })
    const [email, name] = [await make('TAKEN@example.com'), await make('free@example.com', { name: 'Taken' })]
    expect([email.body.code, email.body.field]).toEqual(['GE-102', 'email'])
    expect([name.body.code, name.body.field]).toEqual(['GE-102', 'name'])
  })

  test('made twice at the same moment is made once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => make('twin@example.com')))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })

  test.each([
    { what: 'too short', secret: 'elevenchars' },
    { what: 'the e-mail', secret: 'someone@example.com' },
    { what: 'common', secret: 'Password1234' },
    { what: 'common with dashes', secret: 'pass-word-123456' },
    { what: 'one character', secret: 'aaaaaaaaaaaaaaaa' },
  ])('is refused with a password that is $what', async ({ secret }) => {
    const { body } = await call('POST /api/users', {
      body: { email: 'someone@example.com', password: secret },
    })
    expect([body.code, body.field]).toEqual(['GE-101', 'password'])
  })

  test('signs in with the password he was given, which is kept nowhere', async () => {
    await make('nina@example.com')
    const signedIn = await call('POST /api/session', {
      as: null,
      body: { email: 'Nina@Example.com ', password },
    })
    expect(signedIn.status).toBe(200)
    const { rows } = await ctx.pool.query(
      `select app_user::text as row from app_user union all select audit_entry::text from audit_entry`,
    )
    expect(JSON.stringify(rows)).not.toContain(password)
  })
})

describe('the last admin', () => {
  test('can be neither demoted nor disabled', async () => {
    for (const body of [{ role: 'agent' as const }, { disabled: true }]) {
      const answer = await call('PATCH /api/users/:id', { params: { id: admin.id }, body })
      expect([answer.status, answer.body.code]).toEqual([409, 'PE-101'])
    }
    expect((await call('GET /api/me')).body.role).toBe('admin')
  })

  test('stays when two admins demote each other at the same moment', async () => {
    const second = await server.makeUser('admin')
    const answers = await Promise.all([
      call('PATCH /api/users/:id', { as: admin, params: { id: second.id }, body: { role: 'agent' } }),
      call('PATCH /api/users/:id', { as: second, params: { id: admin.id }, body: { role: 'agent' } }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const { rows } = await ctx.pool.query(
      `select id from app_user where role = 'admin' and disabled_at is null`,
    )
    expect(rows).toHaveLength(1)
    await ctx.db.updateTable('app_user').set({ role: 'admin' }).where('id', '=', admin.id).execute()
    ctx.gatekeeper.forget(admin.id)
  })
})

describe('the list', () => {
  test('goes on behind its cursor while users are added', async () => {
    for (const name of ['page1', 'page2', 'page3'])
      await make(`${name}@example.com`, { name, fullname: `Zz ${name}` })
    const first = await call('GET /api/users', { query: { search: 'Zz page', limit: 2 } })
    await make('page0@example.com', { fullname: 'Zz page0' })
    const cursor = first.body.cursor ?? ''
    const second = await call('GET /api/users', { query: { search: 'Zz page', limit: 2, cursor } })
    expect(first.body.rows.map(({ name }) => name)).toEqual(['page1', 'page2'])
    expect(second.body.rows.map(({ name }) => name)).toEqual(['page3'])
    expect([first.body.count, second.body.count, second.body.cursor]).toEqual([3, 4, null])
  })

  test('shows agents no e-mail and finds nobody for them by it', async () => {
    const agent = await server.makeUser('agent')
    await make('hidden@secret.example', { name: 'visible' })
    const all = await call('GET /api/users', { as: agent, query: { limit: 200 } })
    expect(all.body.rows.map(({ email }) => email).filter(Boolean)).toEqual([])
    expect(
      (await call('GET /api/users', { as: agent, query: { search: 'secret.example' } })).body.count,
    ).toBe(0)
    expect((await call('GET /api/users', { query: { search: 'secret.example' } })).body.count).toBe(1)
  })

  test('takes % and _ in a search for what they are', async () => {
    expect((await call('GET /api/users', { query: { search: '%' } })).body.count).toBe(0)
  })
})

test('what was changed stands in the audit log with who did it, and nothing else', async () => {
  const { body: user } = await make('audited@example.com')
  await call('PATCH /api/users/:id', {
    params: { id: user.id },
    body: { fullname: 'Renamed', password: 'another good one' },
  })
  const entries = await ctx.db
    .selectFrom('audit_entry')
    .select(['action', 'user_id', 'before', 'after'])
    .where('object', '=', 'app_user')
    .where('object_id', '=', user.id)
    .orderBy('id')
    .execute()
  expect(entries.map(({ action }) => action)).toEqual(['created', 'changed-password'])
  expect(entries[1]).toMatchObject({
    user_id: admin.id,
    before: { fullname: 'audited' },
    after: { fullname: 'Renamed' },
  })
})

test('no value of a body makes an error of ours', async () => {
  for (const fullname of ['\0', '\ud800', '😀'.repeat(100), '\u202e'])
    expect((await make(`x${Math.random()}@example.com`, { fullname })).status).toBe(201)
  for (const body of [[], 'text', 1, null, { email: {} }, { email: 'a@b', password, capacity: 1e300 }])
    expect((await call('POST /api/users', { body: body as object })).status).toBe(400)
  for (const id of ['0', '-1', '1.5', 'x', '99999999999999999999', '1e3', '%00'])
    expect([400, 404]).toContain((await call('GET /api/users/:id', { params: { id } })).status)
})
