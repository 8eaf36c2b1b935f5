// Every endpoint of the API document against the oddest of addresses, queries and bodies: refused in words, never an error of ours.
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeKey, type Problem, send } from './service.ts'

let program: Program
let removeFolder: () => Promise<void>
let api: Client
let endpoints: [method: string, path: string, operation: Operation][]

interface Operation {
  parameters?: { name: string; in: string }[]
  requestBody?: { content?: Record<string, { schema?: { properties?: Record<string, unknown> } }> }
}

beforeAll(async () => {
  const folder = await dataFolder()
  removeFolder = folder.remove
  program = await startProgram({ dataDir: folder.path })
  api = client(program.origin)
  const account = await makeAccount(api)
  // The first of each kind is ill-treated here: the key of these calls is the second, and no password.
  await makeKey(api)
  authorization = `Bearer ${(await makeKey(api)).key}`
  await send(account.receiveUrl, { from: '1', body: 'x', mapKey: 'phone' })
  const { paths } = await api.get<{ paths: Record<string, Record<string, Operation>> }>('/api/openapi.json')
  endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      method.toUpperCase(),
      path,
      operation,
    ]),
  )
})

afterAll(async () => {
  await program?.stop()
  await removeFolder?.()
})

let authorization: string
const wrong: string[] = []
const seen = new Map<number, number>()

async function ask(method: string, path: string, body?: string, type = 'application/json'): Promise<void> {
  const answer = await fetch(`${program.origin}${path}`, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  const isProblem = answer.headers.get('content-type')?.includes('application/problem+json') ?? false
  const code = isProblem ? (JSON.parse(text) as Problem).code : 'no problem document'
  // An account that was told here to take in only what is signed turns all else away: that says nothing about the key.
  if (code !== 'OC-117') seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
  if (answer.status < 400) return
  if (answer.status >= 500 || !/^[A-Z]{2}-\d{3}$/.test(code))
    wrong.push(`${method} ${path} ${body?.slice(0, 100)}: ${answer.status} ${code}`)
}

const at = (path: string, id: string) => path.replaceAll(/\{\w+\}/g, id)

test('ids that are none', async () => {
  const ids = [
    '0',
    '-1',
    '1.5',
    'x',
    '1e3',
    '%00',
    '%ff',
    '..',
    '9007199254740993',
    '9'.repeat(400),
    "1'--",
    '%F0%9F%98%A2',
  ]
  for (const [method, path] of endpoints.filter(([, path]) => path.includes('{')))
    for (const id of ids)
      await ask(method, at(path, id), method === 'GET' || method === 'DELETE' ? undefined : '{}')
  expect(wrong.splice(0)).toEqual([])
})

test('queries of every kind', async () => {
  const values = [
    '',
    '%00',
    '%ff',
    '-1',
    '1e999',
    '99999999999999999999',
    'null',
    '{',
    '{"$gte":null}',
    '{"$lte":8640000000000000,"$gte":-8640000000000000}',
    '{"$gte":"\\u0000"}',
    '[]',
    '%5C',
    '%25',
    "'",
    'x'.repeat(9000),
  ]
  for (const [method, path, { parameters = [] }] of endpoints.filter(([method]) => method === 'GET'))
    for (const { name } of parameters.filter((parameter) => parameter.in === 'query'))
      for (const value of values) await ask(method, `${at(path, '1')}?${encodeURIComponent(name)}=${value}`)
  expect(wrong.splice(0)).toEqual([])
})

test('a cursor of one list, of nobody, or altered', async () => {
  const cursors = [
    'W10',
    'WzFd',
    'WyJ4Il0',
    'W251bGxd',
    'WzFlOTk5XQ',
    'e30',
    'WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsMV0',
    'WyJcdTAwMDAiLDFd',
    'WzEsMiwzLDRd',
  ]
  for (const [method, path, { parameters = [] }] of endpoints)
    if (method === 'GET' && parameters.some(({ name }) => name === 'cursor'))
      for (const cursor of cursors)
        await ask(method, `${at(path, '1')}?cursor=${cursor}${path.endsWith('/inbox') ? '&view=mine' : ''}`)
  expect(wrong.splice(0)).toEqual([])
})

test('bodies of every kind, in every field', async () => {
  const odd = [
    'null',
    '0',
    '-1',
    '1e400',
    '99999999999999999999',
    'true',
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '[]',
    '[null]',
    '["x"]',
    '[99999999999999]',
    '{}',
    '{"__proto__":1}',
    `"${'é'.repeat(40_000)}"`,
    '['.repeat(40) + ']'.repeat(40),
  ]
  const whole = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '1',
    '{"__proto__":{"a":1}}',
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    `{"name":"${'x'.repeat(300_000)}"}`,
  ]
  for (const [method, path, { requestBody }] of endpoints) {
    const schema = requestBody?.content?.['application/json']?.schema
    // The Receive URL has its own file, signing in its own test.
    if (!requestBody || /\/(notify|receive|session|setup)$/.test(path)) continue
    for (const body of whole) await ask(method, at(path, '1'), body)
    const names = Object.keys(schema?.properties ?? {})
    for (const name of names) {
      // The others usable, as far as a guess goes, so that this one is looked at.
      const others = names
        .filter((other) => other !== name)
        .map((other) => `${JSON.stringify(other)}:${guess[other] ?? 'null'}`)
      const bodies = odd.flatMap((value) => [
        [`${JSON.stringify(name)}:${value}`, ...others],
        [`${JSON.stringify(name)}:${value}`],
      ])
      await Promise.all(bodies.map((members) => ask(method, at(path, '1'), `{${members.join(',')}}`)))
    }
  }
  expect(wrong.splice(0)).toEqual([])
})

const guess: Record<string, string> = {
  name: '"x"',
  email: '"x@example.com"',
  password: '"long enough to pass"',
  ids: '[]',
  body: '"x"',
  from: '"x"',
  listId: '1',
  messageId: '1',
  OpenchannelInteractionId: '1',
  state: '"offline"',
  seq: '1',
  actions: '[]',
}

test('content types that no endpoint takes', async () => {
  const types = [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=b',
    'application/x-www-form-urlencoded',
    'x',
    ';',
    'application/json; charset=utf-7',
  ]
  for (const [method, path, { requestBody }] of endpoints)
    if (requestBody) for (const type of types) await ask(method, at(path, '1'), 'a=b', type)
  expect(wrong.splice(0)).toEqual([])
})

test('sessions and set-up: what proves nothing is told so', async () => {
  for (const path of ['/api/session', '/api/setup'])
    for (const body of [
      '{}',
      '[]',
      'null',
      '{"email":null,"password":null}',
      '{"email":"\\u0000","password":"\\u0000"}',
      '{"email":"\\ud800@x","password":"x","code":"\\u0000"}',
      `{"email":"${'x'.repeat(70_000)}","password":""}`,
    ])
      await ask('POST', path, body)
  expect(wrong.splice(0)).toEqual([])
})

test('what is not even HTTP harms nobody', async () => {
  const pieces = [
    '\0\0\0\0',
    'GET\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /api/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
    'GET /api/me HTTP/1.1\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET //evil.example/%2e%2e HTTP/1.1\r\nhost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00',
  ]
  for (const piece of pieces)
    await new Promise<void>((resolve) => {
      const socket = connect(program.port, 'localhost', () => socket.end(piece, 'latin1'))
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        if (/^HTTP\/1.1 5/.test(answer)) wrong.push(JSON.stringify(piece))
        resolve()
      })
    })
  expect(wrong.splice(0)).toEqual([])
})

test('and through all of it calls were let in, some were right, and nobody had to get up', async () => {
  expect(seen.get(401) ?? 0).toBeLessThan(100)
  expect(seen.get(200)).toBeGreaterThan(100)
  expect(seen.get(201)).toBeGreaterThan(10)
  expect((await fetch(`${program.origin}/readyz`)).status).toBe(200)
  expect(program.output.stderr).not.toContain('"level":"error"')
})
