/** The pages beside the API: what operators ask, and what programmers read. */
import { api } from '@patchbay/protocol/api.ts'
import { problems } from '@patchbay/protocol/problem.ts'
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'
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
