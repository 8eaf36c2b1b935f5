/** Passing on: to an agent at once or rung first, to a team, with a note; and back to the sender when nobody takes it up. */
import { expect, test } from 'vitest'
import { type Person, startTestServer } from '../testing.ts'

const server = await startTestServer()
const { call, ctx, receive } = server
const [anna, luca, mia] = [
  await server.makeUser('agent', { fullname: 'Anna' }),
  await server.makeUser('agent', { fullname: 'Luca' }),
  await server.makeUser('agent', { fullname: 'Mia' }),
]
const account = await server.makeAccount({ agents: [anna, luca, mia] })
const { body: team } = await call('POST /api/teams', { body: { name: 'Night' } })
await call('PUT /api/teams/:id/users', { params: { id: team.id }, body: { ids: [luca.id, mia.id] } })

let customers = 0
async function assigned(to: Person): Promise<number> {
  const { body } = await receive(account, { mapKey: 'phone', from: `+39${++customers}`, body: 'Hello' })
  const id = body.interaction?.id ?? 0
  await call('PUT /api/openchannel/interactions/:id', { params: { id }, body: { UserId: to.id } })
  return id
}
const be = (person: Person, state: 'available' | 'offline') =>
  call('PUT /api/me/presence', { as: person, body: { state } })
const pass = (id: number, body: object, as: Person = anna) =>
  call('POST /api/openchannel/interactions/:id/transfer', { as, params: { id }, body })
const read = async (id: number) =>
  (await call('GET /api/openchannel/interactions/:id', { params: { id } })).body
const lastTransfer = async (id: number) => {
  const events = await ctx.db
    .selectFrom('interaction_log')
    .select(['type', 'data'])
    .where('interaction_id', '=', id)
    .orderBy('seq')
    .execute()
  return events.findLast(({ type }) => type === 'transferred')?.data
}
const offersOf = async (person: Person) =>
  (await call('GET /api/openchannel/offers', { as: person })).body.rows.map(
    ({ interactionId }) => interactionId,
  )
const patience = { timeout: 30_000, interval: 100 }

test('whom it can be passed to says how busy each is, and names only who may have it', async () => {
  const stranger = await server.makeUser('agent', { fullname: 'Stranger' })
  const { body: others } = await call('POST /api/teams', { body: { name: 'Others' } })
  await call('PUT /api/teams/:id/users', { params: { id: others.id }, body: { ids: [stranger.id] } })
  await be(luca, 'available')
  const id = await assigned(anna)
  const { body } = await call('GET /api/openchannel/interactions/:id/targets', { as: anna, params: { id } })
  expect(body.agents.map(({ fullname }) => fullname)).toEqual(expect.arrayContaining(['Luca', 'Anna', 'Mia']))
  expect(body.agents.map(({ fullname }) => fullname)).not.toContain('Stranger')
  expect(body.agents[0]).toMatchObject({ fullname: 'Luca', presence: 'available', free: 5 })
  expect(body.teams).toEqual([{ id: team.id, name: 'Night', free: 1 }])
  await be(luca, 'offline')
})

test('exactly one of agent, queue and team is named; the same one again, a stranger and what is closed are refused', async () => {
  const id = await assigned(anna)
  const code = async (body: object) => (await pass(id, body)).body.code
  expect(await code({})).toBe('IN-102')
  expect(await code({ userId: luca.id, teamId: team.id })).toBe('IN-102')
  expect(await code({ userId: anna.id })).toBe('IN-106')
  expect(await code({ userId: anna.id, ring: true })).toBe('IN-106')
  expect(await code({ teamId: 999_999 })).toBe('IN-102')
  const stranger = await server.makeUser('agent')
  expect(await code({ userId: stranger.id })).toBe('IN-102')
  expect(await code({ userId: stranger.id, ring: true })).toBe('IN-102')
  await call('POST /api/openchannel/interactions/:id/close', { params: { id }, body: {} })
  expect(await code({ userId: luca.id })).toBe('IN-103')
  expect(await code({ userId: luca.id, ring: true })).toBe('IN-103')
  expect(await code({ teamId: team.id })).toBe('IN-103')
})

test('an agent who is rung first gets it when he accepts; the note stands where he reads it', async () => {
  await be(luca, 'available')
  const id = await assigned(anna)
  expect((await pass(id, { userId: luca.id, ring: true, note: 'He is upset' })).body).toMatchObject({
    state: 'queued',
  })
  expect(await lastTransfer(id)).toEqual({ agent: 'Luca', rings: 'first', note: 'He is upset' })
  expect((await pass(id, { userId: luca.id, ring: true })).body.code).toBe('IN-106')
  await expect.poll(() => offersOf(luca), patience).toContain(id)
  expect(await offersOf(mia)).toEqual([])
  await call('POST /api/openchannel/interactions/:id/accept', { as: luca, params: { id } })
  expect(await read(id)).toMatchObject({ state: 'assigned', UserId: luca.id })
  await be(luca, 'offline')
})

test('while it waits for an agent or a team, its line in the inbox says for whom', async () => {
  const id = await assigned(anna)
  const awaits = async () =>
    (await call('GET /api/openchannel/inbox', { as: anna, query: { view: 'waiting' } })).body.rows.find(
      (row) => row.id === id,
    )?.awaits
  await pass(id, { userId: mia.id, ring: true })
  expect(await awaits()).toEqual({ kind: 'agent', id: mia.id, name: 'Mia' })
  await pass(id, { teamId: team.id })
  expect(await awaits()).toEqual({ kind: 'team', id: team.id, name: 'Night' })
  await pass(id, { userId: anna.id })
  expect(await read(id)).toMatchObject({ state: 'assigned' })
  const { body } = await call('GET /api/openchannel/inbox', { as: anna, query: { view: 'mine' } })
  expect(body.rows.find((row) => row.id === id)).not.toHaveProperty('awaits')
})

test('one who declines sends it back to who had it, and the thread says so', async () => {
  await be(luca, 'available')
  const id = await assigned(anna)
  await pass(id, { userId: luca.id, ring: true })
  await expect.poll(() => offersOf(luca), patience).toContain(id)
  await call('POST /api/openchannel/interactions/:id/decline', { as: luca, params: { id }, body: {} })
  await expect.poll(() => read(id), patience).toMatchObject({ state: 'assigned', UserId: anna.id })
  expect(await lastTransfer(id)).toEqual({ agent: 'Anna', back: 'Anna' })
  await be(luca, 'offline')
})

test('what a team does not take up in time goes back; one of it who accepts has it', async () => {
  const id = await assigned(anna)
  await pass(id, { teamId: team.id, note: 'For tonight' })
  expect(await lastTransfer(id)).toEqual({ team: 'Night', rings: 'first', note: 'For tonight' })
  expect((await pass(id, { teamId: team.id })).body.code).toBe('IN-106')
  await ctx.db
    .updateTable('queue_entry')
    .set({ until: new Date() })
    .where('interaction_id', '=', id)
    .execute()
  ctx.push.ring({ route: true })
  await expect.poll(() => read(id), patience).toMatchObject({ state: 'assigned', UserId: anna.id })

  await be(mia, 'available')
  await pass(id, { teamId: team.id })
  await expect.poll(() => offersOf(mia), patience).toContain(id)
  await call('POST /api/openchannel/interactions/:id/accept', { as: mia, params: { id } })
  expect(await read(id)).toMatchObject({ state: 'assigned', UserId: mia.id })
  await be(mia, 'offline')
})

test('a sender who has filled his slots meanwhile gets no more than he can do: it waits for him until one is free', async () => {
  const small = await server.makeUser('agent', { fullname: 'Small' })
  await server.addAgent(account, small)
  await ctx.db.updateTable('app_user').set({ capacity: 1 }).where('id', '=', small.id).execute()
  await be(luca, 'available')
  await be(small, 'available')
  const id = await assigned(small)
  await pass(id, { userId: luca.id, ring: true }, small)
  await expect.poll(() => offersOf(luca), patience).toContain(id)
  const other = await assigned(small)
  await call('POST /api/openchannel/interactions/:id/decline', { as: luca, params: { id }, body: {} })
  await expect
    .poll(
      async () => (await call('GET /api/openchannel/interactions/:id/why', { params: { id } })).body.waits,
      patience,
    )
    .toMatchObject({ for: 'agent', id: small.id })
  expect(await read(id)).toMatchObject({ state: 'queued', UserId: null })
  expect(await offersOf(small)).toEqual([])
  await call('POST /api/openchannel/interactions/:id/close', { params: { id: other }, body: {} })
  await expect.poll(() => offersOf(small), patience).toContain(id)
  await be(luca, 'offline')
  await be(small, 'offline')
})

test('a sender who may not have it any more does not get it back: it rests with the agents of its account', async () => {
  const leaving = await server.makeUser('agent', { fullname: 'Leaving' })
  await server.addAgent(account, leaving)
  const id = await assigned(leaving)
  await pass(id, { teamId: team.id }, leaving)
  await ctx.db.deleteFrom('account_agent').where('user_id', '=', leaving.id).execute()
  await ctx.db
    .updateTable('queue_entry')
    .set({ until: new Date() })
    .where('interaction_id', '=', id)
    .execute()
  ctx.push.ring({ route: true })
  await expect.poll(() => read(id), patience).toMatchObject({ state: 'new', UserId: null })
})
