/** Starts boxes, an app that subscribes to them, and people who log in; the end of the test file ends them. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterAll, expect } from 'vitest'
import { type SimulatorOptions, startSimulator } from './simulator.ts'

export const redirectUri = 'https://cloud.example.com/facebook/return?from=dialog'
export const wholeScope =
  'pages_show_list,pages_manage_metadata,pages_messaging,pages_read_engagement,pages_read_user_content,pages_manage_engagement,pages_manage_posts,instagram_basic,instagram_manage_messages'
export const ids = {
  bikes: '101000000000001',
  coffee: '101000000000002',
  books: '101000000000003',
  anna: '2010000000000001',
  luca: '2010000000000002',
  giulia: '2010000000000003',
  tomas: '2010000000000004',
} as const
export const allFields =
  'messages,message_echoes,message_deliveries,message_reads,message_reactions,message_edits,messaging_postbacks,messaging_handovers,standby,feed'

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

// Bodies come from a wire that is not typed; a test looks at what it expects.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Json = any

export interface Taken {
  headers: IncomingHttpHeaders
  raw: string
  body: Json
}

export async function startBox(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({
    redirectUris: [redirectUri],
    // Far above what a busy machine needs: only a test that means it makes subscribers late.
    deliveryTimeoutMs: 60_000,
    ...options,
  })
  ends.push(() => simulator.close())
  const { origin } = simulator

  const graph = async (method: string, path: string, parameters: Record<string, unknown> = {}) => {
    const url = new URL(`/v26.0/${path}`, origin)
    if (method === 'GET')
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
    const answer = await fetch(url, {
      method,
      ...(method !== 'GET' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
      }),
    })
    return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) as Json }
  }
  const control = async (verb: string, input: object = {}): Promise<Json> => {
    const answer = await fetch(`${origin}/simulator/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const body: Json = JSON.parse(await answer.text())
    if (!answer.ok) throw new Error(body.detail)
    return body
  }
  /** What is under way has arrived. */
  const settle = () => control('deliveries/settle')
  return { ...simulator, graph, control, settle }
}
export type Started = Awaited<ReturnType<typeof startBox>>

/** The app's side: verifies, takes deliveries, and answers as it is told. */
export async function startSubscriber(verifyToken = 'a verify token') {
  const taken: Taken[] = []
  const settings = { status: 200, isSilent: false }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'GET') {
      const isRight = url.searchParams.get('hub.verify_token') === verifyToken
      response.writeHead(isRight ? 200 : 403).end(isRight ? url.searchParams.get('hub.challenge') : 'no')
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8')
      const body = raw.startsWith('{') ? JSON.parse(raw) : Object.fromEntries(new URLSearchParams(raw))
      taken.push({ headers: request.headers, raw, body })
      if (!settings.isSilent) response.writeHead(settings.status).end('{"taken":true}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const events = (): Json[] =>
    taken.flatMap(({ body }) =>
      (body.entry ?? []).flatMap((entry: Json) => entry.messaging ?? entry.standby ?? []),
    )
  const changes = (): Json[] =>
    taken.flatMap(({ body }) =>
      (body.entry ?? []).flatMap((entry: Json) => (entry.changes ?? []).map(({ value }: Json) => value)),
    )
  return { url: `http://127.0.0.1:${port}/webhook`, taken, settings, events, changes }
}

/** Goes through the dialog as its form would; answers where the browser is sent. */
export async function decide(
  { origin, app }: Started,
  given: {
    person?: string
    pages?: readonly string[]
    scope?: string
    permissions?: readonly string[]
    decision?: string
    query?: Record<string, string>
  } = {},
): Promise<URL> {
  const { scope = wholeScope, person = ids.anna, pages = [ids.bikes, ids.coffee, ids.books] } = given
  const form = new URLSearchParams({
    client_id: app.id,
    redirect_uri: redirectUri,
    state: 'some state',
    scope,
    person,
    decision: given.decision ?? 'accept',
    ...given.query,
  })
  for (const page of pages) form.append('pages', page)
  for (const permission of given.permissions ?? scope.split(',')) form.append('permissions', permission)
  const answer = await fetch(`${origin}/v26.0/dialog/oauth`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

/** A long-lived user token. */
export async function logIn(box: Started, given: Parameters<typeof decide>[1] = {}): Promise<string> {
  const code = (await decide(box, given)).searchParams.get('code')
  const secrets = { client_id: box.app.id, client_secret: box.app.secret }
  const { body } = await box.graph('GET', 'oauth/access_token', {
    ...secrets,
    redirect_uri: redirectUri,
    code,
  })
  const long = await box.graph('GET', 'oauth/access_token', {
    ...secrets,
    grant_type: 'fb_exchange_token',
    fb_exchange_token: body.access_token,
  })
  return long.body.access_token
}

export async function pageTokens(box: Started, userToken: string): Promise<Map<string, string>> {
  const { body } = await box.graph('GET', 'me/accounts', { access_token: userToken, limit: 100 })
  return new Map(body.data.map(({ id, access_token }: Json) => [id, access_token]))
}

/** A box with an app that subscribed to the bicycle shop's page; `token` is the page's. */
export async function connected(options: SimulatorOptions = {}, login: Parameters<typeof logIn>[1] = {}) {
  const box = await startBox(options)
  const subscriber = await startSubscriber()
  const subscribed = await box.graph('POST', `${box.app.id}/subscriptions`, {
    access_token: `${box.app.id}|${box.app.secret}`,
    object: 'page',
    callback_url: subscriber.url,
    verify_token: 'a verify token',
    fields: allFields,
    include_values: true,
  })
  expect(subscribed.body).toEqual({ success: true })
  const userToken = await logIn(box, login)
  const token = (await pageTokens(box, userToken)).get(ids.bikes) ?? ''
  const page = await box.graph('POST', `${ids.bikes}/subscribed_apps`, {
    subscribed_fields: allFields,
    access_token: token,
  })
  expect(page.body).toEqual({ success: 'true' })
  const customer = { person: ids.giulia, page: ids.bikes }
  const write = async (text: string): Promise<{ mid: string; psid: string }> => {
    const said = await box.control('customer/write', { ...customer, text })
    await box.settle()
    return said
  }
  const send = (parameters: Record<string, unknown>) =>
    box.graph('POST', `${ids.bikes}/messages`, { access_token: token, ...parameters })
  return { ...box, subscriber, userToken, token, customer, write, send }
}
