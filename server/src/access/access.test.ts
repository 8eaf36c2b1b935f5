/** The checker: every endpoint of the table, called by everybody, on what is not theirs. */
import { type Api, api } from '@patchbay/protocol/api.ts'
import { type Endpoint, scopes } from '@patchbay/protocol/endpoint.ts'
import { describe, expect, test } from 'vitest'
import { type CallAnswer, type CallOptions, startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, admin } = server
type Key = keyof Api
const table = Object.entries(api) as [Key, Endpoint][]
const [agent, supervisor] = [await server.makeUser('agent'), await server.makeUser('supervisor')]

/** Stands in everything that only `owner` and admins may see. */
const marker = 'quicksilver'

async function makeForeignWorld() {
  const owner = await server.makeUser('agent', { name: 'owner' })
  const account = await server.makeAccount({
    name: `Account ${marker}`,
    replyUrl: 'http://127.0.0.1:9/',
    agents: [owner],
  })
  const file = new FormData()
  file.set('file', new File([marker], `${marker}.txt`))
  for (const [name, value] of Object.entries({ from: marker, body: marker, mapKey: 'facebook' }))
    file.set(name, value)
  const received = await fetch(account.receiveUrl, { method: 'POST', body: file })
  const { interaction, contact } = (await received.json()) as Record<
    'interaction' | 'contact',
    { id: number }
  >
  await call('PUT /api/openchannel/interactions/:id', { params: interaction, body: { UserId: owner.id } })
  const reply = await call('POST /api/openchannel/messages', {
    as: owner,
    body: {
      body: `re: ${marker}`,
      OpenchannelAccountId: account.id,
      OpenchannelInteractionId: interaction.id,
      direction: 'out',
    },
  })
  const messages = await call('GET /api/openchannel/interactions/:id/messages', { params: interaction })
  const attachment = messages.body.rows.find((row) => row.AttachmentId !== null)?.AttachmentId
  const deliveries = await call('GET /api/openchannel/deliveries', { query: { accountId: account.id } })
  const key = await server.makeKey(owner)
  const world = {
    accounts: account.id,
    interactions: interaction.id,
    contacts: contact.id,
    messages: reply.body.id,
    attachments: attachment ?? 0,
    deliveries: deliveries.body.rows[0]?.id ?? 0,
    keys: key.id,
  }
  return { owner, account, world }
}
const { owner, account, world } = await makeForeignWorld()

// Of the list that every account of this installation shares, and of queues, an agent may know.
const everybodys = new Set(['lists', 'queues', 'users', 'teams', 'tags', 'fields'])

/** The kind of object that `:id` names, by the word before it: `interactions` of /api/openchannel/interactions/:id/tags. */
const kindOf = (key: Key): string => /(\w+)\/:id/.exec(key)?.[1] ?? ''

/** Bodies that pass the schema, so that a call gets as far as the object. */
const bodies: { [K in Key]?: object } = {
  'PUT /api/openchannel/interactions/:id': { closed: true },
  'POST /api/openchannel/interactions/:id/tags': { ids: [] },
  'POST /api/openchannel/interactions/:id/transfer': { userId: agent.id },
  'POST /api/openchannel/interactions/:id/read': { seq: 1 },
  'PATCH /api/contacts/:id': { city: 'Rome' },
}

const attempt = (key: Key, options: CallOptions<Key>): Promise<CallAnswer<unknown>> => call(key, options)
const atNothing = (endpoint: Endpoint) => ({
  params: { id: 999_999_999 },
  ...(endpoint.body && { body: {} }),
})

describe('nobody', () => {
  test.each(table.filter(([, { access }]) => access !== 'public'))(
    'is refused at %s',
    async (key, endpoint) => {
      const { status, body } = await attempt(key, { as: null, ...atNothing(endpoint) })
      expect([status, body.code]).toEqual([401, 'AU-104'])
    },
  )

  test('reads a file only with a signed link', async () => {
    const params = { id: world.attachments }
    const download = 'GET /api/attachments/:id/download'
    expect((await call(download, { as: null, params })).status).toBe(401)
    const query = { expires: 9_999_999_999, signature: 'forged' }
    expect([401, 403]).toContain((await call(download, { as: null, params, query })).status)
    expect((await call(download, { as: owner, params })).status).toBe(200)
  })
})

describe('a role', () => {
  const asked = table.flatMap(([key, endpoint]) =>
    [agent, supervisor].map((person) => ({ key, endpoint, person, role: person.role })),
  )
  test.each(asked.filter(({ endpoint: { access } }) => access !== 'public'))(
    '$role passes $key exactly when the table says so',
    async ({ key, endpoint, person }) => {
      const { access } = endpoint
      const isAllowed =
        access !== 'public' && access.role !== 'admin' && (access.role === 'agent' || person !== agent)
      const { status } = await attempt(key, { as: person, ...atNothing(endpoint) })
      expect(status === 403).toBe(!isAllowed)
      expect(status).not.toBe(401)
    },
  )
})

describe('a key with one scope', async () => {
  const keys = await Promise.all(
    scopes.map(async (scope) => ({ scope, ...(await server.makeKey(admin, [scope])) })),
  )
  test.each(table.filter(([, { access }]) => access !== 'public'))(
    'passes %s exactly when the table names the scope',
    async (key, endpoint) => {
      const { access } = endpoint
      if (access === 'public') return
      for (const { scope, headers } of keys) {
        const { status, body } = await attempt(key, { as: { headers }, ...atNothing(endpoint) })
        const isAllowed = access.only !== 'session' && (scope === 'admin' || access.scopes.includes(scope))
        expect({ scope, refused: status === 403 && body.code === 'AU-105' }).toEqual({
          scope,
          refused: !isAllowed,
        })
      }
    },
  )
})

describe('an object of an account to which one was not added', () => {
  const reachable = table.filter(
    ([key, { access }]) =>
      key.includes(':id') && (access === 'public' || access.role === 'agent') && !everybodys.has(kindOf(key)),
  )

  test('is of a kind that the checker knows', () => {
    expect(reachable.map(([key]) => kindOf(key)).filter((kind) => !(kind in world))).toEqual([])
    expect(Object.entries(world).filter(([, id]) => !id)).toEqual([])
  })

  const cases = reachable.flatMap(([key]) =>
    [agent, supervisor].map((person) => ({ key, person, role: person.role })),
  )
  test.each(cases)('does not exist for a $role at $key', async ({ key, person }) => {
    const params = { id: world[kindOf(key) as keyof typeof world] }
    const { status, body } = await attempt(key, {
      as: person,
      params,
      body: bodies[key] ?? undefined,
    } as CallOptions<Key>)
    expect([status, body.code]).toEqual([404, 'GE-105'])
    expect(JSON.stringify(body)).not.toContain(marker)
  })

  test('exists for those who were added: what was refused above was refused for the right reason', async () => {
    const reads = reachable.filter(([key]) => key.startsWith('GET'))
    for (const [key] of reads) {
      const params = { id: world[kindOf(key) as keyof typeof world] }
      expect({ key, status: (await attempt(key, { as: owner, params })).status }).toEqual({
        key,
        status: 200,
      })
    }
  })

  test('cannot be written to, put into a queue or used by naming it in a body', async () => {
    const queue = await call('POST /api/openchannel/queues', { body: { name: 'Any' } })
    const attempts = [
      await call('POST /api/openchannel/messages', {
        as: agent,
        body: { body: 'hi', OpenchannelInteractionId: world.interactions, direction: 'out' },
      }),
      await call('POST /api/rpc/openchannel/queues/:id/notify', {
        as: agent,
        params: { id: queue.body.id },
        body: { messageId: world.messages },
      }),
    ]
    expect(attempts.map(({ status }) => status)).toEqual([404, 404])
  })

  test("a file of it cannot be sent on through an account of one's own", async () => {
    const mine = await server.makeAccount({ replyUrl: 'http://127.0.0.1:9/', agents: [agent] })
    const { body } = await server.receive(mine, { from: 'x', body: 'x', mapKey: 'phone' })
    const sent = await call('POST /api/openchannel/messages', {
      as: agent,
      body: {
        body: '',
        OpenchannelInteractionId: body.interaction?.id,
        AttachmentId: world.attachments,
        direction: 'out',
      },
    })
    expect(sent.status).toBeGreaterThanOrEqual(400)
  })
})

describe('lists and searches', () => {
  const lists = table.filter(
    ([key, { access }]) => key.startsWith('GET') && !key.includes(':id') && access !== 'public',
  )

  const asked = lists.flatMap(([key, endpoint]) =>
    [agent, supervisor].map((person) => ({ key, endpoint, person, role: person.role })),
  )
  test.each(asked)('$key shows a $role nothing of it', async ({ key, endpoint, person }) => {
    const queries: Record<string, unknown>[] = [{}]
    const names = Object.keys(endpoint.query?.properties ?? {})
    if (names.includes('search')) queries.push({ search: marker })
    if (names.includes('accountId')) queries.push({ accountId: world.accounts })
    if (names.includes('OpenchannelAccountId')) queries.push({ OpenchannelAccountId: world.accounts })
    if (names.includes('ContactId')) queries.push({ ContactId: world.contacts })
    for (const view of ['mine', 'waiting', 'team', 'closed'])
      if (names.includes('view')) queries.push({ view })
    for (const query of queries) {
      const { body } = await attempt(key, { as: person, query } as CallOptions<Key>)
      expect(JSON.stringify(body)).not.toContain(marker)
    }
  })

  test('show it to its own agent, so there was something to hide', async () => {
    const seen = [
      await call('GET /api/openchannel/accounts', { as: owner }),
      await call('GET /api/openchannel/interactions', { as: owner }),
      await call('GET /api/contacts', { as: owner, query: { search: marker } }),
    ]
    expect(seen.map(({ body }) => body.count)).toEqual([1, 1, 1])
  })
})

describe('a Receive URL', () => {
  const message = { from: '1', body: 'x', mapKey: 'phone' }
  const post = async (query: string, headers: Record<string, string> = {}) => {
    const url = `${server.url}/api/openchannel/accounts/${account.id}/notify${query}`
    const body = JSON.stringify(message)
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return answer.status
  }

  test("takes the token of its own account, and neither another's nor a cookie", async () => {
    const other = await server.makeAccount()
    expect(await post(`?token=${account.token}`)).toBe(200)
    expect(await post(`?token=${other.token}`)).toBe(401)
    expect(await post('', { cookie: admin.cookie, origin: server.url })).toBe(401)
    expect(await post('')).toBe(401)
  })

  test('takes the key of a user who may use the account, with the scope', async () => {
    const withKey = async (person: typeof admin, scope: 'notify' | 'contacts') =>
      post(`?apikey=${(await server.makeKey(person, [scope])).key}`)
    expect(await withKey(owner, 'notify')).toBe(200)
    expect(await withKey(owner, 'contacts')).toBe(403)
    expect(await withKey(agent, 'notify')).toBe(404)
  })
})
