/** What serves an app in the browser: its page under every address of its own, its files, its policy. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { appPages } from './app-pages.ts'
import { createHttp, type Http } from './http.ts'
import { createLog } from './log.ts'

const dir = await mkdtemp(join(tmpdir(), 'patchbay-app-'))
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

const openApp = async (from: string): Promise<Http> => {
  const http = createHttp({ log: createLog({ program: 'test', level: 'silent' }) })
  open.push(http)
  await appPages(http, { name: 'The desk', dir: from, taken: ['connect'] })
  await http.ready()
  return http
}
const app = await openApp(dir)

test.each([
  '/',
  '/inbox',
  '/interactions/12',
  '/setup?code=abc',
  '/connection',
  '/admin/accounts/3?tab=actions',
])('is its one page at %s', async (url) => {
  const { statusCode, body, headers } = await app.inject(url)
  expect(statusCode).toBe(200)
  expect(body).toContain('<title>Desk</title>')
  expect(headers['cache-control']).toBe('no-store')
})

test('allows no script but its files, and styles by a nonce that is never the same', async () => {
  const [first, second] = [await app.inject('/'), await app.inject('/')]
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
  const { headers } = await app.inject({
    url: '/',
    headers: { host: "evil.example; script-src 'unsafe-inline'" },
  })
  expect(headers['content-security-policy']).not.toContain('evil')
})

test('keeps files that carry a digest for ever, and others for an hour', async () => {
  const asset = await app.inject('/assets/index-abc123.js')
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const icon = await app.inject('/favicon.svg')
  expect(icon.headers['cache-control']).toBe('public, max-age=3600')
})

test('sends what was compressed beforehand to who takes it', async () => {
  const url = '/assets/index-abc123.js'
  const compressed = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
  expect([compressed.body, compressed.headers['content-encoding']]).toEqual(['brotli', 'br'])
  expect((await app.inject(url)).body).toBe('plain')
  expect((await app.inject(`${url}.br`)).statusCode).toBe(404)
})

test.each([
  '/assets/gone.js',
  '/assets/../../package.json',
  '/%2e%2e/package.json',
  '/api/x',
  '/connect/facebook/nothing',
  '/robots.txt',
])('is not what answers %s', async (url) => {
  const { statusCode, headers } = await app.inject(url)
  expect(statusCode).toBe(404)
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
})

test('says how to build it where it is not built', async () => {
  const { statusCode, body } = await (await openApp(join(dir, 'nowhere'))).inject('/')
  expect(statusCode).toBe(503)
  expect(body).toContain('npm run build')
})
