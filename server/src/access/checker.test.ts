/** The checker: every endpoint and every other route, called by everybody, on what is not theirs. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttp } from '@patchbay/kit/http.ts'
import { createMetrics } from '@patchbay/kit/metrics.ts'
import { api } from '@patchbay/protocol/api.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createApp } from '../app.ts'
import { createDesk } from '../flows/desk/testing.ts'
import { type Person, startTestServer } from '../testing.ts'
import {
  admits,
  askAt,
  endpoints,
  findLeaks,
  type Key,
  makeCallers,
  makeWorld,
  marker,
  requestsOf,
} from './checker-testing.ts'
import type { Handlers } from './endpoint.ts'
import { expectations } from './expectations-testing.ts'
import { serve } from './serve.ts'

const server = await startTestServer()
const { call, ctx } = server
const receiver = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
await once(receiver, 'listening')
afterAll(() => receiver.close())
const { world, owner, account } = await makeWorld(
  server,
  `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
)
// From here on nothing changes by itself.
await vi.waitFor(async () => {
  const { body } = await call('GET /api/openchannel/deliveries', { query: { accountId: account.id } })
  expect(body.rows.map(({ state }) => state)).toEqual(['delivered'])
}, 10_000)
const callers = await makeCallers(server, account)
const outside = callers.filter((caller) => !caller.isInside)
const inside = callers.filter((caller) => caller.isInside)
const [colleague] = inside
if (!colleague) throw new Error('nobody is inside')
const ask = askAt(server.url)

test('every endpoint has its line in the expectations, and there is an object of every kind', () => {
  expect(Object.keys(api).filter((key) => !(key in expectations))).toEqual([])
  expect(Object.entries(world).filter(([, id]) => !id)).toEqual([])
  for (const [key] of endpoints)
    if (expectations[key].kind === 'hidden' && key.includes(':id'))
      expect(world).toHaveProperty(/(\w+)\/:id/.exec(key)?.[1] ?? '')
})

// The tables in which the account's things stand, as one digest each; when something was used last is no change.
async function digestOfWorld(): Promise<unknown> {
  const tables = [
    'account',
    'contact',
    'interaction',
    'message',
    'event',
    'attachment',
    'delivery',
    'interaction_tag',
  ]
  const digests = tables.map(async (table) => {
    const { rows } = await sql<{ digest: string }>`
      select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${sql.table(table)} t`.execute(
      ctx.db,
    )
    return [table, rows[0]?.digest]
  })
  return Object.fromEntries(await Promise.all(digests))
}

describe('whoever has nothing to do with an account', () => {
  test('is told nothing of it and changes nothing in it, by any endpoint', { timeout: 180_000 }, async () => {
    const before = await digestOfWorld()
    expect(await findLeaks(ask, endpoints, outside, world)).toEqual([])
    expect(await digestOfWorld()).toEqual(before)
  })

  test('is not told how many wait in a queue for it', async () => {
    const params = { id: world.queues }
    const waiting = async (as: Person) =>
      (await call('GET /api/openchannel/queues/:id', { as, params })).body.waiting
    const stranger = await server.makeUser('supervisor')
    expect({
      owner: await waiting(owner),
      admin: await waiting(server.admin),
      stranger: await waiting(stranger),
    }).toEqual({
      owner: 1,
      admin: 1,
      stranger: 0,
    })
  })

  test("cannot send its file on through an account of one's own", async () => {
    const agent = await server.makeUser('agent')
    const own = await server.makeAccount({ replyUrl: 'http://127.0.0.1:9/', agents: [agent] })
    const { body } = await server.receive(own, { from: 'x', body: 'x', mapKey: 'phone' })
    const said = { OpenchannelInteractionId: body.interaction?.id, direction: 'out', body: '' }
    for (const file of [{ AttachmentId: world.attachments }, { attachmentIds: [world.attachments] }]) {
      const sent = await call('POST /api/openchannel/messages', { as: agent, body: { ...said, ...file } })
      expect([sent.status, sent.body.code]).toEqual([404, 'GE-105'])
    }
  })

  test('hears nothing of it through a socket, not by asking for its thread either', async () => {
    const strangers = await Promise.all(
      ['agent', 'agent', 'supervisor'].map((role) => server.makeUser(role as Person['role'])),
    )
    await server.makeAccount({ agents: strangers.slice(1) })
    const desks = strangers.map((person) => createDesk(server, person))
    const watching = createDesk(server, owner)
    await Promise.all([...desks, watching].map((desk) => desk.connect()))
    await watching.open(world.interactions)
    for (const desk of desks) desk.say({ type: 'open', interactionId: world.interactions, seq: 0 })

    const params = { id: world.interactions }
    const form = { from: marker, body: `live ${marker}`, mapKey: 'facebook' }
    await fetch(account.receiveUrl ?? '', { method: 'POST', body: new URLSearchParams(form) })
    watching.say({ type: 'typing', interactionId: world.interactions })
    await call('POST /api/openchannel/interactions/:id/read', { as: owner, params, body: { seq: 1 } })
    ctx.push.ring({ echo: { accountId: account.id, echoId: 5 } })
    await vi.waitFor(() => expect(JSON.stringify(watching.messages)).toContain(`live ${marker}`))
    await vi.waitFor(() => expect(watching.state.echo).toEqual({ accountId: account.id, echoId: 5 }))
    // What was rung before this has been heard when this has.
    ctx.push.ring({ changed: 'tags' })
    for (const desk of desks) {
      await vi.waitFor(() => expect(desk.messages).toContainEqual({ type: 'changed', what: 'tags' }))
      expect(JSON.stringify(desk.messages)).not.toContain(marker)
      expect(desk.messages.filter(({ type }) => /^(thread|viewers|echo)$/.test(type))).toEqual([])
      const told = desk.messages.map((message) =>
        message.type === 'counts' ? message.counts : message.type === 'offers' ? message.offers : [],
      )
      for (const counts of told) expect([[], { mine: 0, waiting: 0, team: 0 }]).toContainEqual(counts)
      await desk.cut()
    }
    await watching.cut()
  })
})

describe('those whose account it is', () => {
  test.each(inside.map((caller) => ({ caller, name: caller.name })))(
    '$name reads what the table lets him read',
    async ({ caller }) => {
      for (const [key, endpoint] of endpoints.filter(([key]) => key.startsWith('GET'))) {
        const { kind } = expectations[key]
        const admitted = admits(endpoint, caller)
        if (kind === 'open') continue
        const [request] = requestsOf(expectations[key], key, world)
        const { status } = await ask({ key, headers: caller.headers, ...request })
        const isRefused = status === 401 || status === 403 || status === 404
        if (endpoint.access === 'public') continue
        expect({ key, isRefused }).toEqual({ key, isRefused: admitted !== 'yes' })
      }
    },
  )

  test('its own agent gets past every refusal above, so each was for the right reason', async () => {
    const his = { ...colleague, headers: owner.headers }
    const reached = endpoints.filter(
      ([key, endpoint]) => expectations[key].kind === 'hidden' && admits(endpoint, his) === 'yes',
    )
    expect(reached.length).toBeGreaterThan(20)
    for (const [key] of reached)
      for (const request of requestsOf(expectations[key], key, world)) {
        const { text } = await ask({ key, headers: his.headers, ...request })
        expect({ key, missing: /"code":"(GE-105|AU-10\d)"/.test(text) }).toEqual({ key, missing: false })
      }
  })
})

describe('routes beside the table', () => {
  const resources = new AsyncDisposableStack()
  afterAll(() => resources.disposeAsync())

  // What may be asked by anybody, since it tells nothing of anybody.
  const publicRoutes = [
    /^GET \/(healthz|readyz|metrics|api\/openapi\.json|docs\/errors)$/,
    /^GET \/apidoc(\/(page\.(js|css)|swagger-ui(-bundle\.js|\.css))?)?$/,
    /^GET (\*|\/(\*|assets\/.+|favicon\.svg|theme\.js|[\w.-]+\.(js|svg|png|ico|webmanifest|txt)))$/,
  ]
  const receiving =
    /^(GET|POST) \/api\/openchannel\/accounts\/:id\/(notify|receive|receipts|typing|events)\/?$/
  const others = ['POST /echo/:uid/:mac', 'GET /api/socket', 'GET /api/attachments/:id/download/']

  async function routes(): Promise<string[]> {
    const { http } = await createApp({ ...ctx, metrics: createMetrics() }, resources)
    await http.ready()
    const path: string[] = []
    return http
      .printRoutes({ commonPrefix: false })
      .split('\n')
      .flatMap((line) => {
        const [, indent = '', part = '', methods = ''] =
          /^((?:│ {3}| {4})*)[├└]── (\S*) \(([^)]+)\)/.exec(line) ?? []
        if (!methods) return []
        path.splice(indent.length / 4, path.length, part)
        const url = path.join('') || '/'
        return methods.split(', ').map((method) => `${method} ${url}`)
      })
      .filter((route) => !route.startsWith('HEAD '))
  }

  test('a Receive URL runs no step for cookies, which no sender has', async () => {
    const { http } = await createApp({ ...ctx, metrics: createMetrics() }, resources)
    await http.ready()
    const shown = http.printRoutes({ commonPrefix: false, includeHooks: true, method: 'POST' })
    const stepsOf = (path: string): string => shown.split(`${path} (POST)\n`)[1]?.split('──')[0] ?? ''
    for (const name of ['notify', 'receive']) {
      expect(stepsOf(`/:id/${name}`)).toContain('onRequest')
      expect(stepsOf(`/:id/${name}`)).not.toMatch(/cookie|onSend/i)
    }
    expect(stepsOf('/api/session')).toMatch(/fastifyCookieHandler.*\n.*onSend/)
  })

  test('are known here, each with who may ask', async () => {
    const all = await routes()
    expect(all).toContain('GET /api/openchannel/interactions/:id')
    const unknown = all.filter(
      (route) =>
        !(route in api) &&
        !others.includes(route) &&
        !receiving.test(route) &&
        !publicRoutes.some((known) => known.test(route)),
    )
    expect(unknown).toEqual([])
  })

  test('of the Receive URL take the token of their own account, and neither another’s, a cookie nor nothing', async () => {
    const other = await server.makeAccount()
    const paths = (await routes()).filter((route) => receiving.test(route))
    expect(paths.length).toBeGreaterThanOrEqual(4)
    for (const route of paths) {
      const [method = '', path = ''] = route.split(' ')
      const status = async (query: string, headers: Record<string, string> = {}): Promise<number> => {
        const url = `${server.url}${path.replace(':id', String(account.id))}${query}`
        const body = method === 'POST' ? '{}' : null
        return (
          await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, body })
        ).status
      }
      expect({
        route,
        nothing: await status(''),
        cookie: await status('', { cookie: server.admin.cookie, origin: server.url }),
        another: await status(`?token=${other.token}`),
        bearer: await status('', { authorization: `Bearer ${other.token}` }),
      }).toEqual({ route, nothing: 401, cookie: 401, another: 401, bearer: 401 })
      expect(await status(`?token=${account.token}`)).not.toBe(401)
    }
  })

  test('the echo receiver takes nothing without the address that only admins are shown', async () => {
    const { body } = await call('GET /api/openchannel/accounts/:id', { params: { id: account.id } })
    const right = new URL(body.echoUrl ?? '').pathname
    const post = async (path: string) =>
      (await fetch(`${server.url}${path}`, { method: 'POST', body: '{}' })).status
    expect([
      await post(right),
      await post(right.replace(/.$/, '_')),
      await post(`/echo/${body.uid}/x`),
    ]).toEqual([200, 404, 404])
  })

  test('the socket is opened by those who may read interactions alone', async () => {
    const attempt = (headers: Record<string, string>): Promise<string | number> =>
      new Promise((resolve) => {
        const ws = new WebSocket(`${server.url.replace('http', 'ws')}/api/socket`, { headers })
        ws.on('error', () => {})
        ws.once('open', () => {
          ws.terminate()
          resolve('open')
        })
        ws.once('unexpected-response', (request, response) => {
          request.destroy()
          resolve(response.statusCode ?? 0)
        })
      })
    const socket: Endpoint = {
      summary: '',
      tag: '',
      access: { may: null, scopes: ['interactions:read'] },
      response: {},
    }
    for (const caller of callers) {
      if (caller.via === 'session' && !caller.isInside) continue
      const admitted = admits(socket, caller)
      expect([caller.name, await attempt(caller.headers)]).toEqual([
        caller.name,
        admitted === 'yes' ? 'open' : admitted,
      ])
    }
  })
})

describe('negative control: the checker notices', () => {
  const key = 'GET /api/openchannel/interactions/:id/thread'
  const resources: { close(): Promise<unknown> }[] = []
  afterAll(() => Promise.all(resources.map((http) => http.close())))

  async function leaksOf(key: Key, endpoint: Endpoint, handler: () => Promise<unknown>): Promise<string[]> {
    const http = createHttp({ log: ctx.log })
    resources.push(http)
    const { default: cookie } = await import('@fastify/cookie')
    await http.register(cookie)
    const table = { [key]: endpoint }
    serve(http, table, { [key]: handler } as unknown as Handlers<typeof table>, {
      gatekeeper: ctx.gatekeeper,
      publicUrl: ctx.config.publicUrl,
    })
    const url = await http.listen({ host: '127.0.0.1', port: 0 })
    const strangers = (await makeCallers(server, account)).filter(({ isInside }) => !isInside)
    return findLeaks(askAt(url), [[key, api[key]]], strangers, world)
  }

  test('a handler that forgets whose the object is', async () => {
    const thread = await call(key, { params: { id: world.interactions } })
    const leaks = await leaksOf(key, api[key], async () => thread.body)
    expect(leaks.join('\n')).toMatch(/an agent of another account at GET .*: 200 {2}tells of it/)
  })

  test('a handler that shows nothing, but not by saying so', async () => {
    const { response, ...rest } = api[key]
    const leaks = await leaksOf(key, { ...rest, response: { 200: {} } } as Endpoint, async () => ({}))
    expect(leaks.join('\n')).toMatch(/is not told that there is nothing/)
  })

  test('an endpoint that is opened to more than the table says', async () => {
    const admins = 'GET /api/openchannel/deliveries'
    const open = { ...api[admins], access: 'public' } as Endpoint
    const leaks = await leaksOf(admins, open, async () => ({ count: 0, rows: [], cursor: null }))
    expect(leaks.join('\n')).toMatch(/nobody at GET .*deliveries.*: 200 {2}is not refused with 401/)
  })

  test('a list that counts what it does not show', async () => {
    const list = 'GET /api/openchannel/interactions'
    const leaks = await leaksOf(list, api[list], async () => ({ count: 2, rows: [], cursor: null }))
    expect(leaks.join('\n')).toMatch(/counts what it does not show/)
  })
})
