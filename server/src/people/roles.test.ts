/** Roles: what they allow, what nobody can give himself, how fast a right that is taken is gone, and looking as somebody else. */
import { once } from 'node:events'
import { permissions } from '@patchbay/protocol/permissions.ts'
import { expect, test, vi } from 'vitest'
import { createDesk } from '../flows/desk/testing.ts'
import { type Person, startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx, admin } = server
const soon = { timeout: 12_000, interval: 20 }

const rolesNow = async () => (await call('GET /api/roles')).body.rows
const roleOf = async (person: Person) => {
  const { body } = await call('GET /api/users/:id', { params: { id: person.id } })
  return { id: body.roleId, name: body.roleName, role: body.role }
}
const presetId = async (preset: string) => (await rolesNow()).find((role) => role.preset === preset)?.id ?? 0
const edit = async (person: Person, allowed: readonly string[], as: Person = admin) =>
  call('PATCH /api/roles/:id', {
    as,
    params: { id: (await roleOf(person)).id },
    body: { permissions: allowed },
  })

test('five presets exist from the beginning; Admin allows everything and nothing can be taken from it', async () => {
  const rows = await rolesNow()
  expect(rows.map(({ preset }) => preset)).toEqual([
    'admin',
    'supervisor',
    'agent',
    'integrator',
    'read-only',
  ])
  expect(rows[0]?.permissions).toEqual(permissions)
  const params = { id: rows[0]?.id ?? 0 }
  for (const body of [{ permissions: [] }, { name: 'Less' }])
    expect((await call('PATCH /api/roles/:id', { params, body })).body.code).toBe('PE-110')
  for (const { id } of rows)
    expect((await call('DELETE /api/roles/:id', { params: { id } })).body.code).toBe('PE-110')
})

test('a copy of a preset is given by its id, told to clients as agent, and goes only with a replacement', async () => {
  const { body: made } = await call('POST /api/roles', {
    body: { name: 'Night shift', permissions: ['openchannel', 'contacts.read'] },
  })
  expect((await call('POST /api/roles', { body: { name: 'night SHIFT', permissions: [] } })).body.code).toBe(
    'GE-102',
  )
  const person = await server.makeUser('supervisor')
  const params = { id: person.id }
  await call('PATCH /api/users/:id', { params, body: { roleId: made.id } })
  expect(await roleOf(person)).toEqual({ id: made.id, name: 'Night shift', role: 'agent' })
  expect((await call('GET /api/me', { as: person })).body.permissions).toEqual([
    'openchannel',
    'contacts.read',
  ])
  expect((await call('DELETE /api/roles/:id', { params: { id: made.id } })).body.code).toBe('GE-103')
  const replaceBy = await presetId('agent')
  await call('DELETE /api/roles/:id', { params: { id: made.id }, query: { replaceBy } })
  expect((await roleOf(person)).id).toBe(replaceBy)
  await call('PATCH /api/users/:id', { params, body: { role: 'supervisor' } })
  expect(await roleOf(person)).toMatchObject({ name: 'Supervisor', role: 'supervisor' })
})

test('nobody gives what he does not have, nor acts on somebody who has more', async () => {
  const chief = await server.makeUser(['people.manage', 'roles.manage', 'keys.manage', 'keys.own', 'view-as'])
  const adminRole = await presetId('admin')
  const attempts = [
    call('POST /api/roles', { as: chief, body: { name: 'More', permissions: ['accounts.all'] } }),
    edit(chief, ['people.manage', 'accounts.all'], chief),
    call('PATCH /api/users/:id', { as: chief, params: chief, body: { roleId: adminRole } }),
    call('PATCH /api/users/:id', { as: chief, params: chief, body: { role: 'admin' } }),
    call('POST /api/users', { as: chief, body: { email: 'x@example.com', role: 'admin' } }),
    call('PATCH /api/users/:id', { as: chief, params: admin, body: { password: 'a new good password' } }),
    call('POST /api/users/:id/view-as', { as: chief, params: admin, body: {} }),
    server
      .makeKey(admin)
      .then(({ id }) => call('POST /api/keys/:id/rotate', { as: chief, params: { id }, body: {} })),
  ]
  for (const { status, body } of await Promise.all(attempts))
    expect([status, body.code]).toEqual([403, 'AU-105'])
  const { status } = await call('POST /api/roles', {
    as: chief,
    body: { name: 'Less', permissions: ['view-as'] },
  })
  expect(status).toBe(201)
})

test('a right that is taken is gone at once from sessions, keys and open desks, and comes back as fast', async () => {
  const agent = await server.makeUser(['openchannel', 'openchannel.answer', 'contacts.read'])
  const account = await server.makeAccount({ agents: [agent] })
  const { body } = await server.receive(account, { from: 'ada', body: 'hello', mapKey: 'phone' })
  const key = await server.makeKey(agent)
  const desk = createDesk(server, agent)
  await desk.connect()
  const rows = () => JSON.stringify([...desk.state.rows.keys()])
  const inbox = async (as: Person | typeof key) =>
    (await call('GET /api/openchannel/inbox', { as, query: { view: 'waiting' } })).status
  await vi.waitFor(() => expect(rows()).toContain(String(body.interaction?.id)), soon)
  expect([await inbox(agent), await inbox(key)]).toEqual([200, 200])

  await edit(agent, ['contacts.read'])
  expect([await inbox(agent), await inbox(key)]).toEqual([403, 403])
  await vi.waitFor(() => expect(rows()).toBe('[]'), soon)
  await vi.waitFor(() => expect(desk.messages).toContainEqual({ type: 'changed', what: 'me' }), soon)
  const before = desk.messages.length
  await server.receive(account, { from: 'ada', body: 'are you there', mapKey: 'phone' })
  ctx.push.ring({ changed: 'tags' })
  await vi.waitFor(
    () => expect(desk.messages.slice(before)).toContainEqual({ type: 'changed', what: 'tags' }),
    soon,
  )
  expect(JSON.stringify(desk.messages.slice(before))).not.toContain('are you there')
  expect((await call('GET /api/contacts', { as: agent })).status).toBe(200)

  await edit(agent, ['openchannel', 'contacts.read'])
  expect([await inbox(agent), await inbox(key)]).toEqual([200, 200])
  await desk.cut()
})

test('who may not answer is offered nothing, and what he was offered passes on', async () => {
  const agent = await server.makeUser(['openchannel', 'openchannel.answer'])
  const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Calls' } })
  await call('PUT /api/openchannel/queues/:id/agents', {
    params: { id: queue.id },
    body: { ids: [agent.id] },
  })
  const account = await server.makeAccount({
    agents: [agent],
    actions: [{ type: 'queue', queueId: queue.id, timeoutSeconds: null }],
  })
  const desk = createDesk(server, agent)
  await desk.connect()
  await call('PUT /api/me/presence', { as: agent, body: { state: 'available' } })
  await server.receive(account, { from: 'bob', body: 'hello', mapKey: 'phone' })
  const offered = async () => {
    const { rows } = await ctx.pool.query(`select state from offer where user_id = $1 order by id`, [
      agent.id,
    ])
    return rows.map(({ state }) => state)
  }
  await vi.waitFor(async () => expect(await offered()).toEqual(['open']), soon)
  await edit(agent, ['openchannel'])
  await vi.waitFor(async () => expect(await offered()).toEqual(['withdrawn']), soon)
  expect((await call('PUT /api/me/presence', { as: agent, body: { state: 'available' } })).status).toBe(403)
  await desk.cut()
})

test('what a colleague has is given to nobody without the permission to assign', async () => {
  const [agent, colleague] = [
    await server.makeUser(['openchannel', 'openchannel.answer']),
    await server.makeUser('agent'),
  ]
  const account = await server.makeAccount({ agents: [agent, colleague] })
  const { body } = await server.receive(account, { from: 'dora', body: 'hello', mapKey: 'phone' })
  const params = { id: body.interaction?.id ?? 0 }
  const give = (as: Person, person: Person) =>
    call('PUT /api/openchannel/interactions/:id', { as, params, body: { UserId: person.id } })
  expect((await give(agent, agent)).status).toBe(200)
  expect((await give(agent, colleague)).status).toBe(200)
  expect((await give(agent, agent)).body.code).toBe('AU-105')
  expect((await give(colleague, agent)).status).toBe(200)
})

test('a user’s rights are told with their reasons', async () => {
  const agent = await server.makeUser('agent', { fullname: 'Rita' })
  const [byTeam, own, others] = [
    await server.makeAccount({ name: 'Web chat' }),
    await server.makeAccount({ name: 'Mail', agents: [agent] }),
    await server.makeAccount({ name: 'Shop' }),
  ]
  const { body: team } = await call('POST /api/teams', { body: { name: 'Sales' } })
  await call('PUT /api/teams/:id/users', { params: team, body: { ids: [agent.id] } })
  await call('PUT /api/openchannel/accounts/:id/teams', {
    params: { id: byTeam.id },
    body: { ids: [team.id] },
  })
  const rights = async (person: Person) =>
    (await call('GET /api/users/:id/rights', { params: { id: person.id } })).body
  const { role, accounts, permissions: told } = await rights(agent)
  const of = (id: number) => accounts.find((account) => account.id === id)
  expect(role).toMatchObject({ name: 'Agent', preset: 'agent' })
  expect([of(byTeam.id), of(own.id), of(others.id)]).toEqual([
    { id: byTeam.id, name: 'Web chat', reaches: true, because: [{ by: 'team', name: 'Sales' }] },
    { id: own.id, name: 'Mail', reaches: true, because: [{ by: 'agent', name: null }] },
    { id: others.id, name: 'Shop', reaches: false, because: [{ by: 'not-added', name: null }] },
  ])
  expect(told.find(({ permission }) => permission === 'deliveries.replay')?.allowed).toBe(false)
  const reader = await rights(await server.makeUser('read-only'))
  expect(reader.accounts[0]?.because[0]).toEqual({ by: 'role', name: 'Read-only' })
  const outside = await rights(await server.makeUser(['contacts.read']))
  expect(outside.accounts.every(({ because }) => because[0]?.by === 'no-module')).toBe(true)
})

test('who looks as somebody else sees that desk, changes nothing by call or socket, and ends it by one call', async () => {
  const agent = await server.makeUser('agent', { fullname: 'Otto' })
  const chief = await server.makeUser('admin')
  const account = await server.makeAccount({ agents: [agent] })
  const { body } = await server.receive(account, { from: 'cleo', body: 'hello', mapKey: 'phone' })
  const id = body.interaction?.id ?? 0
  const open = createDesk(server, chief)
  await open.connect()
  expect((await call('POST /api/users/:id/view-as', { as: chief, params: agent, body: {} })).status).toBe(200)
  // The desk that was open as himself is closed, so that it comes again as the other.
  expect(await open.closed).toBeGreaterThan(0)
  const me = (await call('GET /api/me', { as: chief })).body
  expect([me.id, me.viewer?.id]).toEqual([agent.id, chief.id])
  expect(
    (await call('GET /api/openchannel/interactions/:id/thread', { as: chief, params: { id } })).status,
  ).toBe(200)

  const refused = [
    call('PUT /api/me/presence', { as: chief, body: { state: 'available' } }),
    call('POST /api/openchannel/messages', { as: chief, body: { OpenchannelInteractionId: id, body: 'x' } }),
    call('POST /api/openchannel/interactions/:id/read', { as: chief, params: { id }, body: { seq: 1 } }),
    call('POST /api/openchannel/interactions/:id/close', { as: chief, params: { id }, body: {} }),
    call('PATCH /api/me', { as: chief, body: { fullname: 'Taken over' } }),
    call('POST /api/keys', { as: chief, body: { name: 'stolen' } }),
  ]
  for (const { status, body: problem } of await Promise.all(refused))
    expect([status, problem.code]).toEqual([403, 'AU-121'])
  expect((await call('GET /api/users', { as: chief })).body.rows[0]?.email).toBe('')

  const [seeing, watching] = [createDesk(server, chief), createDesk(server, agent)]
  await seeing.connect()
  await watching.connect()
  await Promise.all([seeing.open(id), watching.open(id)])
  seeing.say({ type: 'typing', interactionId: id })
  const told = () => watching.messages.flatMap((message) => (message.type === 'viewers' ? message.users : []))
  await vi.waitFor(() => {
    watching.say({ type: 'typing', interactionId: id })
    expect(told()).toContainEqual({ id: agent.id, fullname: 'Otto', typing: true })
  }, soon)
  expect(told().filter((viewer) => viewer.id !== agent.id)).toEqual([])
  await watching.cut()
  await ctx.pool.query(`update presence set lease_until = null where user_id = $1`, [agent.id])
  const pong = once(seeing.ws, 'ping')
  await pong
  const lease = await ctx.pool.query('select from presence where user_id = $1 and lease_until > now()', [
    agent.id,
  ])
  expect(lease.rowCount).toBe(0)

  expect((await call('DELETE /api/me/view-as', { as: chief })).status).toBe(204)
  expect((await call('GET /api/me', { as: chief })).body).toMatchObject({ id: chief.id, viewer: null })
  const acts = (
    await call('GET /api/audit', { query: { objectId: agent.id, object: 'app_user', userId: chief.id } })
  ).body.rows
  expect(acts.map(({ action }) => action)).toEqual(['view-as-ended', 'view-as-began'])
  await seeing.cut()
})

test('a view ends with the right to it, and with its half hour', async () => {
  const agent = await server.makeUser('agent')
  const chief = await server.makeUser([...permissions])
  const who = async () => (await call('GET /api/me', { as: chief })).body.id
  const begin = () => call('POST /api/users/:id/view-as', { as: chief, params: agent, body: {} })
  await begin()
  expect(await who()).toBe(agent.id)
  await edit(
    chief,
    permissions.filter((permission) => permission !== 'audit.read'),
  )
  expect(await who()).toBe(chief.id)
  await begin()
  await ctx.pool.query(`update session set viewed_until = now() where user_id = $1`, [chief.id])
  ctx.gatekeeper.forget(chief.id)
  expect(await who()).toBe(chief.id)
})
