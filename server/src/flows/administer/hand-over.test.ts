/** Who is disabled hands over what he has in the same transaction: to a queue, to a colleague, or to the actions of the accounts. */
import { expect, test } from 'vitest'
import { type Person, startTestServer } from '../../testing.ts'

const server = await startTestServer()
const { call, ctx } = server
const { body: queue } = await call('POST /api/openchannel/queues', { body: { name: 'Sales' } })
const account = await server.makeAccount({ actions: [{ type: 'queue', queueId: queue.id }] })
const other = await server.makeAccount({ actions: [{ type: 'queue', queueId: queue.id }] })
let count = 0

async function agent(fullname: string, ...accounts: { id: number }[]): Promise<Person> {
  const person = await server.makeUser('agent', { fullname })
  for (const one of accounts) await server.addAgent(one, person)
  return person
}
async function write(to = account): Promise<number> {
  const message = { mapKey: 'phone', from: `+39${++count}`, body: 'Hello' }
  return (await server.receive(to, message)).body.interaction?.id ?? 0
}
async function givenTo(person: Person, to = account): Promise<number> {
  const id = await write(to)
  await call('PUT /api/openchannel/interactions/:id', { params: { id }, body: { UserId: person.id } })
  return id
}
/** Waits for this agent alone: a colleague asks him first. */
async function askedOf(person: Person, by: Person): Promise<number> {
  const id = await givenTo(by)
  const body = { userId: person.id, ring: true }
  await call('POST /api/openchannel/interactions/:id/transfer', { as: by, params: { id }, body })
  return id
}
const disable = (person: Person, handOver?: object, rest: object = {}) =>
  call('PATCH /api/users/:id', { params: { id: person.id }, body: { disabled: true, handOver, ...rest } })
const standing = (id: number) =>
  ctx.db
    .selectFrom('interaction')
    .leftJoin('queue_entry', 'queue_entry.interaction_id', 'interaction.id')
    .select(['interaction.state', 'interaction.user_id as had_by', 'interaction.queue_id as came_by'])
    .select(['queue_entry.queue_id as queue', 'queue_entry.user_id as agent'])
    .where('interaction.id', '=', id)
    .executeTakeFirstOrThrow()
async function eventsOf(id: number) {
  const rows = await ctx.db
    .selectFrom('interaction_log')
    .select(['type', 'user_id', 'data'])
    .where('interaction_id', '=', id)
    .orderBy('seq')
    .execute()
  return rows.map(({ type, user_id, data }) => ({ type, by: user_id, data }))
}
const lastAudit = (person: Person) =>
  ctx.db
    .selectFrom('audit_entry')
    .select(['action', 'user_id', 'after'])
    .where('object', '=', 'app_user')
    .where('object_id', '=', person.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()

test('to a queue goes what he had and what waited for him; each is told whence, and the log what became of it', async () => {
  const [gone, colleague] = [await agent('Gianni Gone', account), await agent('Carla', account)]
  const had = await givenTo(gone)
  const waiting = await askedOf(gone, colleague)
  const closed = await givenTo(gone)
  await call('PUT /api/openchannel/interactions/:id', { params: { id: closed }, body: { closed: true } })

  const { status, body } = await disable(gone, { queueId: queue.id })
  expect([status, body.disabled]).toEqual([200, true])
  expect(body.handedOver).toEqual({ interactions: 1, waiting: 1, rerouted: 0, steps: 0 })
  for (const id of [had, waiting]) {
    expect(await standing(id)).toMatchObject({ state: 'queued', had_by: null, queue: queue.id, agent: null })
    expect((await eventsOf(id)).at(-1)).toEqual({
      type: 'transferred',
      by: server.admin.id,
      data: { queue: 'Sales' },
    })
  }
  expect(await standing(closed)).toMatchObject({ state: 'closed', had_by: gone.id })
  expect(await lastAudit(gone)).toMatchObject({
    action: 'handed-over',
    user_id: server.admin.id,
    after: { to: { queue: 'Sales' }, interactions: 1, waiting: 1 },
  })
})

test('to a colleague goes what he may answer; the rest is routed again by the actions of its account', async () => {
  const [gone, colleague] = [await agent('Gone', account, other), await agent('Carla', account)]
  const had = await givenTo(gone)
  const elsewhere = await givenTo(gone, other)
  const waiting = await askedOf(gone, colleague)
  const { body } = await disable(gone, { userId: colleague.id })
  expect(body.handedOver).toEqual({ interactions: 2, waiting: 1, rerouted: 1, steps: 0 })
  expect(await standing(had)).toMatchObject({ state: 'assigned', had_by: colleague.id })
  expect(await standing(waiting)).toMatchObject({ state: 'queued', agent: colleague.id })
  await expect
    .poll(() => standing(elsewhere), { timeout: 30_000 })
    .toMatchObject({ had_by: null, queue: queue.id })
  expect(await eventsOf(elsewhere)).toContainEqual({
    type: 'released',
    by: gone.id,
    data: { agent: 'Gone', absent: 'disabled' },
  })
})

test('what is routed again goes through the actions of its account, also for somebody who is disabled already', async () => {
  const gone = await agent('Gone', account)
  const had = await givenTo(gone)
  expect((await disable(gone)).body).not.toHaveProperty('handedOver')
  expect(await standing(had)).toMatchObject({ state: 'assigned', had_by: gone.id })
  const { body } = await disable(gone, { reroute: true })
  expect(body.handedOver).toMatchObject({ interactions: 1, rerouted: 1 })
  await expect.poll(() => standing(had), { timeout: 30_000 }).toMatchObject({ had_by: null, queue: queue.id })
  expect((await disable(gone, { reroute: true })).body.handedOver).toMatchObject({ interactions: 0 })
})

test('steps that ring him ring the colleague, if that is asked for, and only in flows that the admin sees', async () => {
  const [gone, colleague] = [await agent('Gone', account), await agent('Carla', account)]
  const ringing = await server.makeAccount({
    actions: [
      { type: 'agent', userId: gone.id, timeoutSeconds: 20 },
      { type: 'queue', queueId: queue.id },
    ],
  })
  const stepsOf = async () =>
    (
      await ctx.db
        .selectFrom('account')
        .select('actions')
        .where('id', '=', ringing.id)
        .executeTakeFirstOrThrow()
    ).actions
  const people = await server.makeUser([...gone.permissions, 'people.manage'])
  const blind = await call('PATCH /api/users/:id', {
    as: people,
    params: { id: gone.id },
    body: { disabled: true, handOver: { userId: colleague.id, steps: true } },
  })
  expect(blind.body.handedOver).toMatchObject({ steps: 0 })
  expect(await stepsOf()).toMatchObject([{ userId: gone.id }, { queueId: queue.id }])
  expect((await disable(gone, { userId: colleague.id, steps: true })).body.handedOver).toMatchObject({
    steps: 1,
  })
  expect(await stepsOf()).toMatchObject([{ userId: colleague.id }, { queueId: queue.id }])
})

test('a faulty hand-over is refused whole: the user is not disabled, and keeps what he has', async () => {
  const gone = await agent('Gone', account)
  const colleague = await agent('Carla', account)
  const [disabled, reader] = [await agent('Away', account), await server.makeUser('read-only')]
  await disable(disabled)
  const had = await givenTo(gone)
  const refused: [object, string, string, object?][] = [
    [{}, 'GE-101', 'handOver'],
    [{ queueId: queue.id, userId: colleague.id }, 'GE-101', 'handOver'],
    [{ queueId: queue.id, steps: true }, 'GE-101', 'handOver'],
    [{ queueId: queue.id }, 'GE-101', 'handOver', { disabled: false }],
    [{ queueId: 999_999 }, 'IN-102', 'handOver.queueId'],
    [{ userId: 999_999 }, 'IN-102', 'handOver.userId'],
    [{ userId: gone.id }, 'IN-102', 'handOver.userId'],
    [{ userId: disabled.id }, 'IN-102', 'handOver.userId'],
    [{ userId: reader.id }, 'IN-102', 'handOver.userId'],
  ]
  for (const [handOver, code, field, rest] of refused) {
    const { status, body } = await disable(gone, handOver, rest)
    expect([handOver, status, body.code, body.field]).toEqual([handOver, 400, code, field])
  }
  const late = await disable(gone, { queueId: queue.id }, { version: 1_000 })
  expect([late.status, late.body.code]).toEqual([409, 'GE-104'])
  expect((await call('GET /api/users/:id', { params: { id: gone.id } })).body.disabled).toBe(false)
  expect(await standing(had)).toMatchObject({ state: 'assigned', had_by: gone.id })
})

const lockOf = async (id: number, skips = false) => {
  const tx = await ctx.db.startTransaction().execute()
  const query = tx.selectFrom('interaction').select('id').where('id', '=', id).forUpdate()
  const rows = await (skips ? query.skipLocked() : query).execute()
  return { isHeld: rows.length === 1, end: () => tx.commit().execute() }
}

test('interactions of which one or the other is always being changed are waited for, each in its turn', async () => {
  const gone = await agent('Gone', account)
  const ids = [await givenTo(gone), await givenTo(gone)]
  let held = await lockOf(ids[0] as number)
  const disabling = disable(gone, { queueId: queue.id })
  // Whoever locks what is free and begins anew where something is not would hold the other one for a moment only, now and then.
  for (let turn = 1, tries = 0; tries < 30; tries++) {
    const next = await lockOf(ids[turn % 2] as number, true)
    const left = next.isHeld ? held : next
    if (next.isHeld) [held, turn, tries] = [next, turn + 1, 0]
    else await new Promise((resolve) => setTimeout(resolve, 10))
    await left.end()
    if ((await Promise.race([disabling, undefined])) !== undefined) break
  }
  await held.end()
  expect((await disabling).body.handedOver).toMatchObject({ interactions: 2 })
  for (const id of ids) expect(await standing(id)).toMatchObject({ had_by: null, queue: queue.id })
})

test('an interaction that stays locked makes it busy, and he stays as he was', async () => {
  const gone = await agent('Gone', account)
  const had = await givenTo(gone)
  const held = await lockOf(had)
  const { status, body } = await disable(gone, { queueId: queue.id })
  await held.end()
  expect([status, body.code]).toEqual([503, 'GE-109'])
  expect((await call('GET /api/users/:id', { params: { id: gone.id } })).body.disabled).toBe(false)
  expect(await standing(had)).toMatchObject({ had_by: gone.id })
})

test('whoever passes something to him at the same moment is refused, or it is handed over with the rest', async () => {
  for (let round = 0; round < 8; round++) {
    const [gone, colleague] = [await agent('Gone', account), await agent('Carla', account)]
    const ids = [await givenTo(colleague), await givenTo(colleague)]
    const pass = (id: number) =>
      call('POST /api/openchannel/interactions/:id/transfer', {
        as: colleague,
        params: { id },
        body: { userId: gone.id },
      })
    const [disabled] = await Promise.all([disable(gone, { queueId: queue.id }), ...ids.map(pass)])
    expect(disabled.status).toBe(200)
    for (const id of ids) {
      const { had_by, queue: waitsIn } = await standing(id)
      expect([round, had_by === colleague.id || waitsIn === queue.id]).toEqual([round, true])
    }
  }
})

test('who accepts while he is being disabled is refused, or it is handed over with the rest', async () => {
  for (let round = 0; round < 8; round++) {
    const [gone, colleague] = [await agent('Gone', account), await agent('Carla', account)]
    const id = await askedOf(gone, colleague)
    const accept = () =>
      call('POST /api/openchannel/interactions/:id/accept', { as: gone, params: { id }, body: {} })
    const [disabled] = await Promise.all([disable(gone, { userId: colleague.id }), accept()])
    expect(disabled.status).toBe(200)
    const { had_by, agent: waitsFor } = await standing(id)
    expect([round, had_by ?? waitsFor]).toEqual([round, colleague.id])
  }
})

test('two who are disabled in favour of each other leave nothing with either of them', async () => {
  const [one, two] = [await agent('One', account), await agent('Two', account)]
  const ids = [await givenTo(one), await givenTo(two)]
  const answers = await Promise.all([disable(one, { userId: two.id }), disable(two, { userId: one.id })])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  const left = answers[0]?.status === 200 ? two : one
  for (const id of ids) expect(await standing(id)).toMatchObject({ state: 'assigned', had_by: left.id })
})

test('where he is used is told with his queues, teams and accounts', async () => {
  const gone = await agent('Gone', account)
  const { body: team } = await call('POST /api/teams', { body: { name: 'Night' } })
  await call('PUT /api/teams/:id/users', { params: { id: team.id }, body: { ids: [gone.id] } })
  await call('PUT /api/openchannel/queues/:id/agents', { params: { id: queue.id }, body: { ids: [gone.id] } })
  await givenTo(gone)
  const { body } = await call('GET /api/users/:id/uses', { params: { id: gone.id } })
  expect(body.rows).toMatchObject([
    { place: 'interactions', count: 1, mustMove: true },
    { place: 'account', id: account.id, mustMove: false },
    { place: 'queue', id: queue.id, name: 'Sales', mustMove: false },
    { place: 'team', id: team.id, name: 'Night', mustMove: false },
  ])
})
