import { sha256 } from '@patchbay/kit/crypto.ts'
import { expect, test, vi } from 'vitest'
import { type Person, startTestServer } from '../../testing.ts'
import { createDesk } from '../desk/testing.ts'

const server = await startTestServer()
const another = await server.another()
const { call, ctx } = server
const rules = (body: object) => call('PUT /api/openchannel/presence-rules', { body })
const setMine = (as: Person, body: object) => call('PUT /api/me/presence', { as, body })
const presenceOf = async (as: Person) => (await call('GET /api/me', { as })).body.presence

/** An account with an agent and the supervisor who sees it. */
async function office() {
  const agent = await server.makeUser()
  const colleague = await server.makeUser()
  const lead = await server.makeUser('supervisor')
  return { agent, colleague, lead, account: await server.makeAccount({ agents: [agent, colleague, lead] }) }
}

test('pauses are there from the start, in their order, and each says how long it usually takes', async () => {
  const { body } = await call('GET /api/openchannel/pauses', { as: await server.makeUser() })
  expect(body.rows.map(({ name, key, minutes }) => `${name} ${key} ${minutes}`)).toEqual([
    'Break break 15',
    'Lunch lunch 45',
    'Training training null',
    'Administration administration null',
  ])
})

test('a pause is made, renamed and deleted by an admin; who is in it or was keeps its words', async () => {
  const { agent, lead } = await office()
  const { body: made } = await call('POST /api/openchannel/pauses', {
    body: { name: 'Coaching', minutes: 30 },
  })
  expect((await call('POST /api/openchannel/pauses', { body: { name: 'coaching' } })).body.code).toBe(
    'GE-102',
  )
  await setMine(agent, { state: 'paused', reason: 'Coaching' })
  const { since, until, reason } = await presenceOf(agent)
  expect(reason).toBe('Coaching')
  expect(Date.parse(until ?? '') - Date.parse(since)).toBe(30 * 60_000)
  const params = { id: made.id }
  const renamed = await call('PATCH /api/openchannel/pauses/:id', {
    params,
    body: { name: 'Mentoring', version: 1 },
  })
  expect(renamed.body).toMatchObject({ name: 'Mentoring', version: 2 })
  const stale = await call('PATCH /api/openchannel/pauses/:id', { params, body: { minutes: 5, version: 1 } })
  expect(stale.body.code).toBe('GE-104')
  expect((await call('DELETE /api/openchannel/pauses/:id', { params })).status).toBe(204)
  expect((await presenceOf(agent)).reason).toBe('Coaching')
  await setMine(agent, { state: 'available' })
  const { body } = await call('GET /api/users/:id/presence/periods', { as: lead, params: { id: agent.id } })
  expect(body.rows.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'available null',
    'paused Coaching',
  ])
  const { rows: entries } = await call('GET /api/openchannel/pauses').then(({ body }) => body)
  expect(entries.some(({ id }) => id === made.id)).toBe(false)
})

test('a pause that came with the program loses its key with its name, so that the new name is shown in every language', async () => {
  const { body } = await call('GET /api/openchannel/pauses')
  const training = body.rows.find(({ key }) => key === 'training')
  const params = { id: training?.id ?? 0 }
  const same = await call('PATCH /api/openchannel/pauses/:id', {
    params,
    body: { name: 'Training', minutes: 60 },
  })
  expect(same.body).toMatchObject({ key: 'training', minutes: 60 })
  const renamed = await call('PATCH /api/openchannel/pauses/:id', { params, body: { name: 'Course' } })
  expect(renamed.body).toMatchObject({ name: 'Course', key: null })
})

test('where the rules ask for a reason, a pause without one is refused; otherwise any words or none will do', async () => {
  const { agent, lead } = await office()
  expect((await setMine(agent, { state: 'paused' })).status).toBe(200)
  expect((await setMine(agent, { state: 'paused', reason: 'a fire' })).body.reason).toBe('a fire')
  expect((await rules({ pauseNeedsReason: true })).body).toMatchObject({
    pauseNeedsReason: true,
    missedOffers: 1,
  })
  try {
    expect((await setMine(agent, { state: 'paused', reason: ' ' })).body).toMatchObject({
      code: 'PR-101',
      field: 'reason',
    })
    const params = { id: agent.id }
    const bySupervisor = await call('PUT /api/users/:id/presence', {
      as: lead,
      params,
      body: { state: 'paused' },
    })
    expect(bySupervisor.body.code).toBe('PR-101')
    expect((await setMine(agent, { state: 'paused', reason: 'lunch' })).status).toBe(200)
    expect((await setMine(agent, { state: 'offline' })).status).toBe(200)
  } finally {
    await rules({ pauseNeedsReason: false })
  }
})

test('a supervisor sets the presence of an agent, who is told at once, on any node, who it was and why', async () => {
  const { agent, lead } = await office()
  await setMine(agent, { state: 'available' })
  const desk = createDesk(another, agent)
  await desk.connect()
  const { body } = await call('PUT /api/users/:id/presence', {
    as: lead,
    params: { id: agent.id },
    body: { state: 'paused', reason: 'lunch', note: 'You have had no break since eight.' },
  })
  const standing = { state: 'paused', reason: 'lunch', cause: 'supervisor', setBy: { id: lead.id } }
  expect(body.presence).toMatchObject(standing)
  await vi.waitFor(() =>
    expect(desk.state.presence).toMatchObject({ ...standing, note: 'You have had no break since eight.' }),
  )
  const audited = await ctx.db
    .selectFrom('audit_entry')
    .select(['user_id', 'before', 'after'])
    .where('object', '=', 'presence')
    .where('object_id', '=', agent.id)
    .execute()
  expect(audited).toEqual([
    {
      user_id: lead.id,
      before: { state: 'available', reason: null, note: null },
      after: { state: 'paused', reason: 'lunch', note: 'You have had no break since eight.' },
    },
  ])
  await setMine(agent, { state: 'available' })
  await vi.waitFor(() =>
    expect(desk.state.presence).toMatchObject({ cause: 'self', setBy: null, note: null }),
  )
  const { body: periods } = await call('GET /api/users/:id/presence/periods', {
    as: lead,
    params: { id: agent.id },
  })
  expect(periods.rows[1]).toMatchObject({ ...standing, until: expect.any(String) })
})

test('nobody sets or reads the presence of a stranger, and only admins that of an admin', async () => {
  const { agent, colleague, lead, account } = await office()
  const strange = await server.makeUser('supervisor')
  const admin = await server.makeUser('admin')
  await server.addAgent(account, admin)
  const set = (as: Person, whom: Person) =>
    call('PUT /api/users/:id/presence', { as, params: { id: whom.id }, body: { state: 'offline' } })
  expect((await set(colleague, agent)).body.code).toBe('AU-105')
  expect((await set(strange, agent)).body.code).toBe('GE-105')
  expect((await set(lead, admin)).body.code).toBe('GE-105')
  expect((await set(admin, lead)).status).toBe(200)
  const periods = await call('GET /api/users/:id/presence/periods', { as: strange, params: { id: agent.id } })
  expect(periods.body.code).toBe('GE-105')
  const { body } = await call('GET /api/openchannel/agents', { as: lead })
  expect(body.rows.map(({ id }) => id).sort()).toEqual([agent.id, colleague.id, lead.id].sort())
  expect(body.count).toBe(3)
})

test('agents are listed page by page with their state, since when, and the slots that they use', async () => {
  const { agent, colleague, lead, account } = await office()
  await setMine(agent, { state: 'available' })
  const { body: message } = await server.receive(account, { from: '+1', mapKey: 'phone', body: 'Hello' })
  await call('PUT /api/openchannel/interactions/:id', {
    params: { id: message.interaction?.id ?? 0 },
    body: { UserId: agent.id },
  })
  const names: string[] = []
  let cursor: string | null | undefined
  do {
    const { body } = await call('GET /api/openchannel/agents', {
      as: lead,
      query: { limit: 2, ...(cursor && { cursor }) },
    })
    for (const { id, isHere, presence } of body.rows)
      names.push(`${id} ${isHere} ${presence.state} ${presence.slotsUsed}/${presence.capacity}`)
    cursor = body.cursor
  } while (cursor)
  expect(names.sort()).toEqual(
    [
      `${agent.id} true available 1/5`,
      `${colleague.id} false offline 0/5`,
      `${lead.id} false offline 0/5`,
    ].sort(),
  )
})

test('a desk that watches agents is told when one changes, and one that does not is not', async () => {
  const { agent, lead } = await office()
  const watching = createDesk(another, lead)
  const idle = createDesk(another, lead)
  await Promise.all([watching.connect(), idle.connect()])
  watching.say({ type: 'watch', agents: true })
  await vi.waitFor(async () => {
    await setMine(agent, { state: 'paused', reason: `${Math.random()}` })
    expect(watching.state.changed.agents).toBeGreaterThan(0)
  })
  expect(idle.state.changed.agents).toBeUndefined()
  watching.say({ type: 'watch', agents: false })
})

test('signing out makes an agent offline at once, unless another session of his lives on', async () => {
  const { agent } = await office()
  const digest = sha256('another-session')
  const expires_at = new Date(Date.now() + 60_000)
  await ctx.db.insertInto('session').values({ digest, user_id: agent.id, expires_at }).execute()
  const second = { headers: { cookie: `${ctx.gatekeeper.cookie.name}=another-session`, origin: server.url } }
  await setMine(agent, { state: 'available' })
  await call('DELETE /api/session', { as: second })
  expect((await presenceOf(agent)).state).toBe('available')
  await call('DELETE /api/session', { as: agent })
  const row = await ctx.db
    .selectFrom('presence')
    .select(['state', 'cause'])
    .where('user_id', '=', agent.id)
    .executeTakeFirst()
  expect(row).toEqual({ state: 'offline', cause: 'signed-out' })
})

test('periods are asked for by time, newest first', async () => {
  const { agent, lead } = await office()
  for (const state of ['available', 'paused', 'offline'] as const) await setMine(agent, { state })
  const periods = (query: object) =>
    call('GET /api/users/:id/presence/periods', { as: lead, params: { id: agent.id }, query })
  const { body } = await periods({})
  expect(body.rows.map(({ state }) => state)).toEqual(['offline', 'paused', 'available'])
  expect(body.rows[1]?.until).toBe(body.rows[0]?.since)
  const { body: early } = await periods({ to: body.rows[0]?.since })
  expect(early.rows.map(({ state }) => state)).toEqual(['paused', 'available'])
  const { body: page } = await periods({ limit: 1 })
  const { body: rest } = await periods({ cursor: page.cursor })
  expect(rest.rows.map(({ state }) => state)).toEqual(['paused', 'available'])
  expect((await periods({ from: '2999-01-01T00:00:00.000Z' })).body.count).toBe(0)
})
