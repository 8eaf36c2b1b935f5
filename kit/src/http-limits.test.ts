// Connections that take their time: each kind of slowness has its end, and nobody else waits for it.
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'

const http = createHttp({ log: createLog({ program: 'test', level: 'silent' }) })
http.get('/', async () => ({}))
http.post('/echo', async ({ body }) => body)
let port = 0
beforeAll(async () => {
  port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(() => http.close())

interface End {
  answer: string
  afterMs: number
}

/** Speaks the pieces, one every half second, until the server has had enough. */
function drip(pieces: Iterable<string>): Promise<End> {
  return new Promise((resolve) => {
    const from = performance.now()
    const left = pieces[Symbol.iterator]()
    let answer = ''
    const socket: Socket = connect(port, '127.0.0.1')
    const timer = setInterval(() => {
      const { value, done } = left.next()
      if (!done && socket.writable) socket.write(value)
    }, 500)
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      resolve({ answer, afterMs: performance.now() - from })
    })
  })
}

function* endlessHeaders(): Generator<string> {
  yield 'GET / HTTP/1.1\r\nhost: x\r\n'
  for (let n = 0; ; n++) yield `x-${n}: 1\r\n`
}

test('whoever says nothing, or drips headers, is told to be quicker after ten seconds, while others are served', {
  timeout: 40_000,
}, async () => {
  const slow = Promise.all([drip(endlessHeaders()), drip([]), drip(['GET / HT'])])
  const others = Array.from({ length: 20 }, () => fetch(`http://127.0.0.1:${port}/`))
  for (const answer of await Promise.all(others)) expect(answer.status).toBe(200)
  for (const { answer, afterMs } of await slow) {
    expect(answer).toMatch(/^(HTTP\/1\.1 408 [\s\S]*"code":"GE-112"|$)/)
    expect(afterMs).toBeGreaterThan(9_000)
  }
  expect((await slow)[0]?.answer).toContain('408')
})

test('no request lasts longer than fifteen minutes, and none is silent for more than two', () => {
  expect(http.server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 900_000, timeout: 120_000 })
})

test('a body that drips is given up after fifteen seconds, chunked or not', { timeout: 40_000 }, async () => {
  const head = 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
  function* body(frame: string, piece: string): Generator<string> {
    yield `${head}${frame}\r\n\r\n`
    for (;;) yield piece
  }
  const ends = await Promise.all([
    drip(body('content-length: 1000', '[')),
    drip(body('transfer-encoding: chunked', '1\r\n[\r\n')),
  ])
  for (const { answer, afterMs } of ends) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(afterMs).toBeGreaterThan(14_000)
  }
})
