/** The pages beside the API: what operators ask, what programmers read, and the desk. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttp, type Http } from '@patchbay/kit/http.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { api } from '@patchbay/protocol/api.ts'
import { problems } from '@patchbay/protocol/problem.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
import { deskPages } from './desk.ts'
import { makeOpenApi } from './openapi.ts'

describe('operators', async () => {
  const server = await startTestServer()
  const get = (path: string) => fetch(`${server.url}${path}`)

  test('see whether the program is alive, ready, and how it does', async () => {
    expect(await (await get('/healthz')).json()).toMatchObject({ status: 'alive' })
    expect(await (await get('/readyz')).json()).toMatchObject({ status: 'ready' })
    const metrics = await get('/metrics')
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/)
    const text = await metrics.text()
    expect(text).toMatch(/^patchbay_database_connections \d+$/m)
    await server.call('GET /api/users/:id', { params: { id: 999_999 } })
    expect(await (await get('/metrics')).text()).toContain(
      'patchbay_http_answer_seconds_count{endpoint="GET /api/users/:id",status="404"} 1',
    )
  })

  test('are told when the database does not answer', async () => {
    const { pool } = server.ctx
    const query = pool.connect.bind(pool)
    // Also for the engines, which ask meanwhile by the pool's own callback.
    const gone = (done?: (error: Error) => void) =>
      done ? done(new Error('gone')) : Promise.reject(new Error('gone'))
    Object.assign(pool, { connect: gone })
    const answer = await get('/readyz')
    Object.assign(pool, { connect: query })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect((await get('/readyz')).status).toBe(200)
  })

  test('find every refusal explained where its type points', async () => {
    const page = await get('/docs/errors')
    const html = await page.text()
    for (const code of Object.keys(problems)) expect(html).toContain(`id="${code}"`)
    expect(html).not.toMatch(/<script|style="/)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  })

  test('read the API from this host alone', async () => {
    const html = await (await get('/apidoc')).text()
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '')
    expect(links.filter((link) => !link.startsWith('/'))).toEqual([])
    for (const link of links.filter((link) => link.startsWith('/apidoc'))) {
      const file = await get(link)
      expect([link, file.status]).toEqual([link, 200])
    }
    expect((await get('/apidoc/../package.json')).status).toBe(404)
    expect(await (await get('/api/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
  })

  test('are told in a problem document that an address of the API does not exist', async () => {
    const answer = await get('/api/nothing')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })
})

describe('the OpenAPI document', () => {
  const document = makeOpenApi('1.0.0')
  const text = JSON.stringify(document)
  const paths = document.paths as Record<string, Record<string, { operationId: string; security: object[] }>>

  test('has every endpoint of the table, and the Receive URL', () => {
    for (const key of Object.keys(api)) {
      const [method = '', path = ''] = key.split(' ')
      expect(paths[path.replace(/:(\w+)/g, '{$1}')]).toHaveProperty(method.toLowerCase())
    }
    expect(paths['/api/openchannel/accounts/{id}/notify']).toHaveProperty('post')
  })

  test('names every operation once', () => {
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/)
  })

  test('refers to nothing that it does not hold', () => {
    const { schemas } = document.components as { schemas: object }
    const references = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter((name) => !(String(name) in schemas))).toEqual([])
  })
})

describe('the desk', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-desk-'))
  const open: Http[] = []
  afterAll(async () => {
    for (const http of open) await http.close()
    await rm(dir, { recursive: true, force: true })
  })
  await mkdir(join(dir, 'assets'))
  await writeFile(
    join(dir, 'index.html'),
    '<meta property="csp-nonce" content="__CSP_NONCE__"><title>Desk</title>',
  )
  await writeFile(join(dir, 'favicon.svg'), '<svg/>')
  await writeFile(join(dir, 'assets/index-abc123.js'), 'plain')
  await writeFile(join(dir, 'assets/index-abc123.js.br'), 'brotli')

  const openDesk = async (from: string): Promise<Http> => {
    const http = createHttp({ log: createLog({ program: 'test', level: 'silent' }) })
    open.push(http)
    await deskPages(http, from)
    await http.ready()
    return http
  }
  const desk = await openDesk(dir)

  test.each(['/', '/inbox', '/interactions/12', '/setup?code=abc', '/admin/accounts/3?tab=actions'])(
    'is its one page at %s',
    async (url) => {
      const { statusCode, body, headers } = await desk.inject(url)
      expect(statusCode).toBe(200)
      expect(body).toContain('<title>Desk</title>')
      expect(headers['cache-control']).toBe('no-store')
    },
  )

  test('allows no script but its files, and styles by a nonce that is never the same', async () => {
    const [first, second] = [await desk.inject('/'), await desk.inject('/')]
    const policy = String(first.headers['content-security-policy'])
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/)
    expect(first.body).toContain(`content="${nonce}"`)
    expect(first.body).not.toContain('__CSP_NONCE__')
    expect(second.body).not.toContain(nonce)
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(first.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  test('lets no host name of a stranger into its policy', async () => {
    const { headers } = await desk.inject({
      url: '/',
      headers: { host: "evil.example; script-src 'unsafe-inline'" },
    })
    expect(headers['content-security-policy']).not.toContain('evil')
  })

  test('keeps files that carry a digest for ever, and others for an hour', async () => {
    const asset = await desk.inject('/assets/index-abc123.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const icon = await desk.inject('/favicon.svg')
    expect(icon.headers['cache-control']).toBe('public, max-age=3600')
  })

  test('sends what was compressed beforehand to who takes it', async () => {
    const url = '/assets/index-abc123.js'
    const compressed = await desk.inject({ url, headers: { 'accept-encoding': 'br' } })
    expect([compressed.body, compressed.headers['content-encoding']]).toEqual(['brotli', 'br'])
    expect((await desk.inject(url)).body).toBe('plain')
    expect((await desk.inject(`${url}.br`)).statusCode).toBe(404)
  })

  test.each([
    '/assets/gone.js',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/api/x',
    '/robots.txt',
  ])('is not what answers %s', async (url) => {
    const { statusCode, headers } = await desk.inject(url)
    expect(statusCode).toBe(404)
    expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  test('says how to build it where it is not built', async () => {
    const { statusCode, body } = await (await openDesk(join(dir, 'nowhere'))).inject('/')
    expect(statusCode).toBe(503)
    expect(body).toContain('npm run build')
  })
})
