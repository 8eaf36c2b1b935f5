import { expect, test } from 'vitest'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx } = server

async function make(fields: object) {
  const { body } = await call('POST /api/openchannel/queues', { body: fields })
  return body
}

const remove = (id: number) => call('DELETE /api/openchannel/queues/:id', { params: { id } })

test('a queue is made with usual settings, changed, and told apart by version', async () => {
  const { id, version } = await make({ name: ' Sales ' })
  const params = { id }
  const read = await call('GET /api/openchannel/queues/:id', { params })
  expect(read.body).toMatchObject({
    name: 'Sales',
    strategy: 'rrmemory',
    agentTimeoutSeconds: 20,
    weight: 0,
    agentIds: [],
    teamIds: [],
    waiting: 0,
    accounts: [],
  })
  const save = (body: object) => call('PATCH /api/openchannel/queues/:id', { params, body })
  expect(await save({ strategy: 'beepall', weight: 3, version })).toMatchObject({
    status: 200,
    body: { strategy: 'beepall', weight: 3, version: version + 1 },
  })
  expect(await save({ weight: 4, version })).toMatchObject({ status: 409, body: { code: 'GE-104' } })
  expect(await save({ weight: 11 })).toMatchObject({ status: 400, body: { code: 'GE-101', field: 'weight' } })
})

test('the name of a queue is taken once', async () => {
  await make({ name: 'Support' })
  const other = await make({ name: 'Other' })
  const taken = { status: 409, body: { code: 'GE-102', field: 'name' } }
  expect(await call('POST /api/openchannel/queues', { body: { name: 'SUPPORT' } })).toMatchObject(taken)
  expect(
    await call('PATCH /api/openchannel/queues/:id', { params: { id: other.id }, body: { name: 'support' } }),
  ).toMatchObject(taken)
})

test('agents and teams are replaced, and the router is rung for what waits', async () => {
  const { id } = await make({ name: 'Members' })
  const [one, two] = [await server.makeUser(), await server.makeUser()]
  const team = await ctx.db
    .insertInto('team')
    .values({ name: 'Day' })
    .returning('id')
    .executeTakeFirstOrThrow()
  let routed = 0
  const stop = ctx.push.onRing(({ route }) => {
    if (route) routed++
  })
  const put = (ids: number[]) =>
    call('PUT /api/openchannel/queues/:id/agents', { params: { id }, body: { ids } })
  expect((await put([one.id, two.id, one.id])).body.agentIds).toEqual([one.id, two.id])
  expect((await put([two.id])).body.agentIds).toEqual([two.id])
  expect(await put([two.id, 999_999])).toMatchObject({ status: 400, body: { field: 'ids' } })
  const teams = await call('PUT /api/openchannel/queues/:id/teams', {
    params: { id },
    body: { ids: [team.id] },
  })
  expect(teams.body).toMatchObject({ teamIds: [team.id], agentIds: [two.id] })
  await expect.poll(() => routed).toBeGreaterThanOrEqual(3)
  stop()
})

test('a queue named by the actions of an account, or in which something waits, stays and says why', async () => {
  const { id } = await make({ name: 'Busy' })
  const { body: account } = await call('POST /api/openchannel/accounts', { body: { name: 'Web shop' } })
  const setActions = (actions: object[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', { params: { id: account.id }, body: { actions } })
  await setActions([{ type: 'queue', queueId: id }])
  const named = await remove(id)
  expect(named).toMatchObject({
    status: 409,
    body: { code: 'GE-103', uses: [{ place: 'flow', id: account.id }] },
  })
  expect(named.body.detail).toContain('Web shop')
  expect((await call('GET /api/openchannel/queues/:id', { params: { id } })).body.accounts).toEqual([
    { id: account.id, name: 'Web shop' },
  ])
  await setActions([])
  await ctx.db
    .insertInto('queue_entry')
    .values({ interaction_id: 1, account_id: account.id, queue_id: id })
    .execute()
  expect((await call('GET /api/openchannel/queues/:id', { params: { id } })).body.waiting).toBe(1)
  expect(await remove(id)).toMatchObject({ status: 409, body: { code: 'GE-103' } })
  await ctx.db.deleteFrom('queue_entry').where('interaction_id', '=', 1).execute()
  expect(await remove(id)).toMatchObject({ status: 204 })
  expect(await remove(id)).toMatchObject({ status: 404 })
})

test('an account cannot name a queue while it is being deleted', async () => {
  const { body: account } = await call('POST /api/openchannel/accounts', { body: { name: 'Race' } })
  for (let round = 0; round < 10; round++) {
    const { id } = await make({ name: `Race ${round}` })
    const [deleted, named] = await Promise.all([
      remove(id),
      call('PUT /api/openchannel/accounts/:id/actions', {
        params: { id: account.id },
        body: { actions: [{ type: 'queue', queueId: id }] },
      }),
    ])
    expect([deleted.status, named.status].sort()).toEqual(deleted.status === 204 ? [204, 400] : [200, 409])
    await call('PUT /api/openchannel/accounts/:id/actions', {
      params: { id: account.id },
      body: { actions: [] },
    })
  }
})

test('an agent sees every queue, and of its accounts those to which he was added', async () => {
  const { id } = await make({ name: 'Shared' })
  const as = await server.makeUser('agent')
  const actions = [{ type: 'queue', queueId: id }]
  await server.makeAccount({ name: 'Hidden', actions })
  const mine = await server.makeAccount({ name: 'Seen', actions, agents: [as] })
  const { body } = await call('GET /api/openchannel/queues', { as, query: { search: 'shar' } })
  expect(body).toMatchObject({ count: 1, rows: [{ id, accounts: [{ id: mine.id, name: 'Seen' }] }] })
  expect(await call('POST /api/openchannel/queues', { as, body: { name: 'Mine' } })).toMatchObject({
    status: 403,
  })
})

test('queues are listed by name, page by page', async () => {
  for (const name of ['zz-c', 'ZZ-b', 'zz-a']) await make({ name })
  const page = (query: object) =>
    call('GET /api/openchannel/queues', { query: { search: 'zz-', limit: 2, ...query } })
  const { body: first } = await page({})
  expect(first.rows.map(({ name }) => name)).toEqual(['zz-a', 'ZZ-b'])
  const { body: second } = await page({ cursor: first.cursor })
  expect(second).toMatchObject({ count: 3, rows: [{ name: 'zz-c' }], cursor: null })
})

test('every change is in the audit log', async () => {
  const { id } = await make({ name: 'Audited' })
  await call('PUT /api/openchannel/queues/:id/agents', { params: { id }, body: { ids: [server.admin.id] } })
  await remove(id)
  const rows = await ctx.db
    .selectFrom('audit_entry')
    .select('action')
    .where('object', '=', 'queue')
    .where('object_id', '=', id)
    .orderBy('id')
    .execute()
  expect(rows.map(({ action }) => action)).toEqual(['created', 'changed', 'deleted'])
})
