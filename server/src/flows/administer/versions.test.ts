/** Two who edit the same thing: whoever saves second is told, and has overwritten nothing. */
import { api } from '@patchbay/protocol/api.ts'
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import { expect, test } from 'vitest'
import { type CallOptions, startTestServer } from '../../testing.ts'

const server = await startTestServer()
const { call } = server
let count = 0
const name = () => `Thing ${++count}`

type Key = keyof typeof api
const table: Readonly<Record<string, Endpoint>> = api

/** What two cannot overwrite each other in, or what nobody edits in a form. */
const withoutVersion: Readonly<Partial<Record<Key, string>>> = {
  'PUT /api/openchannel/interactions/:id': 'Verbs of the wire: each says what becomes of it, under its lock.',
  'PATCH /api/contacts/:id': 'Fields that are left out stay, and what each of two changed stands in the log.',
  'PATCH /api/me': 'A person edits himself.',
  'PUT /api/me/presence': 'A state that is set, not edited.',
  'PUT /api/users/:id/presence': 'A state that is set, not edited.',
  'PUT /api/users/:id/skills': 'Each level is saved as one leaves its field.',
  'PUT /api/openchannel/triggers/order': 'Refused unless it names exactly those that there are.',
}

test('every call that edits something takes the version that was read, or says here why not', () => {
  const editing = Object.entries(table).filter(([key]) => /^(PUT|PATCH) /.test(key))
  const without = editing.filter(([, { body }]) => !JSON.stringify(body ?? {}).includes('"version"'))
  expect(without.map(([key]) => key).sort()).toEqual(Object.keys(withoutVersion).sort())
  for (const [key, endpoint] of editing)
    if (!(key in withoutVersion))
      expect([key, endpoint.refusals]).toEqual([key, expect.arrayContaining(['GE-104'])])
})

interface Edited {
  read(): Promise<{ id: number; version: number }>
  first: object
  second: object
}

const user = await server.makeUser()
const make = async <K extends Key>(key: K, options: CallOptions<K>) =>
  (await call(key, options)).body as unknown as { id: number; version: number }

const edited: Readonly<Partial<Record<Key, Edited>>> = {
  'PATCH /api/lists/:id': {
    read: () => make('POST /api/lists', { body: { name: name() } }),
    first: { description: 'first' },
    second: { description: 'second' },
  },
  'PATCH /api/fields/:id': {
    read: () => make('POST /api/fields', { body: { name: name() } }),
    first: { required: true },
    second: { required: false },
  },
  'PATCH /api/tags/:id': {
    read: () => make('POST /api/tags', { body: { name: name() } }),
    first: { color: 'warn' },
    second: { color: 'bad' },
  },
  'PATCH /api/teams/:id': {
    read: () => make('POST /api/teams', { body: { name: name() } }),
    first: { name: name() },
    second: { name: name() },
  },
  'PUT /api/teams/:id/users': {
    read: () => make('POST /api/teams', { body: { name: name() } }),
    first: { ids: [user.id] },
    second: { ids: [] },
  },
  'PATCH /api/roles/:id': {
    read: () => make('POST /api/roles', { body: { name: name(), permissions: [] } }),
    first: { permissions: ['openchannel'] },
    second: { permissions: ['contacts.read'] },
  },
  'PATCH /api/dispositions/:id': {
    read: () => make('POST /api/dispositions', { body: { name: name() } }),
    first: { name: name() },
    second: { name: name() },
  },
  'PATCH /api/openchannel/skills/:id': {
    read: () => make('POST /api/openchannel/skills', { body: { name: name() } }),
    first: { name: name() },
    second: { name: name() },
  },
  'PUT /api/openchannel/queues/:id/agents': {
    read: () => make('POST /api/openchannel/queues', { body: { name: name() } }),
    first: { ids: [user.id] },
    second: { ids: [] },
  },
  'PUT /api/openchannel/queues/:id/teams': {
    read: () => make('POST /api/openchannel/queues', { body: { name: name() } }),
    first: { ids: [] },
    second: { ids: [] },
  },
  'PUT /api/openchannel/accounts/:id/agents': {
    read: () => make('POST /api/openchannel/accounts', { body: { name: name() } }),
    first: { ids: [user.id] },
    second: { ids: [] },
  },
  'PUT /api/openchannel/accounts/:id/teams': {
    read: () => make('POST /api/openchannel/accounts', { body: { name: name() } }),
    first: { ids: [] },
    second: { ids: [] },
  },
  'PUT /api/openchannel/accounts/:id/actions': {
    read: () => make('POST /api/openchannel/accounts', { body: { name: name() } }),
    first: { actions: [{ type: 'noop', text: 'first' }] },
    second: { actions: [] },
  },
}

test.each(Object.entries(edited) as [Key, Edited][])(
  '%s: the second is refused with the version of now, and saves with it',
  async (key, { read, first, second }) => {
    const { id, version } = await read()
    const save = (body: object) =>
      call(key, { params: { id }, body } as CallOptions<Key>) as Promise<{
        status: number
        body: { updatedAt?: string }
      }>
    const saved = await save({ ...first, version })
    expect(saved).toMatchObject({ status: 200, body: { version: version + 1 } })
    expect(await save({ ...second, version })).toMatchObject({
      status: 409,
      body: { code: 'GE-104', version: version + 1 },
    })
    const { updatedAt: _, ...kept } = saved.body
    expect(await save({ ...first, version: version + 1 })).toMatchObject({
      status: 200,
      body: { ...kept, version: version + 2 },
    })
  },
)
