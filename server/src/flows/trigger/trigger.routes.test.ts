import type { TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { expect, test } from 'vitest'
import { startTestServer } from '../../testing.ts'
import { makeTrigger, popup } from './trigger-testing.ts'

const server = await startTestServer()
const { call } = server
const account = await server.makeAccount()

const make = (body: object) => call('POST /api/openchannel/triggers', { body })
const patch = (id: number, body: object) =>
  call('PATCH /api/openchannel/triggers/:id', { params: { id }, body })
const names = async () => (await call('GET /api/openchannel/triggers')).body.rows.map(({ name }) => name)

test('a trigger without conditions says that it fires always, one with a condition does not', async () => {
  const always = await makeTrigger(server, { actions: [popup] })
  expect(always).toMatchObject({ always: true, enabled: true, direction: 'in', accountIds: null, fired: 0 })
  const conditions = { all: [], any: [{ variable: 'message.body', operator: 'contains', value: 'x' }] }
  const { body } = await patch(always.id, { conditions })
  expect(body).toMatchObject({ always: false, conditions, version: 2 })
})

test.each<[string, object, string]>([
  ['a header that is the connection’s', { name: 'Host', value: 'x' }, 'actions[0].headers[0].name'],
  ['a variable that there is not', { name: 'X-A', value: '{{nobody.knows}}' }, 'actions[0].headers[0].value'],
  ['a secret that it never had', { name: 'X-A', value: null, secret: true }, 'actions[0].headers[0].value'],
])('a web request with %s is refused at its place', async (_, header, field) => {
  const actions = [{ type: 'web-request', method: 'POST', url: 'https://example.com/', headers: [header] }]
  expect((await make({ name: 'x', actions })).body).toMatchObject({ code: 'TR-101', field })
})

test('a change by a version that is no longer the newest is refused', async () => {
  const { id } = await makeTrigger(server, { actions: [popup] })
  expect((await patch(id, { version: 1, enabled: false })).body).toMatchObject({ enabled: false, version: 2 })
  const late = await patch(id, { version: 1, enabled: true })
  expect([late.status, late.body]).toMatchObject([409, { code: 'GE-104', version: 2 }])
})

test('triggers stand in the order that was given them last, and an order that leaves one out is refused', async () => {
  const [one, two] = [
    await makeTrigger(server, { name: 'Aster', actions: [popup] }),
    await makeTrigger(server, { name: 'Begonia', actions: [popup] }),
  ]
  expect((await names()).slice(-2)).toEqual(['Aster', 'Begonia'])
  const { body } = await call('GET /api/openchannel/triggers')
  const others = body.rows.map(({ id }) => id).filter((id) => id !== one.id && id !== two.id)
  const order = (ids: number[]) => call('PUT /api/openchannel/triggers/order', { body: { ids } })
  expect((await order([two.id, one.id, ...others])).status).toBe(200)
  expect((await names()).slice(0, 2)).toEqual(['Begonia', 'Aster'])
  expect((await order([two.id, ...others])).body).toMatchObject({ code: 'GE-104', field: 'ids' })
  expect((await order([two.id, two.id, ...others])).body.code).toBe('GE-104')
})

test('a deleted trigger is gone, and its name is free', async () => {
  const { id, name } = await makeTrigger(server, { actions: [popup] })
  expect((await make({ name, actions: [popup] })).body).toMatchObject({ code: 'GE-102', field: 'name' })
  expect((await call('DELETE /api/openchannel/triggers/:id', { params: { id } })).status).toBe(204)
  expect((await call('GET /api/openchannel/triggers/:id', { params: { id } })).status).toBe(404)
  await makeTrigger(server, { name, actions: [popup] })
})

const on = (variable: string) => ({ all: [{ variable, operator: 'equals', value: 'x' }], any: [] })
const request = { type: 'web-request', method: 'POST', url: 'https://crm.example/' }

test.each<[string, object, string]>([
  ['an action of no known type', { actions: [{ type: 'shell' }] }, 'actions[0].type'],
  ['a pop-up without a title', { actions: [popup, { type: 'popup', text: 'x' }] }, 'actions[1].title'],
  ['a field that no action has', { actions: [{ ...popup, sound: true }] }, 'actions[0].sound'],
  ['an address that is none', { actions: [{ type: 'open-url', url: 'crm' }] }, 'actions[0].url'],
  [
    'a script for an address',
    { actions: [{ type: 'open-url', url: 'javascript:alert(1)' }] },
    'actions[0].url',
  ],
  [
    'a host that a customer chooses',
    { actions: [{ ...request, url: 'https://{{contact.url}}/' }] },
    'actions[0].url',
  ],
  ['a queue that does not exist', { actions: [{ type: 'queue', queueId: 4711 }] }, 'actions[0].queueId'],
  ['a tag that does not exist', { actions: [{ type: 'tag', tagIds: [4711] }] }, 'actions[0].tagIds'],
  ['an account that does not exist', { actions: [popup], accountIds: [4711] }, 'accountIds'],
  ['an interval that does not exist', { actions: [popup], intervalId: 4711 }, 'intervalId'],
  [
    'a variable in a text that does not exist',
    { actions: [{ ...popup, text: '{{contact.shoe}}' }] },
    'actions[0].text',
  ],
  [
    'a variable of a condition that does not exist',
    { actions: [popup], conditions: on('contact.shoe') },
    'conditions.all[0].variable',
  ],
])('%s is refused, and named', async (_, fields, field) => {
  const { status, body } = await make({ name: 'unusable', ...fields })
  expect([status, body.code, body.field]).toEqual([400, 'TR-101', field])
})

test('only admins see triggers', async () => {
  const agent = await server.makeUser('agent')
  expect((await call('GET /api/openchannel/triggers', { as: agent })).status).toBe(403)
  const { id } = await makeTrigger(server, { actions: [popup] })
  const change = { params: { id }, body: { enabled: false } }
  expect((await call('PATCH /api/openchannel/triggers/:id', { as: agent, ...change })).status).toBe(403)
})

test('trying says which condition holds and what its variable stands for, and does nothing', async () => {
  await server.call('PATCH /api/openchannel/accounts/:id', { params: account, body: { mapKey: 'phone' } })
  await server.receive(account, { from: '+39 1', mapKey: 'phone', firstName: 'Ada', body: 'hello' })
  const tryIt = (fields: object = {}) =>
    call('POST /api/openchannel/triggers/try', {
      body: {
        direction: 'in',
        accountIds: null,
        intervalId: null,
        conditions: {
          all: [{ variable: 'contact.firstName', operator: 'equals', value: 'ada' }],
          any: [
            { variable: 'message.body', operator: 'contains', value: 'refund' },
            { variable: 'message.body', operator: 'contains', value: 'broken' },
          ],
        },
        sample: { accountId: account.id, direction: 'in', body: 'It is broken', from: '+39 1' },
        ...fields,
      },
    })
  expect((await tryIt()).body).toEqual({
    fires: true,
    direction: true,
    account: true,
    interval: true,
    all: [{ value: 'Ada', holds: true }],
    any: [
      { value: 'It is broken', holds: false },
      { value: 'It is broken', holds: true },
    ],
  })
  const other = await server.makeAccount()
  expect((await tryIt({ accountIds: [other.id] })).body).toMatchObject({ fires: false, account: false })
  expect((await tryIt({ direction: 'out' })).body).toMatchObject({ fires: false, direction: false })
})

test('what a trigger names cannot be deleted unnoticed, and what changes is written down', async () => {
  const queue = await call('POST /api/openchannel/queues', { body: { name: 'Named by a trigger' } })
  const move: TriggerAction = { type: 'queue', queueId: queue.body.id }
  const { id, name } = await makeTrigger(server, { actions: [move] })
  const refused = await call('DELETE /api/openchannel/queues/:id', { params: { id: queue.body.id } })
  expect([refused.status, refused.body.code]).toEqual([409, 'GE-103'])
  expect(refused.body.detail).toContain(name)
  await call('DELETE /api/openchannel/triggers/:id', { params: { id } })
  expect((await call('DELETE /api/openchannel/queues/:id', { params: { id: queue.body.id } })).status).toBe(
    204,
  )
  const entries = await server.ctx.db
    .selectFrom('audit_entry')
    .select('action')
    .where('object', '=', 'trigger')
    .where('object_id', '=', id)
    .orderBy('id')
    .execute()
  expect(entries.map(({ action }) => action)).toEqual(['created', 'deleted'])
})
