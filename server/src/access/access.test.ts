/** Who passes the door: every endpoint of the table by role and scope, and the Receive URL. What they find behind it: checker.test.ts. */
import { type Api, api } from '@patchbay/protocol/api.ts'
import { type Endpoint, scopes } from '@patchbay/protocol/endpoint.ts'
import { presets } from '@patchbay/protocol/permissions.ts'
import { describe, expect, test } from 'vitest'
import { type CallAnswer, type CallOptions, startTestServer } from '../testing.ts'
import { isAdmitted } from './checker-testing.ts'

const server = await startTestServer()
const { call, admin } = server
type Key = keyof Api
const table = Object.entries(api) as [Key, Endpoint][]
const people = await Promise.all([...presets, []].map((role) => server.makeUser(role)))

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
})

describe('a role', () => {
  const asked = table.flatMap(([key, endpoint]) =>
    people.map((person, n) => ({ key, endpoint, person, role: presets[n] ?? 'one without any permission' })),
  )
  test.each(asked.filter(({ endpoint: { access } }) => access !== 'public'))(
    '$role passes $key exactly when the table says so',
    async ({ key, endpoint, person }) => {
      const { access } = endpoint
      const isAllowed = access !== 'public' && isAdmitted(person, access)
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

describe('a Receive URL', async () => {
  const owner = await server.makeUser('agent')
  const account = await server.makeAccount({ agents: [owner] })
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
    expect(await withKey(await server.makeUser('agent'), 'notify')).toBe(404)
  })
})
