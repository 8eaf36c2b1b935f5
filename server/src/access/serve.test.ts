/** How an endpoint of the table meets the wire: what it takes, what it answers, how it refuses. */
import { createHttp } from '@patchbay/kit/http.ts'
import { createLog } from '@patchbay/kit/log.ts'
import { sessionCookie } from '@patchbay/kit/session-cookie.ts'
import { endpoint, Id, IdParams, Nothing, Nullable } from '@patchbay/protocol/endpoint.ts'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import type { Handlers } from './endpoint.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { serve } from './serve.ts'

const Colour = Type.Union([Type.Literal('red'), Type.Literal('blue')])
const table = {
  'GET /api/things/:id': endpoint({
    summary: 'A thing',
    tag: 'Things',
    access: 'public',
    params: IdParams,
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      deep: Type.Optional(Type.Boolean()),
      colour: Type.Optional(Colour),
    }),
    response: { 200: Type.Object({ id: Id, query: Type.Any() }) },
  }),
  'POST /api/things': endpoint({
    summary: 'Make a thing',
    tag: 'Things',
    access: 'public',
    body: Type.Object({
      name: Type.String({ minLength: 1 }),
      parts: Type.Optional(Type.Array(Type.Object({ colour: Colour }))),
      note: Type.Optional(Nullable(Type.String())),
    }),
    response: { 201: Type.Object({ name: Type.String() }) },
  }),
  'POST /api/things/:id/touch': endpoint({
    summary: 'Touch',
    tag: 'Things',
    access: 'public',
    params: IdParams,
    body: Type.Object({ softly: Type.Optional(Type.Boolean()) }),
    response: { 204: Nothing },
  }),
  'GET /api/broken': endpoint({
    summary: 'Fails',
    tag: 'Things',
    access: 'public',
    response: { 200: Type.Object({}) },
  }),
}

const seen: unknown[] = []
const handlers: Handlers<typeof table> = {
  'GET /api/things/:id': async ({ params, query }) => ({ id: params.id, query }),
  'POST /api/things': async ({ body }) => {
    seen.push(body)
    // As if a row of the database were handed out whole.
    const row = { ...body, password_hash: 'secret' }
    return row
  },
  'POST /api/things/:id/touch': async () => null,
  'GET /api/broken': async () => {
    throw new Error('the inner state, with a secret in it')
  },
}

const app = createHttp({ log: createLog({ program: 'test', level: 'silent' }) })
const gatekeeper: Gatekeeper = {
  cookie: sessionCookie('server', 'http://localhost:3000'),
  authenticate: async () => null,
  checkPassword: () => Promise.reject(new Error('nobody signs in here')),
  forget: () => {},
  close: async () => {},
}
serve(app, table, handlers, { publicUrl: 'http://localhost:3000', gatekeeper })

const post = (url: string, payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })

test('what stands in path and query becomes numbers and booleans, and defaults are filled in', async () => {
  const answer = await app.inject('/api/things/7?limit=5&deep=true&colour=red&stranger=1')
  expect(answer.json()).toEqual({ id: 7, query: { limit: 5, deep: true, colour: 'red' } })
  expect((await app.inject('/api/things/7')).json().query).toEqual({ limit: 50 })
})

test.each([
  { url: '/api/things/seven', field: 'id' },
  { url: '/api/things/0', field: 'id' },
  { url: '/api/things/7.0', field: 'id' },
  { url: '/api/things/9007199254740993', field: 'id' },
  { url: '/api/things/7?limit=201', field: 'limit' },
  { url: '/api/things/7?limit=5&limit=6', field: 'limit' },
  { url: '/api/things/7?limit=', field: 'limit' },
  { url: '/api/things/7?colour=green', field: 'colour' },
])('$url is refused with the field $field', async ({ url, field }) => {
  const answer = await app.inject(url)
  expect(answer.json()).toMatchObject({ status: 400, code: 'GE-101', field })
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
})

test.each([
  { body: {}, field: 'name' },
  { body: { name: '' }, field: 'name' },
  { body: { name: 7 }, field: 'name' },
  { body: { name: 'x', parts: [{ colour: 'red' }, { colour: 'green' }] }, field: 'parts.1.colour' },
  { body: { name: 'x', parts: [{}] }, field: 'parts.0.colour' },
])('the body $body is refused with the field $field', async ({ body, field }) => {
  expect((await post('/api/things', JSON.stringify(body))).json()).toMatchObject({ code: 'GE-101', field })
})

test('a choice that is none is refused with those that are', async () => {
  const { allowed } = (await app.inject('/api/things/7?colour=green')).json()
  expect(allowed).toEqual(['red', 'blue'])
})

test('members that the schema does not name reach no handler, and those of an answer no caller', async () => {
  const answer = await post(
    '/api/things',
    JSON.stringify({ name: 'x', role: 'admin', note: null, constructor: 1 }),
  )
  expect(answer.statusCode).toBe(201)
  expect(answer.json()).toEqual({ name: 'x' })
  expect(seen.at(-1)).toEqual({ name: 'x', note: null })
})

test('what PostgreSQL cannot keep is replaced before a handler sees it', async () => {
  await post('/api/things', String.raw`{"name":"a\u0000b\ud800c"}`)
  expect(seen.at(-1)).toEqual({ name: 'a␀b�c' })
})

test('no body is as good as an empty one where nothing is mandatory', async () => {
  const answer = await app.inject({ method: 'POST', url: '/api/things/7/touch' })
  expect([answer.statusCode, answer.body]).toEqual([204, ''])
})

test.each([
  { payload: '{"name":', type: 'application/json', status: 400, code: 'GE-108' },
  { payload: '['.repeat(40), type: 'application/json', status: 400, code: 'GE-108' },
  { payload: 'name=x', type: 'application/x-www-form-urlencoded', status: 415, code: 'GE-107' },
  {
    payload: JSON.stringify({ name: 'x'.repeat(300_000) }),
    type: 'application/json',
    status: 413,
    code: 'GE-106',
  },
])('$code answers what cannot be read', async ({ payload, type, status, code }) => {
  expect((await post('/api/things', payload, type)).json()).toMatchObject({ status, code })
})

test('a mistake of ours is an id to the caller, and nothing of what went wrong', async () => {
  const answer = await app.inject('/api/broken')
  expect(answer.json()).toMatchObject({
    status: 500,
    code: 'GE-110',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(answer.body).not.toContain('secret')
})

test('who asks for what is not his is told in the log, by whom and of what, and nothing that he sent', async () => {
  const lines: string[] = []
  const log = createLog({ program: 'test', level: 'info', write: (line) => lines.push(line) })
  const watched = createHttp({ log })
  const user = {
    id: 7,
    name: 'marta',
    fullname: 'Marta',
    email: 'marta@example.com',
    role: 'agent',
    permissions: new Set([]),
  } as const
  const caller = { user, viewer: null, via: 'key', scopes: null, keyId: 3, address: '192.0.2.1' } as const
  const endpoints = {
    'GET /api/secrets': endpoint({
      summary: 'Not for agents',
      tag: 'Things',
      access: { may: 'accounts.manage', scopes: ['admin'] },
      response: { 200: Type.Object({}) },
    }),
  }
  serve(
    watched,
    endpoints,
    { 'GET /api/secrets': async () => ({}) },
    {
      publicUrl: 'http://localhost:3000',
      gatekeeper: { ...gatekeeper, authenticate: async () => caller },
    },
  )
  expect((await watched.inject('/api/secrets?apikey=pbk_hush')).statusCode).toBe(403)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'info',
      refusal: 'AU-105',
      endpoint: 'GET /api/secrets',
      userId: 7,
      keyId: 3,
      address: '192.0.2.1',
    }),
  ])
  expect(lines.join()).not.toContain('hush')
})
