import { once } from 'node:events'
import { Agent, createServer, type Server } from 'node:http'
import type { Exchange } from '@patchbay/kit/exchanges.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answer, type Target } from './answer.ts'

let server: Server
let target: Target
const asked: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.end('taken'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  target = { host: '127.0.0.1', port, agent: new Agent({ keepAlive: true, maxSockets: 1 }) }
})
afterAll(() => {
  target.agent.destroy()
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked.length = 0
})

/** Asks as a relay would, which may be anybody's, and answers what it would hear. */
async function ask(
  head: { method?: string; path?: string; headers?: Record<string, string> },
  body: string,
  isWhole: boolean,
) {
  const heard = Promise.withResolvers<string>()
  const exchange: Exchange = {
    head: (given) => {
      heard.resolve(String((given as { status: number }).status))
      return true
    },
    write: () => true,
    end: () => undefined,
    cut: () => heard.resolve('cut'),
    took: () => undefined,
  }
  const whole = { method: 'POST', path: '/api/attachments', headers: {}, ...head }
  const listener = answer(exchange, target)
  listener.head(whole, Buffer.from(body), isWhole)
  if (!isWhole) listener.end()
  return heard.promise
}

const smuggled = 'xxGET /api/users HTTP/1.1\r\nhost: x\r\n\r\n'

test.each([
  ['a body longer than it says', smuggled, false],
  ['a body shorter than it says', 'x', false],
])('%s is given up, and what stands in it is no request', async (_, body, isWhole) => {
  expect(await ask({ headers: { 'content-length': '2' } }, body, isWhole)).toBe('cut')
  expect(await ask({}, 'next', true)).toBe('200')
  expect(asked.filter((line) => line.startsWith('GET'))).toEqual([])
})

test('of a body that came whole its own length counts, whatever is said', async () => {
  expect(await ask({ headers: { 'content-length': '2' } }, smuggled, true)).toBe('200')
  expect(await ask({}, 'next', true)).toBe('200')
  expect(asked).toEqual(['POST /api/attachments', 'POST /api/attachments'])
})

test.each([
  ['another endpoint', { path: '/api/users' }],
  ['another method', { method: 'DELETE' }],
  ['no path at all', { path: undefined as unknown as string }],
])('%s reaches nothing', async (_, head) => {
  expect(await ask(head, '', true)).toBe('404')
  expect(asked).toEqual([])
})

test('a path or a header that no request can carry is given up', async () => {
  expect(await ask({ path: '/api/attachments?a b' }, '', true)).toBe('cut')
  expect(await ask({ headers: { 'x-a': 'b\r\nx-c: d' } }, '', true)).toBe('cut')
  expect(asked).toEqual([])
})
