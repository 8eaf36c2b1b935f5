/** The Receive URL and its siblings against raw bytes: broken bodies, broken frames, floods of headers. Never an error of ours, and never a neighbour's loss. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeOpenApi } from './pages/openapi.ts'
import { startTestServer } from './testing.ts'

// `FUZZ_SECONDS=600 npx vitest run --project node server/src/fuzz-raw.test.ts` looks longer.
const seconds = Number(process.env.FUZZ_SECONDS ?? 10)

const server = await startTestServer()
const account = await server.makeAccount()
await server.call('PATCH /api/openchannel/accounts/:id', {
  params: { id: account.id },
  body: { ratePerSecond: 1_000_000, rateBurst: 1_000_000 },
})
const { port } = new URL(server.url)
const paths = Object.keys(makeOpenApi('1.0.0').paths as object)
  .filter((path) =>
    /^\/api\/openchannel\/accounts\/\{id\}\/(notify|receive|receipts|typing|events)$/.test(path),
  )
  .map((path) => path.replace('{id}', String(account.id)))

/** What came back until the server closed. Whoever is not answered in time hangs up, as impatient senders do. */
function speak(bytes: Buffer, patienceMs: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
    const impatient = setTimeout(() => socket.end(), patienceMs)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(impatient)
      resolve(answer)
    })
    socket.setTimeout(20_000, () => socket.destroy())
  })
}

const boundary = 'b0undary'
const multipart = Buffer.from(
  [
    ...['from', 'body', 'mapKey'].map(
      (name) =>
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${name === 'mapKey' ? 'phone' : 'x'}\r\n`,
    ),
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nbytes\r\n--${boundary}--\r\n`,
  ].join(''),
)
const json = Buffer.from('{"from":"1","body":"x","mapKey":"phone","messageId":"m"}')
const form = Buffer.from('from=1&body=x&mapKey=phone&messageId=m')

/** A good body with some bytes flipped, cut, repeated or put in. */
const mutated = (good: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        what: fc.constantFrom('flip', 'cut', 'repeat', 'insert'),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
      }),
      { maxLength: 4 },
    )
    .map((changes) =>
      changes.reduce((body, { what, at, bytes }) => {
        const place = Math.floor(at * body.length)
        const [before, after] = [body.subarray(0, place), body.subarray(place)]
        if (what === 'flip') return Buffer.concat([before, bytes, after.subarray(bytes.length)])
        if (what === 'cut') return before
        return Buffer.concat([before, what === 'repeat' ? after : bytes, after])
      }, good),
    )

const types = [
  'application/json',
  'text/json',
  'application/x-www-form-urlencoded',
  `multipart/form-data; boundary=${boundary}`,
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary="${'x'.repeat(300)}"`,
  'application/json; charset=utf-16',
  'text/plain',
  '\xff',
]
const header = fc.tuple(
  fc.constantFrom(
    'x',
    'idempotency-key',
    'webhook-id',
    'webhook-signature',
    'expect',
    'content-encoding',
    'transfer-encoding',
    'content-length',
    'connection',
    'upgrade',
    'origin',
    'authorization',
    'x y',
    '',
  ),
  fc.oneof(
    fc.constantFrom(
      '',
      'gzip',
      '100-continue',
      'chunked',
      'chunked, chunked',
      '-1',
      '1e3',
      '5',
      'close, keep-alive',
      'websocket',
      'Bearer',
      'Basic !',
      '\0',
      'x'.repeat(20_000),
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  ),
)
const framing = fc.constantFrom('length', 'chunks', 'short length', 'long length', 'bad chunks', 'none')

interface Shape {
  path: string
  query: string
  type: string
  body: Buffer
  headers: [string, string][]
  framing: string
  many: number
}

const shape: fc.Arbitrary<Shape> = fc.record({
  path: fc.constantFrom(...paths),
  query: fc.oneof(
    { weight: 8, arbitrary: fc.constant(`?token=${account.token}`) },
    { weight: 1, arbitrary: fc.constantFrom('', '?token=', '?token[]=x', '?%ff', '?token=%00') },
  ),
  type: fc.constantFrom(...types),
  body: fc.oneof(
    mutated(json),
    mutated(form),
    mutated(multipart),
    mutated(multipart),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  ),
  headers: fc
    .array(header, { maxLength: 3 })
    .map((list) => list.map(([name, value]): [string, string] => [name, value])),
  framing,
  many: fc.constantFrom(0, 0, 0, 0, 100, 3000),
})

function toBytes({ path, query, type, body, headers, framing, many }: Shape): Buffer {
  const chunk = Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ])
  const frames: Record<string, [string, Buffer]> = {
    length: [`content-length: ${body.length}`, body],
    chunks: ['transfer-encoding: chunked', chunk],
    'short length': [`content-length: ${Math.floor(body.length / 2)}`, body],
    'long length': [`content-length: ${body.length + 10}`, body],
    'bad chunks': ['transfer-encoding: chunked', Buffer.concat([Buffer.from('zz\r\n'), body])],
    none: ['x-none: 1', body],
  }
  const [frame, sent] = frames[framing] ?? ['', body]
  const lines = [
    `POST ${path}${query} HTTP/1.1`,
    'host: x',
    `content-type: ${type}`,
    frame,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...Array.from({ length: many }, (_, i) => `x-${i}: 1`),
    'connection: close',
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), sent])
}

/** Of every answer that came. What follows a broken frame is a request of its own to a server that keeps to the letter. */
const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

test('whatever bytes come, nobody has to get up, and the message beside them is taken', {
  timeout: seconds * 1000 + 60_000,
}, async () => {
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 12 }), async (shapes) => {
      const beside = server.receive(account, { from: `beside ${++count}`, body: 'x', mapKey: 'facebook' })
      const answers = await Promise.all(shapes.map((one) => speak(toBytes(one), 200)))
      for (const status of answers.flatMap(statuses)) {
        expect(status).toBeLessThan(500)
      }
      expect((await beside).status).toBe(200)
    }),
    { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
  )
})

test('bytes that are right come through by every frame, and each way of being wrong is told', async () => {
  const [path = ''] = paths
  const good: Shape = {
    path,
    query: `?token=${account.token}`,
    type: 'application/json',
    body: Buffer.from('{"from":"1","body":"x","mapKey":"phone"}'),
    headers: [],
    framing: 'length',
    many: 0,
  }
  const cases: [number, Partial<Shape>][] = [
    [200, {}],
    [200, { framing: 'chunks' }],
    [200, { type: `multipart/form-data; boundary=${boundary}`, body: multipart }],
    [200, { type: 'application/x-www-form-urlencoded', body: Buffer.from('from=1&body=x&mapKey=phone') }],
    [400, { framing: 'bad chunks' }],
    [400, { framing: 'short length' }],
    [401, { query: '?token=' }],
    [415, { type: 'application/xml' }],
    [431, { headers: [['x', 'x'.repeat(20_000)]] }],
  ]
  for (const [status, change] of cases)
    expect([change, statuses(await speak(toBytes({ ...good, ...change }), 10_000))[0]]).toEqual([
      change,
      status,
    ])
})

test('negative control: an answer of ours that says 500 is seen among others', () => {
  expect(statuses('HTTP/1.1 200 OK\r\n\r\n{}HTTP/1.1 500 Internal Server Error\r\n\r\n')).toEqual([200, 500])
})
