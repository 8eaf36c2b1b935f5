/** A contact centre as far as the cloud asks it for a secret: a token, keys with scopes, an account. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll } from 'vitest'

export interface CentreDouble {
  host: string
  receiveUrl: string
  /** By key: what it may be used for. */
  keys: Map<string, string[]>
  /** Every call, as `POST /api/openchannel/accounts/7/secret`. */
  calls: string[]
  /** It takes signed messages alone, and this is its secret. */
  signedBy: string | undefined
  /** Of what was asked at the addresses of the account. */
  refusals: string[]
  /** Another has the Receive URL alone, and that for messages. */
  hasSiblings: boolean
}

interface Asked {
  method: string | undefined
  url: URL
  headers: IncomingHttpHeaders
  body: string
}

const ACCOUNT_SECRET = 'whsec_c2VjcmV0'

export async function startCentreDouble(): Promise<CentreDouble> {
  const centre: CentreDouble = {
    host: '',
    receiveUrl: '',
    keys: new Map(),
    calls: [],
    signedBy: undefined,
    refusals: [],
    hasSiblings: true,
  }
  centre.keys.set('pbk_good', ['attachments', 'accounts:secret'])
  centre.keys.set('pbk_narrow', ['attachments'])
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://centre')
    centre.calls.push(`${request.method} ${url.pathname}`)
    const body = await text(request)
    const [status, said] = answer(centre, { method: request.method, url, headers: request.headers, body })
    if (status >= 400 && url.searchParams.has('token')) centre.refusals.push(`${status} ${url.pathname}`)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  const { port } = server.address() as { port: number }
  centre.host = `127.0.0.1:${port}`
  centre.receiveUrl = `http://${centre.host}/api/openchannel/accounts/7/notify?token=pbt_good`
  return centre
}

function answer(centre: CentreDouble, asked: Asked): [number, object] {
  const { url, headers } = asked
  const key = headers.authorization?.replace('Bearer ', '') ?? ''
  const isEvent = url.pathname.endsWith('/events')
  const isLook = asked.method === 'GET' && url.pathname.endsWith('/notify')
  if ((isEvent || isLook) && !centre.hasSiblings) return [404, { error: 'not found' }]
  if (isEvent || url.pathname.endsWith('/notify')) {
    if (url.searchParams.get('token') !== 'pbt_good') return [401, { code: 'OC-102' }]
    if (isLook) return [200, { status: 'alive', account: { id: 7, name: 'Shop' } }]
    if (!isSigned(centre, asked)) return [401, { code: 'OC-117' }]
    return isEvent ? [200, { outcome: 'ignored' }] : [400, { code: 'OC-103' }]
  }
  const scopes = centre.keys.get(key)
  if (!scopes) return [401, { code: 'AU-104' }]
  if (url.pathname.startsWith('/api/attachments/'))
    return scopes.includes('attachments') ? [404, { code: 'GE-105' }] : [403, { code: 'AU-105' }]
  if (url.pathname !== '/api/openchannel/accounts/7/secret') return [404, { code: 'GE-105' }]
  return scopes.includes('accounts:secret')
    ? [200, { secret: ACCOUNT_SECRET, uid: 'uid-7' }]
    : [403, { code: 'AU-105' }]
}

function isSigned({ signedBy }: CentreDouble, { headers, body }: Asked): boolean {
  if (signedBy === undefined) return true
  try {
    new Webhook(signedBy).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
