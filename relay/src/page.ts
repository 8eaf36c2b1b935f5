/** The operator's page: codes and servers. */
import { readFile } from 'node:fs/promises'
import type { Http } from '@patchbay/kit/http.ts'

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/favicon.svg': ['favicon.svg', 'image/svg+xml'],
} as const

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export async function operatorPage(http: Http): Promise<void> {
  for (const [path, [name, type]] of Object.entries(files)) {
    const content = await readFile(new URL(`page/${name}`, import.meta.url))
    http.get(path, async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy)
      reply.type(type)
      return content
    })
  }
}
