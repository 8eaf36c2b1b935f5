import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCodes } from './codes.ts'
import { adminToken, digest, folder, linked, notify, soon, startRelay, taken } from './testing.ts'

test('a code works once, mistyped letters and all, and names one server at every relay of the operator', async () => {
  const [one, two] = [await startRelay(), await startRelay()]
  const { code } = (await one.call('POST', '/api/codes')).body
  const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
  const first = await one.call('POST', '/api/servers', '', { code: typed, name: 'a' })
  expect(first.status).toBe(201)
  expect((await one.call('POST', '/api/servers', '', { code, name: 'b' })).status).toBe(403)
  expect((await two.call('POST', '/api/servers', '', { code, name: 'a' })).body).toEqual(first.body)
  const other = createCodes('the-token-of-somebody-else-entirely').make(new Date()).code
  expect((await one.call('POST', '/api/servers', '', { code: other, name: 'c' })).status).toBe(403)
})

test('a code that is a day old opens nothing', () => {
  const codes = createCodes(adminToken)
  const now = new Date('2026-03-29T00:00:00Z')
  const { code, expiresAt } = codes.make(now)
  expect(codes.read(code, new Date(expiresAt.getTime() - 1))).toBeDefined()
  expect(codes.read(code, expiresAt)).toBeUndefined()
})

test('a revoked server loses its links at once, is told why, and its key opens none again', async () => {
  const relay = await startRelay()
  const { link, serverId, key } = await linked(relay, taken)
  expect((await relay.call('DELETE', `/api/servers/${serverId}`)).status).toBe(204)
  await expect.poll(() => link.state(), soon).toMatchObject({ state: 'refused' })
  expect((await notify(relay, '?token=pbt_seven')).status).toBe(401)
  expect((await relay.call('PUT', '/api/servers/me', key, { name: '', accounts: [], keys: [] })).status).toBe(
    401,
  )
})

test('who guesses the operator’s token, a key or a code is slowed down', async () => {
  const relay = await startRelay()
  const statuses: number[] = []
  for (let tries = 0; tries < 25; tries++)
    statuses.push((await relay.call('GET', '/api/servers', `wrong-${tries}`)).status)
  expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
  expect(statuses.slice(20)).toEqual(Array.from({ length: 5 }, () => 429))
  expect((await relay.call('GET', '/api/servers')).status).toBe(429)
})

test('the registry keeps digests alone: no token, no key, no message', async () => {
  const relay = await startRelay()
  const { key } = await linked(relay, taken)
  await notify(relay, '?token=pbt_seven', { body: '{"from":"1","body":"a secret of mine"}' })
  const text = await readFile(join(folder, relay.name, 'registry.json'), 'utf8')
  expect(text).toContain(digest('pbt_seven'))
  for (const secret of ['pbt_seven', 'pbk_seven', 'a secret of mine', key, adminToken])
    expect(text).not.toContain(secret)
})

test('an upgrade elsewhere, or without a key, is refused and leaves nothing behind', async () => {
  const relay = await startRelay()
  const { port } = new URL(relay.url)
  const upgrade = async (path: string, key: string) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${key}\r\n\r\n`,
    )
    const [head] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return Number(head.toString().split(' ')[1])
  }
  expect(await upgrade('/api/link', 'pbr_nothing')).toBe(401)
  expect(await upgrade('/api/elsewhere', 'pbr_nothing')).toBe(404)
})

test('a server asks the relay whether it can be reached from outside, and is told in words', async () => {
  const relay = await startRelay()
  const { key, target } = await linked(relay, (_request, response) => response.end('{"status":"alive"}'))
  const reach = async (url: string) => (await relay.call('POST', '/api/servers/me/reach', key, { url })).body
  expect(await reach(`http://127.0.0.1:${target.port}`)).toMatchObject({ ok: true, diagnosis: 'ok' })
  expect(await reach('http://127.0.0.1:1')).toMatchObject({ ok: false, diagnosis: 'connect' })
  expect(await reach('http://10.0.0.1')).toMatchObject({ ok: false, diagnosis: 'blocked-address' })
  expect(await reach('nonsense')).toMatchObject({ ok: false, diagnosis: 'bad-url' })
})
