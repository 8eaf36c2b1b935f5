/** The desk: its built files, and its one page under every address that is nobody else's. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'

export const deskDir = fileURLToPath(new URL('../../../web/dist', import.meta.url))

const NONCE = '__CSP_NONCE__'
// The name of such a file holds a digest of its content, so it never changes.
const ASSETS = '/assets/'

export async function deskPages(http: Http, dir = deskDir): Promise<void> {
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
    if (!isDeskPath(path)) throw new Refusal('GE-105', `There is nothing at GET ${path}.`)
    if (index === undefined)
      throw new Refusal('GE-109', 'The desk is not built: run `npm run build --workspace web`.')
    const nonce = randomBytes(18).toString('base64')
    reply.headers(deskHeaders(nonce, request.headers.host)).type('text/html; charset=utf-8')
    return index.replaceAll(NONCE, nonce)
  })
}

// The desk's own addresses are words without a dot; what looks like a file and was not found is not there.
function isDeskPath(path: string): boolean {
  return !/^\/(api|echo|assets|apidoc|docs)(\/|$)/.test(path) && !/\.[^/]*$/.test(path)
}

function deskHeaders(nonce: string, host: string | undefined): Record<string, string> {
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
