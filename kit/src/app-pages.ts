/** An app in the browser: its built files, and its one page under every address that is nobody else's. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Http } from './http.ts'
import { Refusal } from './refusal.ts'

const NONCE = '__CSP_NONCE__'
// The name of such a file holds a digest of its content, so it never changes.
const ASSETS = '/assets/'

export interface AppPages {
  /** What it is called where it is not built: `The desk`. */
  name: string
  /** Where its files lie. */
  dir: string
  /** First segments of addresses that are never its own, beside those of the API and its documents. */
  taken?: readonly string[]
}

const alwaysTaken = ['api', 'apidoc', 'assets', 'docs']

export async function appPages(http: Http, { name, dir, taken = [] }: AppPages): Promise<void> {
  const notItsOwn = new Set([...alwaysTaken, ...taken])
  const indexFile = join(dir, 'index.html')
  const index = existsSync(indexFile) ? await readFile(indexFile, 'utf8') : undefined
  if (index !== undefined) {
    await http.register(fastifyStatic, {
      root: dir,
      wildcard: false,
      globIgnore: ['index.html', '**/*.br', '**/*.gz'],
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isAsset = path.slice(dir.length).replaceAll('\\', '/').startsWith(ASSETS)
        reply.header(
          'cache-control',
          isAsset ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
        )
      },
    })
  }

  http.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    // Its own addresses are words without a dot; what looks like a file and was not found is not there.
    if (notItsOwn.has(path.split('/')[1] ?? '') || /\.[^/]*$/.test(path))
      throw new Refusal('GE-105', `There is nothing at GET ${path}.`)
    if (index === undefined)
      throw new Refusal('GE-109', `${name} is not built: run \`npm run build --workspace web\`.`)
    const nonce = randomBytes(18).toString('base64')
    reply.headers(pageHeaders(nonce, request.headers.host)).type('text/html; charset=utf-8')
    return index.replaceAll(NONCE, nonce)
  })
}

function pageHeaders(nonce: string, host: string | undefined): Record<string, string> {
  // Some browsers do not count a socket to the same host as 'self'.
  const sockets = host && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  return {
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      `connect-src 'self'${sockets}`,
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  }
}
