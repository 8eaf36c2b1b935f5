import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { expect, test } from 'vitest'
import { type Answer, digest, linked, notify, open, soon, startRelay, startServer, taken } from './testing.ts'

test('a message reaches a server that nobody can connect to, as it was sent, and its answer comes back as it was given', async () => {
  const relay = await startRelay()
  await linked(relay, taken)
  const answer = await notify(relay, '?token=pbt_seven')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-from')).toBe('the server')
  expect(await answer.json()).toEqual({
    url: '/api/openchannel/accounts/7/notify?token=pbt_seven',
    method: 'POST',
    type: 'application/json',
    body: '{"from":"1","body":"Hello"}',
  })
})

test('tokens and keys are found as the server itself takes them: in the query and as Bearer', async () => {
  const relay = await startRelay()
  await linked(relay, taken)
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  expect((await notify(relay, '', bearer('pbt_seven'))).status).toBe(200)
  expect((await notify(relay, '?apikey=pbk_seven')).status).toBe(200)
  expect((await fetch(`${relay.url}/api/attachments/3/download/?apikey=pbk_seven`)).status).toBe(200)
  expect((await fetch(`${relay.url}/api/attachments/3`, bearer('pbk_seven'))).status).toBe(200)
})

test.each([
  ['a wrong token', '/api/openchannel/accounts/7/notify?token=pbt_eight', {}, 401, 'RL-102'],
  ['the token of another account', '/api/openchannel/accounts/8/notify?token=pbt_seven', {}, 401, 'RL-102'],
  ['no token', '/api/openchannel/accounts/7/notify', {}, 401, 'RL-102'],
  ['a token where a key is needed', '/api/attachments?apikey=pbt_seven', {}, 401, 'RL-102'],
  ['a password', '/api/attachments', { authorization: 'Basic YTpi' }, 401, 'RL-103'],
  [
    'another endpoint of an account',
    '/api/openchannel/accounts/7/agents?apikey=pbk_seven',
    {},
    404,
    'GE-105',
  ],
  ['another endpoint', '/api/users?apikey=pbk_seven', {}, 404, 'GE-105'],
  ['a way out of the path', '/api/attachments/..%2fusers?apikey=pbk_seven', {}, 404, 'GE-105'],
])('%s is refused and reaches no server', async (_, path, headers, status, code) => {
  let calls = 0
  const relay = await startRelay()
  await linked(relay, (_request, response) => {
    calls++
    response.end('{}')
  })
  const answer = await fetch(`${relay.url}${path}`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: 'x',
  })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code })
  expect(calls).toBe(0)
})

test('while the server is away the sender is told to repeat, also after a restart of the relay; then the message arrives', async () => {
  const first = await startRelay()
  const { link, key, target } = await linked(first, taken)
  await link.close()
  await expect.poll(async () => (await notify(first, '?token=pbt_seven')).status, soon).toBe(503)
  await first.stop()
  const again = await startRelay({ name: first.name })
  const answer = await notify(again, '?token=pbt_seven')
  expect([answer.status, ((await answer.json()) as Answer).code]).toEqual([503, 'RL-101'])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  const back = open(again, key, target)
  await expect.poll(() => back.state().state, soon).toBe('connected')
  expect((await notify(again, '?token=pbt_seven')).status).toBe(200)
})

test('a link that breaks before the server has answered is no success: the sender is told to repeat', async () => {
  const relay = await startRelay()
  let asked = 0
  const { link } = await linked(relay, () => {
    asked++
  })
  const answer = notify(relay, '?token=pbt_seven')
  await expect.poll(() => asked, soon).toBe(1)
  void link.close()
  link.state()
  expect((await answer).status).toBe(503)
})

test('negative control: a server that answers before the link breaks is believed', async () => {
  const relay = await startRelay()
  const { link } = await linked(relay, taken)
  const answer = await notify(relay, '?token=pbt_seven')
  await link.close()
  expect(answer.status).toBe(200)
})

test.each([
  ['a long answer', 1_000_000, 200],
  ['a short one, of which nothing was passed on,', 1_000, 503],
])('%s that breaks off in the middle is cut off and never looks whole', async (_, length, status) => {
  const relay = await startRelay()
  const { http } = await linked(relay, (_request, response) => {
    response.writeHead(200, { 'content-length': length })
    response.write('half')
    setTimeout(() => http.closeAllConnections(), 50)
  })
  const answer = await fetch(`${relay.url}/api/attachments/3/download?apikey=pbk_seven`)
  expect(answer.status).toBe(status)
  if (answer.ok) await expect(answer.arrayBuffer()).rejects.toThrow()
})

test('an answer without a body keeps the length that it declares', async () => {
  const relay = await startRelay()
  await linked(relay, (_request, response) => {
    response.writeHead(200, { 'content-length': 5_000_000 })
    response.end()
  })
  const url = `${relay.url}/api/attachments/3/download?apikey=pbk_seven`
  const answer = await fetch(url, { method: 'HEAD' })
  expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '5000000'])
})

test('files pass as streams in both directions, byte for byte', async () => {
  const bytes = randomBytes(20_000_000)
  const relay = await startRelay()
  await linked(relay, (request, response) => {
    if (request.method === 'GET') response.end(bytes)
    else {
      const hash = createHash('sha256')
      request.on('data', (chunk) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')))
    }
  })
  const up = await fetch(`${relay.url}/api/attachments?apikey=pbk_seven`, { method: 'POST', body: bytes })
  expect(await up.text()).toBe(createHash('sha256').update(bytes).digest('hex'))
  const down = await fetch(`${relay.url}/api/attachments/3/download?apikey=pbk_seven`)
  expect(Buffer.from(await down.arrayBuffer()).equals(bytes)).toBe(true)
})

test('a sender who hangs up ends the request at the server too, where half a file does not look like a whole one', async () => {
  let isWhole: boolean | undefined
  let isAsked = false
  const relay = await startRelay()
  await linked(relay, (request) => {
    isAsked = true
    request.on('close', () => {
      isWhole = request.complete
    })
    request.resume()
  })
  const sending = httpRequest(`${relay.url}/api/attachments?apikey=pbk_seven`, { method: 'POST' })
  sending.on('error', () => undefined)
  sending.write('half')
  await expect.poll(() => isAsked, soon).toBe(true)
  sending.destroy()
  await expect.poll(() => isWhole, soon).toBe(false)
})

test('a digest belongs to the first server that registered it, also while that one is away', async () => {
  const relay = await startRelay()
  const first = await linked(relay, (_request, response) => response.end('first'))
  const second = await linked(relay, (_request, response) => response.end('second'))
  expect([first.refused, second.refused]).toEqual([0, 2])
  expect(await (await notify(relay, '?token=pbt_seven')).text()).toBe('first')
  await first.link.close()
  await expect.poll(async () => (await notify(relay, '?token=pbt_seven')).status, soon).toBe(503)
  expect((await relay.call('DELETE', '/api/servers/me', first.key)).status).toBe(204)
  await relay.call('PUT', '/api/servers/me', second.key, {
    name: '',
    accounts: [{ id: 7, digests: [digest('pbt_seven')] }],
    keys: [],
  })
  expect(await (await notify(relay, '?token=pbt_seven')).text()).toBe('second')
})

test('two nodes of a server share its requests, and one that ends leaves them to the other', async () => {
  const relay = await startRelay()
  const counts = [0, 0]
  const one = await linked(relay, (_request, response) => {
    counts[0] = (counts[0] ?? 0) + 1
    setTimeout(() => response.end(), 20)
  })
  const other = await startServer((_request, response) => {
    counts[1] = (counts[1] ?? 0) + 1
    setTimeout(() => response.end(), 20)
  })
  const second = open(relay, one.key, other.target)
  await expect.poll(() => second.state().state, soon).toBe('connected')
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await notify(relay, '?token=pbt_seven')).status),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(Math.min(...counts)).toBeGreaterThan(5)
  await one.link.close()
  await expect.poll(async () => (await relay.call('GET', '/api/servers')).body.rows[0]?.links, soon).toBe(1)
  expect((await notify(relay, '?token=pbt_seven')).status).toBe(200)
})

test('beyond the rate of one token the sender is told when to repeat, and others are not concerned', async () => {
  const relay = await startRelay({ ratePerSecond: 1, rateBurst: 3 })
  const accounts = [7, 8].map((id) => ({ id, digests: [digest(`pbt_${id}`)] }))
  await linked(relay, taken, accounts)
  const send = (id: number) =>
    fetch(`${relay.url}/api/openchannel/accounts/${id}/notify?token=pbt_${id}`, {
      method: 'POST',
      body: '{}',
    })
  const answers = await Promise.all(Array.from({ length: 6 }, () => send(7)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429])
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1')
  expect((await send(8)).status).toBe(200)
})
