/** A contact centre as far as the cloud asks it for a secret: a token, keys with scopes, an account. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
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
}

const ACCOUNT_SECRET = 'whsec_c2VjcmV0'

export async function startCentreDouble(): Promise<CentreDouble> {
  const centre: CentreDouble = { host: '', receiveUrl: '', keys: new Map(), calls: [], signedBy: undefined }
  centre.keys.set('pbk_good', ['attachments', 'accounts:secret'])
  centre.keys.set('pbk_narrow', ['attachments'])
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://centre')
    centre.calls.push(`${request.method} ${url.pathname}`)
    const [status, body] = answer(centre, url, request.headers)
    response.writeHead(status, { 'content-type': 'application/json' })
    request.resume().on('end', () => response.end(JSON.stringify(body)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  const { port } = server.address() as { port: number }
  centre.host = `127.0.0.1:${port}`
  centre.receiveUrl = `http://${centre.host}/api/openchannel/accounts/7/notify?token=pbt_good`
  return centre
}

function answer(centre: CentreDouble, url: URL, headers: IncomingHttpHeaders): [number, object] {
  const key = headers.authorization?.replace('Bearer ', '') ?? ''
  if (url.pathname.endsWith('/notify')) {
    if (url.searchParams.get('token') !== 'pbt_good') return [401, { code: 'OC-102' }]
    return isSigned(centre, headers) ? [400, { code: 'OC-103' }] : [401, { code: 'OC-117' }]
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

function isSigned({ signedBy }: CentreDouble, headers: IncomingHttpHeaders): boolean {
  if (signedBy === undefined) return true
  try {
    new Webhook(signedBy).verify('{}', headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
