/** Meta as far as logging in and choosing pages goes, for tests of the cloud alone. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll } from 'vitest'

export interface TestPage {
  id: string
  name: string
  tasks?: string[]
  /** Named beside the token alone, as a page of a business portfolio is. */
  isHidden?: boolean
  /** The person was given no token of it. */
  isTokenless?: boolean
  instagram?: { id: string; username: string }
}

export interface GraphDouble {
  url: string
  person: { id: string; name: string }
  granted: string[]
  declined: string[]
  pages: TestPage[]
  /** By page: the fields to which the app is subscribed. */
  subscriptions: Map<string, string[]>
  /** Tokens that Meta does not take any more. */
  dead: Set<string>
  /** Pages on whose wall visitors may not post. */
  wallsClosed: Set<string>
  /** Every call, as `GET me/accounts`. */
  calls: string[]
  /** Fields that Meta does not know on a page. */
  unknownFields: Set<string>
  /** Bodies of what pages sent to people. */
  sent: unknown[]
  /** Codes that the dialog gives out, each good once. */
  codes: Set<string>
}

const PAGE_ROWS = 2
const secret = '0123456789abcdef0123456789abcdef'
const usual = [
  'pages_show_list',
  'pages_manage_metadata',
  'pages_messaging',
  'pages_read_engagement',
  'pages_read_user_content',
  'pages_manage_engagement',
  'instagram_basic',
  'instagram_manage_messages',
]

type Params = URLSearchParams
class Failure extends Error {
  readonly fields: object
  constructor(fields: object) {
    super('refused')
    this.fields = fields
  }
}

export async function startGraphDouble(): Promise<GraphDouble> {
  const graph: GraphDouble = {
    url: '',
    person: { id: '218471', name: 'Nora Rossi' },
    granted: [...usual],
    declined: [],
    pages: [],
    subscriptions: new Map(),
    dead: new Set(),
    wallsClosed: new Set(),
    calls: [],
    unknownFields: new Set(),
    sent: [],
    codes: new Set(),
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://graph')
    const path = url.pathname.replace(/^\/v[\d.]+\//, '')
    graph.calls.push(`${request.method} ${path}`)
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    let body: object
    try {
      body = answer(graph, request.method ?? 'GET', path, url.searchParams, token)
      if (path.endsWith('/messages')) graph.sent.push(JSON.parse(Buffer.concat(chunks).toString()))
      response.writeHead(200, { 'content-type': 'application/json' })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      body = { error: { message: 'no', type: 'OAuthException', ...error.fields } }
      response.writeHead(400, { 'content-type': 'text/javascript; charset=UTF-8' })
    }
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  const { port } = server.address() as { port: number }
  graph.url = `http://127.0.0.1:${port}`
  return graph
}

function answer(graph: GraphDouble, method: string, path: string, params: Params, token: string): object {
  if (path === 'oauth/access_token') return exchange(graph, params)
  const proof = createHmac('sha256', secret).update(token).digest('hex')
  if (params.get('appsecret_proof') !== proof) throw new Failure({ code: 100 })
  if (path === 'debug_token') return debug(graph, params.get('input_token') ?? '')
  if (graph.dead.has(token)) throw new Failure({ code: 190, error_subcode: 460 })
  if (path === 'me') return graph.person
  if (path === 'me/permissions') return permissions(graph)
  if (path === 'me/accounts') return accounts(graph, params)
  const [pageId = '', edge] = path.split('/')
  const page = graph.pages.find(({ id }) => id === pageId)
  if (!page) throw new Failure({ code: 100, error_subcode: 33 })
  if (edge === 'settings')
    return { data: [{ setting: 'USERS_CAN_POST', value: !graph.wallsClosed.has(pageId) }] }
  if (edge === 'messages') return { recipient_id: '42', message_id: `m_${graph.calls.length}` }
  return edge === 'subscribed_apps' ? subscribed(graph, method, page, params, token) : shown(page, params)
}

function exchange(graph: GraphDouble, params: Params): object {
  if (params.get('client_secret') !== secret) throw new Failure({ code: 1 })
  if (params.get('grant_type') === 'fb_exchange_token')
    return { access_token: `long-${graph.person.id}`, token_type: 'bearer', expires_in: 5_183_944 }
  if (!graph.codes.delete(params.get('code') ?? '')) throw new Failure({ code: 100, error_subcode: 36009 })
  return { access_token: 'short', token_type: 'bearer', expires_in: 3600 }
}

function permissions({ granted, declined }: GraphDouble): object {
  const of = (names: string[], status: string) => names.map((permission) => ({ permission, status }))
  return { data: [...of(granted, 'granted'), ...of(declined, 'declined')] }
}

const shown = ({ id, name, tasks = ['MANAGE'], isTokenless, instagram }: TestPage, params: Params) => ({
  id,
  name,
  tasks,
  category: 'Pet Service',
  ...(!isTokenless && { access_token: `page-${id}` }),
  ...(instagram &&
    params.get('fields')?.includes('instagram_business_account') && {
      instagram_business_account: instagram,
    }),
})

function accounts({ pages }: GraphDouble, params: Params): object {
  const listed = pages.filter(({ isHidden }) => !isHidden)
  const start = Number(params.get('after') ?? 0)
  const next = start + PAGE_ROWS
  return {
    data: listed.slice(start, next).map((page) => shown(page, params)),
    paging: {
      cursors: { before: String(start), after: String(next) },
      ...(next < listed.length && {
        next: `https://elsewhere.example/me/accounts?after=${next}&access_token=x`,
      }),
    },
  }
}

function debug(graph: GraphDouble, token: string): object {
  if (graph.dead.has(token)) return { data: { is_valid: false, error: { code: 190, subcode: 460 } } }
  const target_ids = graph.pages.map(({ id }) => id)
  return {
    data: {
      is_valid: true,
      expires_at: 0,
      scopes: graph.granted,
      granular_scopes: [{ scope: 'pages_show_list' }, { scope: 'pages_messaging', target_ids }],
    },
  }
}

function subscribed(
  graph: GraphDouble,
  method: string,
  { id }: TestPage,
  params: Params,
  token: string,
): object {
  if (token !== `page-${id}`) throw new Failure({ code: 190 })
  if (method === 'POST') {
    const fields = (params.get('subscribed_fields') ?? '').split(',')
    if (fields.some((field) => graph.unknownFields.has(field))) throw new Failure({ code: 100 })
    graph.subscriptions.set(id, fields)
  }
  if (method === 'DELETE') graph.subscriptions.delete(id)
  if (method !== 'GET') return { success: 'true' }
  const fields = graph.subscriptions.get(id)
  return { data: fields ? [{ id: '1234567890', name: 'Patchbay', subscribed_fields: fields }] : [] }
}
