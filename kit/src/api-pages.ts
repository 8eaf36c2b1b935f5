// The API reference: /api/openapi.json, and Swagger UI on it, served from here so that no outside host is asked.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { Http } from './http.ts'

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API - Patchbay</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/apidoc/swagger-ui.css">
<link rel="stylesheet" href="/apidoc/page.css">
<script src="/apidoc/swagger-ui-bundle.js" defer></script>
<script src="/apidoc/page.js" defer></script>
</head>
<body>
<div id="api"></div>
<noscript>The page needs JavaScript; the same is told by <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
</body>
</html>
`

// The badge of an outside validator stays off, and what is tried out here must not carry the reader's session.
const script = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  layout: 'BaseLayout',
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null,
  requestInterceptor: (request) => Object.assign(request, { credentials: 'omit' }),
})
`

// Swagger UI draws its icons as data: images. What it styles by itself it styles through the DOM, which needs no leave.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** `document` is the API as OpenAPI. */
export async function apiPages(http: Http, document: object): Promise<void> {
  const openApi = JSON.stringify(document)
  http.get('/api/openapi.json', async (_request, reply) => {
    reply.type('application/json; charset=utf-8')
    return openApi
  })

  http.get('/apidoc', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    reply.type('text/html; charset=utf-8')
    return page
  })
  http.get('/apidoc/', async (_request, reply) => reply.redirect('/apidoc', 308))
  http.get('/apidoc/page.js', async (_request, reply) => {
    reply.type('text/javascript; charset=utf-8')
    return script
  })
  const style = await readFile(new URL('./api-pages.css', import.meta.url), 'utf8')
  http.get('/apidoc/page.css', async (_request, reply) => {
    reply.type('text/css; charset=utf-8')
    return style
  })

  const package_ = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
  const root = join(dirname(package_), 'static')
  await http.register(fastifyStatic, {
    root,
    prefix: '/apidoc/',
    wildcard: false,
    globIgnore: ['!(swagger-ui-bundle.js|swagger-ui.css)'],
    decorateReply: false,
    maxAge: '1h',
  })
}
