/** A server behind a relay: activation by code, messages in, files, and what happens while one of the two is away. */
import { randomBytes } from 'node:crypto'
import { freePort } from '@patchbay/kit/free-port.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount } from './service.ts'

const operatorToken = randomBytes(24).toString('base64url')
const patiently = { timeout: 40_000, interval: 100 }
const folders: Awaited<ReturnType<typeof dataFolder>>[] = []
let server: Program
let relay: Program
let relayPort: number
let relayFolder: string
let api: Client

beforeAll(async () => {
  for (let made = 0; made < 2; made++) folders.push(await dataFolder())
  relayFolder = folders[1]?.path ?? ''
  relayPort = await freePort()
  ;[server, relay] = await Promise.all([startProgram({ dataDir: folders[0]?.path ?? '' }), startRelay()])
  api = client(server.origin)
})
afterAll(async () => {
  await Promise.all([server?.stop(), relay?.stop()])
  for (const folder of folders) await folder.remove()
})

const startRelay = (): Promise<Program> =>
  startProgram({
    dataDir: relayFolder,
    port: relayPort,
    startFile: '../relay/start.js',
    env: { RELAY_PORT: String(relayPort), RELAY_ADMIN_TOKEN: operatorToken },
  })

const operator = async <T>(method: string, path: string): Promise<T> => {
  const answer = await fetch(`${relay.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorToken}` },
  })
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

const states = async () =>
  (await api.get<{ rows: { state: string }[] }>('/api/relays')).rows.map(({ state }) => state)

const notify = (account: { id: number; receiveUrl: string }, body: string, messageId = body) =>
  fetch(account.receiveUrl.replace(server.origin, relay.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '+39 350 111', mapKey: 'phone', body, messageId }),
  })

test('an admin enters address and code, and messages reach the server by way of the relay', async () => {
  const { code } = await operator<{ code: string }>('POST', '/api/codes')
  const account = await makeAccount(api, { mapKey: 'phone' })
  expect((await notify(account, 'too early')).status).toBe(401)
  await api.send('POST', '/api/relays', { url: relay.origin, code })
  await expect.poll(states, patiently).toEqual(['connected'])
  await expect.poll(async () => (await notify(account, 'Hello')).status, patiently).toBe(200)
  const answer = (await (await notify(account, 'And again')).json()) as { interaction: { id: number } }
  const messages = await api.get<{ rows: { body: string }[] }>(
    `/api/openchannel/interactions/${answer.interaction.id}/messages`,
  )
  expect(messages.rows.map(({ body }) => body)).toEqual(['Hello', 'And again'])
})

test('an account made later, a key made later and files pass too', async () => {
  const account = await makeAccount(api, { mapKey: 'phone' })
  await expect.poll(async () => (await notify(account, 'A new account')).status, patiently).toBe(200)
  const { key } = await api.send<{ key: string }>('POST', '/api/keys', {
    name: 'files',
    scopes: ['attachments'],
  })
  const bytes = randomBytes(300_000)
  const form = new FormData()
  form.append('file', new Blob([bytes]), 'photo.bin')
  const send = () => fetch(`${relay.origin}/api/attachments?apikey=${key}`, { method: 'POST', body: form })
  let id = 0
  await expect
    .poll(async () => {
      const sent = await send()
      if (sent.ok) id = ((await sent.json()) as { id: number }).id
      return sent.status
    }, patiently)
    .toBe(201)
  const got = await fetch(`${relay.origin}/api/attachments/${id}/download/`, {
    headers: { authorization: `Bearer ${key}` },
  })
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
})

test('a relay that was killed comes back with all it knew, and what was refused meanwhile arrives once', async () => {
  const account = await makeAccount(api, { mapKey: 'phone' })
  await expect.poll(async () => (await notify(account, 'Before')).status, patiently).toBe(200)
  await relay.kill()
  await expect.poll(states, patiently).toEqual(['connecting'])
  relay = await startRelay()
  // Told to repeat until the link is there again, and never that nobody knows the token.
  const told = new Set<number>()
  await expect
    .poll(async () => {
      const { status } = await notify(account, 'After')
      told.add(status)
      return status
    }, patiently)
    .toBe(200)
  expect([...told].filter((status) => status !== 200 && status !== 503)).toEqual([])
  const again = (await (await notify(account, 'After')).json()) as {
    duplicate: boolean
    interaction: { id: number }
  }
  expect(again.duplicate).toBe(true)
})

test('what the sender was told is 200 is there, however often the server is killed meanwhile', async () => {
  const account = await makeAccount(api, { mapKey: 'phone', ratePerSecond: 1000, rateBurst: 1000 })
  await expect.poll(async () => (await notify(account, 'first')).status, patiently).toBe(200)
  const accepted = new Set<string>()
  const unexpected = new Set<number>()
  let isDone = false
  const sending = (async () => {
    for (let number = 0; !isDone; number++) {
      const answer = await notify(account, `number ${number}`)
      if (answer.status === 200) accepted.add(`number ${number}`)
      else if (answer.status !== 503) unexpected.add(answer.status)
    }
  })()
  await new Promise((resume) => setTimeout(resume, 500))
  const { dataDir, port } = server
  await server.kill()
  server = await startProgram({ dataDir, port })
  api = client(server.origin)
  await expect.poll(states, patiently).toEqual(['connected'])
  const before = accepted.size
  await expect.poll(() => accepted.size, patiently).toBeGreaterThan(before + 3)
  isDone = true
  await sending
  expect([...unexpected]).toEqual([])
  const answer = (await (await notify(account, 'last')).json()) as { interaction: { id: number } }
  const stored: string[] = []
  for (let offset = 0; ; offset += 200) {
    const path = `/api/openchannel/interactions/${answer.interaction.id}/messages?limit=200&offset=${offset}`
    const { rows } = await api.get<{ rows: { body: string }[] }>(path)
    stored.push(...rows.map(({ body }) => body))
    if (rows.length < 200) break
  }
  expect([...accepted].filter((body) => !stored.includes(body))).toEqual([])
  expect(new Set(stored).size).toBe(stored.length)
})

test('the look at reachability says what answers outward, and what the relay sees from its side', async () => {
  const found = await api.send<{
    fromOutside: { reach: { ok: boolean } }[]
    outward: { what: string; reach: { ok: boolean } }[]
  }>('POST', '/api/reachability')
  expect(found.fromOutside.map(({ reach }) => reach.ok)).toEqual([true])
  expect(found.outward.map(({ what, reach }) => [what, reach.ok])).toEqual([['relay', true]])
})

test('a wrong code, a used one and an address that is no relay are refused in words', async () => {
  const add = async (body: object) => (await api.raw('POST', '/api/relays', body)).status
  const other = relay.origin.replace('localhost', '127.0.0.1')
  expect(await add({ url: other, code: 'AAAAA-AAAAA-AAAAA-AAAAA' })).toBe(403)
  expect(await add({ url: server.origin, code: 'AAAAA' })).toBe(409)
  expect(await add({ url: 'http://127.0.0.1:1', code: 'AAAAA' })).toBe(409)
  expect(await add({ url: 'nonsense', code: 'AAAAA' })).toBe(400)
  expect(await add({ url: relay.origin, code: 'AAAAA' })).toBe(409)
})

test('a second address of the same operator needs no code, and leaving one ends it there', async () => {
  const other = relay.origin.replace('localhost', '127.0.0.1')
  const { id } = await api.send<{ id: number }>('POST', '/api/relays', { url: other })
  await expect.poll(states, patiently).toEqual(['connected', 'connected'])
  const [server] = (await operator<{ rows: { links: number }[] }>('GET', '/api/servers')).rows
  expect(server?.links).toBe(2)
  await api.send('DELETE', `/api/relays/${id}`)
  await expect.poll(states, patiently).not.toContain('connecting')
  expect(await states()).toHaveLength(1)
})
