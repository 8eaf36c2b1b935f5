/** Calls to Meta and what its answers mean, against a server of the test's own. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { Secret } from '@patchbay/kit/config.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { createGraph, proofOf } from './graph.ts'
import { GraphError, readGraphError } from './graph-error.ts'
import { readUsage } from './usage.ts'

const appSecret = new Secret('0123456789abcdef0123456789abcdef')
let answers: { status?: number; body: string; headers?: Record<string, string> }[] = []
let asked: IncomingMessage[] = []
const server = createServer((request, response) => {
  asked.push(request)
  const { status = 200, body, headers = {} } = answers.shift() ?? { body: '{}' }
  request.resume().on('end', () => response.writeHead(status, headers).end(body))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as { port: number }
const here = { host: '127.0.0.1', publicUrl: 'http://localhost' }
const door = createDoor({ allow: parseOutboundAllow(['127.0.0.0/8'], here) })
afterAll(async () => {
  await door.close()
  server.close()
})
const app = {
  appId: '12',
  appSecret,
  verifyToken: new Secret('verify'),
  configId: undefined,
  scopes: undefined,
  humanAgent: false,
  graphVersion: 'v26.0',
  graphUrl: `http://127.0.0.1:${port}`,
  dialogUrl: '',
  cdnHosts: [],
}
const graph = createGraph({ app, door })
const next = (...of: typeof answers): void => {
  answers = of
  asked = []
}

test('a call carries its token in a header and the proof of the app beside it', async () => {
  next({ body: '{"id":"1"}' })
  await graph.get('me', 'EAAB-test-token', { fields: 'id' })
  const url = new URL(asked[0]?.url ?? '', app.graphUrl)
  expect(url.pathname).toBe('/v26.0/me')
  expect(url.search).not.toContain('EAAB')
  expect(asked[0]?.headers.authorization).toBe('Bearer EAAB-test-token')
  const proof = 'a6024693394a23e652049c7c3571712892f80c08425a659c3fdb161563eefa4f'
  expect(url.searchParams.get('appsecret_proof')).toBe(proof)
  expect(proofOf('EAAB-test-token', app)).toBe(proof)
})

test('a list is read to its end over empty pages, and never follows an address to another host', async () => {
  const next_ = 'https://elsewhere.example/x?after=c3&access_token=t'
  next(
    {
      body: '{"data":[{"id":"1"}],"paging":{"cursors":{"after":"c1"},"next":"https://elsewhere.example/x"}}',
    },
    { body: '{"data":[],"paging":{"cursors":{"after":"c2"},"next":"https://elsewhere.example/x"}}' },
    { body: `{"data":[{"id":"2"}],"paging":{"next":"${next_}"}}` },
    { body: '{"data":[{"id":"3"}],"paging":{"cursors":{"after":"c4"}}}' },
  )
  const rows = await graph.list<{ id: string }>('me/accounts', 't')
  expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3'])
  const cursors = asked.map(({ url }) => new URL(url ?? '', app.graphUrl).searchParams.get('after'))
  expect(cursors).toEqual([null, 'c1', 'c2', 'c3'])
})

test('an id that a number would not hold keeps its digits', async () => {
  next({ body: '{"id":184719329217930001}', headers: { 'content-type': 'text/javascript; charset=UTF-8' } })
  expect(await graph.get('me', 't')).toEqual({ id: '184719329217930001' })
})

test('an error is found by its content, whatever the status says', async () => {
  next({ status: 200, body: '{"error":{"message":"dead","code":190,"error_subcode":460}}' })
  await expect(graph.get('me', 't')).rejects.toMatchObject({
    kind: 'token',
    code: 190,
    subcode: 460,
    retryable: false,
  })
})

test('of a write whose answer was lost nobody knows whether it was done, of a read it does not matter', async () => {
  const lost = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1')
  await once(lost, 'listening')
  const { port: away } = lost.address() as { port: number }
  const broken = createGraph({ app: { ...app, graphUrl: `http://127.0.0.1:${away}` }, door })
  const failed = (method: 'GET' | 'POST') =>
    broken.call(method, { path: 'me', token: 't' }).catch((error) => error)
  expect(await failed('POST')).toMatchObject({ kind: 'transient', isAmbiguous: true })
  expect(await failed('GET')).toMatchObject({ kind: 'transient', isAmbiguous: false })
  lost.close()
  await once(lost, 'close')
  expect(await failed('POST')).toMatchObject({ kind: 'transient', isAmbiguous: false })
})

test('without an app every call is refused in words for the operator', async () => {
  await expect(createGraph({ app: undefined, door }).get('me', 't')).rejects.toMatchObject({ code: 'CL-101' })
})

describe('an error', () => {
  test.each([
    [{ code: 190 }, 400, 'token'],
    [{ code: 102 }, 400, 'token'],
    [{ code: 4 }, 400, 'rate'],
    [{ code: 80006 }, 400, 'rate'],
    [{ code: 613, error_subcode: 2018338 }, 400, 'refused'],
    [{ code: 368 }, 400, 'blocked'],
    [{ code: 10 }, 400, 'permission'],
    [{ code: 10, error_subcode: 2018278 }, 400, 'refused'],
    [{ code: 200 }, 403, 'permission'],
    [{ code: 100, error_subcode: 33 }, 400, 'gone'],
    [{ code: 100, error_subcode: 36009 }, 400, 'login'],
    [{ code: 2 }, 500, 'transient'],
    [{ code: 100, is_transient: true }, 400, 'transient'],
    [{ code: '190' }, 400, 'token'],
    [{ code: 551 }, 400, 'refused'],
    [{}, 503, 'transient'],
    [{}, 429, 'rate'],
  ])('%j with status %i is %s', (error, status, kind) => {
    expect(readGraphError(status, { error })).toMatchObject({ kind })
  })

  test('waits as long as Meta says', () => {
    const usage = readUsage({
      'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":25}',
      'x-business-use-case-usage':
        '{"17":[{"type":"pages","call_count":97,"estimated_time_to_regain_access":5}]}',
    })
    expect(usage).toEqual({ percent: 97, regainMs: 300_000 })
    expect(readGraphError(400, { error: { code: 32 } }, usage.regainMs)?.retryAfterMs).toBe(300_000)
    expect(readUsage({ 'x-app-usage': 'no' })).toEqual({ percent: 0, regainMs: undefined })
  })

  test('is none where nothing was refused', () => {
    expect(readGraphError(200, { data: [] })).toBeUndefined()
    expect(readGraphError(502, undefined)).toBeInstanceOf(GraphError)
  })
})
