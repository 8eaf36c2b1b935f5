// The configuration beside the wire: made with 201, changed by PATCH, deleted, listed page by page; and the pages that describe it.
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeList, makeUser, type OwnAccount, type Problem, send } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

interface Row {
  id: number
}
interface Rows {
  count: number
  rows: Row[]
  cursor?: string | null
}
const unique = (word: string) => `${word} ${Math.random().toString(36).slice(2)}`
async function refusal(asked: Promise<Response>): Promise<[number, string]> {
  const answer = await asked
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return [answer.status, ((await answer.json()) as Problem).code]
}

describe('each kind of object', () => {
  const email = () => `${Math.random().toString(36).slice(2)}@example.com`
  const kinds: [path: string, make: () => object, change: object, isDeletable: boolean][] = [
    [
      '/api/users',
      () => ({
        email: email(),
        password: 'long enough to pass',
        name: unique('user'),
        fullname: 'U U',
        role: 'agent',
      }),
      { fullname: 'V V' },
      false,
    ],
    ['/api/teams', () => ({ name: unique('team') }), { name: 'Night shift' }, true],
    ['/api/lists', () => ({ name: unique('list') }), { description: 'changed' }, true],
    ['/api/tags', () => ({ name: unique('tag'), color: 'warn' }), { color: 'bad' }, true],
    ['/api/contacts', () => ({ firstName: 'Ada', email: email() }), { lastName: 'L.' }, false],
    [
      '/api/openchannel/accounts',
      () => ({ name: unique('account'), listId: 1 }),
      { description: 'changed' },
      true,
    ],
    [
      '/api/openchannel/queues',
      () => ({ name: unique('queue'), strategy: 'beepall', agentTimeoutSeconds: 20, weight: 3 }),
      { weight: 4 },
      true,
    ],
  ]

  test.each(kinds)(
    '%s is made with 201, found, changed by PATCH, listed and deleted',
    async (path, make, change, isDeletable) => {
      const wanted = make()
      const answer = await api.raw('POST', path, wanted)
      expect(answer.status).toBe(201)
      const made = (await answer.json()) as Row
      const { password, ...shown } = wanted as { password?: string }
      expect(made).toMatchObject({ id: expect.any(Number), ...shown })
      if (password) expect(JSON.stringify(made)).not.toContain(password)
      const changed = await api.raw('PATCH', `${path}/${made.id}`, change)
      expect([changed.status, await changed.json()]).toMatchObject([200, change])
      expect(await refusal(api.raw('PATCH', `${path}/999999`, change))).toEqual([404, 'GE-105'])
      expect(await refusal(api.raw('POST', path, { name: 7, firstName: {} }))).toEqual([400, 'GE-101'])
      const listed = await api.get<Rows>(`${path}?limit=200`)
      expect(listed.count).toBe(listed.rows.length)
      expect(listed.rows.find(({ id }) => id === made.id)).toMatchObject(change)
      if (!isDeletable) return
      expect((await api.raw('DELETE', `${path}/${made.id}`)).status).toBe(204)
      expect(await refusal(api.raw('DELETE', `${path}/${made.id}`))).toEqual([404, 'GE-105'])
      expect((await api.get<Rows>(`${path}?limit=200`)).rows.find(({ id }) => id === made.id)).toBeUndefined()
    },
  )

  test.each(kinds)(
    '%s is listed page by page, by cursor or offset, at most 200 at a time',
    async (path, make) => {
      for (let n = 0; n < 3; n++) await api.send('POST', path, make())
      const all = (await api.get<Rows>(`${path}?limit=200`)).rows.map(({ id }) => id)
      const paged: number[] = []
      let cursor: string | null | undefined
      do {
        const page = await api.get<Rows>(
          `${path}?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
        )
        expect(page.rows.length).toBeLessThanOrEqual(2)
        expect(page.count).toBe(all.length)
        paged.push(...page.rows.map(({ id }) => id))
        cursor = page.cursor
      } while (cursor)
      expect(paged).toEqual(all)
      expect((await api.get<Rows>(`${path}?limit=2&offset=1`)).rows.map(({ id }) => id)).toEqual(
        all.slice(1, 3),
      )
      for (const query of ['limit=201', 'limit=0', 'limit=1.5', 'offset=-1', 'cursor=nonsense', 'cursor=%00'])
        expect([query, ...(await refusal(api.raw('GET', `${path}?${query}`)))]).toEqual([
          query,
          400,
          'GE-101',
        ])
    },
  )

  test.each(kinds)(
    '%s is for those who say who they are, and what is no agent’s to make only for admins',
    async (path, make) => {
      const agent = client(program.origin, await makeUser(api))
      const isForAll = path === '/api/tags'
      // Of contacts an agent makes those of his accounts' lists alone, and this one has none.
      const status = isForAll ? 201 : path === '/api/contacts' ? 404 : 403
      expect((await agent.raw('POST', path, make())).status).toBe(status)
      expect((await fetch(`${program.origin}${path}`)).status).toBe(401)
    },
  )
})

describe('a fresh installation', () => {
  test('has a list named Default, and an account without actions routes to its own agents', async () => {
    const { rows } = await api.get<{ rows: { name: string }[] }>('/api/lists')
    expect(rows.map(({ name }) => name)).toContain('Default')
    const { user, email, password } = await makeUser(api)
    const own = await makeAccount(api)
    await api.send('PUT', `/api/openchannel/accounts/${own.id}/agents`, { ids: [user.id] })
    const { interaction } = await send(own.receiveUrl, { from: '1', body: 'x', mapKey: 'phone' })
    const waiting = await client(program.origin, { email, password }).get<Rows>(
      '/api/openchannel/inbox?view=waiting',
    )
    expect(waiting.rows.map(({ id }) => id)).toEqual([interaction.id])
  })
})

describe('an account', () => {
  test('is made with its URL, token and secret, and keeps every setting', async () => {
    const settings = {
      replyUrl: 'https://example.com/reply',
      mapKey: 'facebook',
      description: 'd',
      reopenWithinMinutes: 30,
      updateRule: 'never',
      ratePerSecond: 1_000_000,
      rateBurst: 1_000_000,
      fileLifetimeHours: 24,
    }
    const own = await makeAccount(api, settings)
    expect(own).toMatchObject(settings)
    const { origin, pathname, searchParams } = new URL(own.receiveUrl)
    expect(`${origin}${pathname}`).toBe(`${program.origin}/api/openchannel/accounts/${own.id}/notify`)
    expect(searchParams.get('token')).toBe(own.token)
    expect(await api.get<OwnAccount>(`/api/openchannel/accounts/${own.id}`)).toEqual(own)
  })

  test.each([
    [{ replyUrl: 'ftp://example.com' }, 'AC-101'],
    [{ replyUrl: 'nonsense' }, 'AC-101'],
    [{ mapKey: 'telephone' }, 'GE-101'],
    [{ listId: 999_999 }, 'GE-101'],
    [{ name: ' ' }, 'GE-101'],
    [{ ratePerSecond: 0 }, 'GE-101'],
    [{ updateRule: 'sometimes' }, 'GE-101'],
    [{ reopenWithinMinutes: 1e300 }, 'GE-101'],
  ])('with %j is refused', async (settings, code) => {
    const wanted = { name: unique('account'), listId: await makeList(api), ...settings }
    expect(await refusal(api.raw('POST', '/api/openchannel/accounts', wanted))).toEqual([400, code])
  })

  test('has the agents, teams and actions last put, and refuses unknown ones', async () => {
    const own = await makeAccount(api)
    const { user } = await makeUser(api)
    const team = await api.send<Row>('POST', '/api/teams', { name: unique('team') })
    const queue = await api.send<Row>('POST', '/api/openchannel/queues', { name: unique('queue') })
    const put = (what: string, body: object) =>
      api.raw('PUT', `/api/openchannel/accounts/${own.id}/${what}`, body)
    expect((await (await put('agents', { ids: [user.id] })).json()) as Account).toMatchObject({
      agentIds: [user.id],
    })
    expect((await (await put('teams', { ids: [team.id] })).json()) as Account).toMatchObject({
      teamIds: [team.id],
    })
    const actions = [{ type: 'queue', queueId: queue.id, timeoutSeconds: 30 }]
    expect((await (await put('actions', { actions })).json()) as Account).toMatchObject({ actions })
    expect(await refusal(put('agents', { ids: [999_999] }))).toEqual([400, 'GE-101'])
    expect(await refusal(put('teams', { ids: [999_999] }))).toEqual([400, 'GE-101'])
    for (const step of [
      { type: 'queue', queueId: 999_999 },
      { type: 'nonsense' },
      null,
      'x',
      [],
      { type: 'queue' },
    ])
      expect(await refusal(put('actions', { actions: [step] }))).toEqual([400, 'AC-102'])
    expect(await refusal(api.raw('DELETE', `/api/openchannel/queues/${queue.id}`))).toEqual([409, 'GE-103'])
    expect(await api.get(`/api/openchannel/accounts/${own.id}`)).toMatchObject({
      agentIds: [user.id],
      teamIds: [team.id],
      actions,
    })
    const inQueue = (what: string, ids: number[]) =>
      api.raw('PUT', `/api/openchannel/queues/${queue.id}/${what}`, { ids })
    expect([(await inQueue('agents', [user.id])).status, (await inQueue('teams', [team.id])).status]).toEqual(
      [200, 200],
    )
    expect(await api.get(`/api/openchannel/queues/${queue.id}`)).toMatchObject({
      agentIds: [user.id],
      teamIds: [team.id],
    })
    expect(await refusal(inQueue('agents', [999_999]))).toEqual([400, 'GE-101'])
  })
})

test('a custom field is made per list, shows as cf_<id>, and holds what its type takes', async () => {
  const listId = await makeList(api)
  const field = await api.send<Row>('POST', `/api/lists/${listId}/fields`, {
    name: 'Plan',
    type: 'select',
    options: ['gold', 'silver'],
    required: false,
  })
  expect(field).toMatchObject({ name: 'Plan', type: 'select', options: ['gold', 'silver'], listId })
  expect((await api.get<Rows>(`/api/lists/${listId}/fields`)).rows).toMatchObject([{ id: field.id }])
  const name = `cf_${field.id}`
  const contact = await api.send<Row>('POST', '/api/contacts', { listId, firstName: 'A', [name]: 'gold' })
  expect(await api.get(`/api/contacts/${contact.id}`)).toMatchObject({ [name]: 'gold' })
  expect(await refusal(api.raw('PATCH', `/api/contacts/${contact.id}`, { [name]: 'lead' }))).toEqual([
    400,
    'GE-101',
  ])
  expect((await api.raw('PATCH', `/api/fields/${field.id}`, { name: 'Tariff' })).status).toBe(200)
  expect((await api.raw('DELETE', `/api/fields/${field.id}`)).status).toBe(204)
  expect(await api.get(`/api/contacts/${contact.id}`)).not.toHaveProperty(name)
})

describe('the pages', () => {
  test.each([
    ['/healthz', 'application/json', /alive/],
    ['/readyz', 'application/json', /ready/],
    ['/metrics', 'text/plain', /^# (HELP|TYPE) /m],
    ['/apidoc', 'text/html', /\/api\/openapi\.json/],
    ['/docs/errors', 'text/html', /OC-104/],
    ['/', 'text/html', /<div id="root"|<script/],
  ])('%s answers anybody', async (path, type, content) => {
    const answer = await fetch(`${program.origin}${path}`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)])
    expect(await answer.text()).toMatch(content)
    expect(answer.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe|\*/)
  })

  test('every refusal that the API document names is explained', async () => {
    const document = await (await fetch(`${program.origin}/api/openapi.json`)).text()
    const page = await (await fetch(`${program.origin}/docs/errors`)).text()
    const codes = new Set(document.match(/\b[A-Z]{2}-\d{3}\b/g))
    expect(codes.size).toBeGreaterThan(10)
    for (const code of codes) expect([code, page.includes(`id="${code}"`)]).toEqual([code, true])
  })
})
