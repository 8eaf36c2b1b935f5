import { afterEach, expect, test, vi } from 'vitest'
import { ApiError, api, fillPath, queryOf, whenSignedOut } from './api.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  whenSignedOut(() => {})
})

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn(
    async (_url: string, _init: RequestInit) =>
      new Response(body === null ? null : JSON.stringify(body), { status, headers }),
  )
  vi.stubGlobal('fetch', fetch)
  return fetch
}

test('ids go into the path, escaped', () => {
  expect(fillPath('/api/lists/:id/x/:name', { id: 7, name: 'a/b?' })).toBe('/api/lists/7/x/a%2Fb%3F')
})

test('a query leaves out what is not set and repeats lists', () => {
  expect(queryOf({ limit: 50, search: undefined, cursor: null, tag: ['a b', 'c'] })).toBe(
    '?limit=50&tag=a+b&tag=c',
  )
  expect(queryOf({})).toBe('')
})

test('a change is JSON and asks for the session', async () => {
  const fetch = answer(200, {})
  await api('PUT /api/me/presence', { body: { state: 'available' } })
  const [url, init] = fetch.mock.calls[0] ?? []
  expect(url).toBe('/api/me/presence')
  expect(init).toMatchObject({
    method: 'PUT',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: '{"state":"available"}',
  })
})

test('an answer without a body is null', async () => {
  answer(204, null)
  expect(await api('DELETE /api/session')).toBeNull()
})

test('a refusal carries its code, field and waiting time', async () => {
  answer(429, { code: 'AU-102', detail: 'Too many failures', field: 'password' }, { 'retry-after': '30' })
  const error = await api('POST /api/session', { body: { email: 'a@b', password: 'x' } }).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    status: 429,
    code: 'AU-102',
    detail: 'Too many failures',
    field: 'password',
    retryAfterSeconds: 30,
  })
})

test('a refusal in HTML by a proxy is still a refusal', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
  await expect(api('GET /api/me')).rejects.toMatchObject({ status: 502, code: 'http-502' })
})

test('a lost session is told, a wrong password is not one', async () => {
  const signedOut = vi.fn()
  whenSignedOut(signedOut)
  answer(401, { code: 'AU-101' })
  await api('POST /api/session', { body: { email: 'a@b', password: 'x' } }).catch(() => {})
  expect(signedOut).not.toHaveBeenCalled()
  answer(401, { code: 'AU-104' })
  await api('GET /api/me').catch(() => {})
  expect(signedOut).toHaveBeenCalledOnce()
})

test('a server that cannot be reached is status 0, a call taken back stays one', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(api('GET /api/me')).rejects.toMatchObject({ status: 0, code: 'offline' })
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('', 'AbortError')))
  await expect(api('GET /api/me')).rejects.toMatchObject({ name: 'AbortError' })
})
