/** Deleting what is in use: the refusal says where, a replacement takes its place everywhere, and nothing ever names what is gone. */
import type { Use } from '@patchbay/protocol/uses.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { startTestServer, type TestAccount } from '../../testing.ts'
import { type UsedKind, usesOf } from '../../views/uses.ts'

const server = await startTestServer()
const { call, ctx } = server
let count = 0
const name = (what: string) => `${what} ${++count}`

const make = {
  account: async () =>
    (await call('POST /api/openchannel/accounts', { body: { name: name('Account') } })).body.id,
  queue: async (rest: object = {}) =>
    (await call('POST /api/openchannel/queues', { body: { name: name('Queue'), ...rest } })).body.id,
  interval: async () =>
    (await call('POST /api/intervals', { body: { name: name('Interval'), timeZone: 'UTC' } })).body.id,
  list: async () => (await call('POST /api/lists', { body: { name: name('List') } })).body.id,
  team: async () => (await call('POST /api/teams', { body: { name: name('Team') } })).body.id,
  tag: async () => (await call('POST /api/tags', { body: { name: name('Tag') } })).body.id,
  field: async (rest: object = {}) =>
    (await call('POST /api/fields', { body: { name: name('Field'), ...rest } })).body.id,
  skill: async () => (await call('POST /api/openchannel/skills', { body: { name: name('Skill') } })).body.id,
  role: async () =>
    (await call('POST /api/roles', { body: { name: name('Role'), permissions: ['openchannel'] } })).body.id,
  disposition: async (rest: object = {}) =>
    (await call('POST /api/dispositions', { body: { name: name('Ending'), ...rest } })).body.id,
}
type Kind = Exclude<UsedKind, 'user'>

const keys = {
  account: 'DELETE /api/openchannel/accounts/:id',
  queue: 'DELETE /api/openchannel/queues/:id',
  interval: 'DELETE /api/intervals/:id',
  list: 'DELETE /api/lists/:id',
  team: 'DELETE /api/teams/:id',
  tag: 'DELETE /api/tags/:id',
  field: 'DELETE /api/fields/:id',
  skill: 'DELETE /api/openchannel/skills/:id',
  role: 'DELETE /api/roles/:id',
  disposition: 'DELETE /api/dispositions/:id',
} as const
const remove = (kind: Kind, id: number, query: object = {}) =>
  call(keys[kind], { params: { id }, query }) as Promise<{
    status: number
    body: { code?: string; field?: string; detail?: string; uses?: Use[] }
  }>

const setActions = (id: number, actions: object[]) =>
  call('PUT /api/openchannel/accounts/:id/actions', { params: { id }, body: { actions } })
const trigger = (rest: object) =>
  call('POST /api/openchannel/triggers', {
    body: { name: name('Trigger'), enabled: false, actions: [], ...rest },
  })

async function interactionOf(account: TestAccount, from = `+39${++count}`): Promise<number> {
  const { body } = await server.receive(account, { from, body: 'Hello', mapKey: 'phone' })
  return body.interaction?.id ?? 0
}

/** Uses the thing wherever it can be used; `places` are those that the refusal must name. */
const used: Readonly<Record<Kind, { places: string[]; use(id: number): Promise<void> }>> = {
  queue: {
    places: ['flow', 'trigger', 'waiting', 'disposition', 'interactions'],
    async use(id) {
      const account = await server.makeAccount()
      const [waiting, taken] = [await interactionOf(account), await interactionOf(account)]
      const agent = await server.makeUser()
      await server.addAgent(account, agent)
      const put = (of: number, body: object) =>
        call('PUT /api/openchannel/interactions/:id', { params: { id: of }, body })
      await put(waiting, { queueId: id })
      await put(taken, { UserId: agent.id })
      await ctx.db.updateTable('interaction').set({ queue_id: id }).where('id', '=', taken).execute()
      await setActions(account.id, [{ type: 'queue', queueId: id, timeoutSeconds: 60 }])
      await trigger({ actions: [{ type: 'queue', queueId: id }] })
      await make.disposition({ queueId: id })
    },
  },
  account: {
    places: ['trigger', 'disposition'],
    async use(id) {
      const actions = [{ type: 'popup', title: 'Look', text: '' }]
      await trigger({ accountIds: [id], actions })
      await trigger({ accountIds: [id, await make.account()], actions })
      await make.disposition({ accountId: id })
    },
  },
  interval: {
    places: ['flow', 'trigger'],
    async use(id) {
      await server.makeAccount({ actions: [{ type: 'noop', text: '', intervalId: id }] })
      await trigger({ intervalId: id, actions: [{ type: 'popup', title: 'Open', text: '' }] })
    },
  },
  list: {
    places: ['account', 'contacts', 'field', 'disposition'],
    async use(id) {
      const { body: account } = await call('POST /api/openchannel/accounts', {
        body: { name: name('Account'), listId: id },
      })
      const { body: field } = await call('POST /api/lists/:id/fields', {
        params: { id },
        body: { name: 'Member' },
      })
      await call('POST /api/contacts', { body: { listId: id, phone: '+39055', [`cf_${field.id}`]: 'yes' } })
      await setActions(account.id, [{ type: 'auto-reply', text: `{{contact.cf_${field.id}}}`, when: 'once' }])
      await make.disposition({ listId: id })
    },
  },
  team: {
    places: ['waiting', 'account', 'queue', 'users'],
    async use(id) {
      const account = await server.makeAccount()
      const agent = await server.makeUser()
      const ids = { ids: [id] }
      await call('PUT /api/teams/:id/users', { params: { id }, body: { ids: [agent.id] } })
      await call('PUT /api/openchannel/accounts/:id/teams', { params: { id: account.id }, body: ids })
      await call('PUT /api/openchannel/queues/:id/teams', { params: { id: await make.queue() }, body: ids })
      const interactionId = await interactionOf(account)
      await call('POST /api/openchannel/interactions/:id/transfer', {
        params: { id: interactionId },
        body: { teamId: id },
      })
    },
  },
  tag: {
    places: ['flow', 'trigger', 'interactions'],
    async use(id) {
      const account = await server.makeAccount({ actions: [{ type: 'tag', tagIds: [id, await make.tag()] }] })
      await trigger({ actions: [{ type: 'tag', tagIds: [id] }] })
      await call('POST /api/openchannel/interactions/:id/tags', {
        params: { id: await interactionOf(account) },
        body: { ids: [id] },
      })
    },
  },
  field: {
    places: ['account', 'flow', 'trigger', 'contacts'],
    async use(id) {
      const { body } = await call('POST /api/openchannel/accounts', {
        body: { name: name('Account'), mapKey: `cf_${id}` },
      })
      const condition = { variable: `contact.cf_${id}`, operator: 'equals', value: 'gold' }
      const conditions = { all: [condition], any: [] }
      await setActions(body.id, [{ type: 'go-to-if', conditions, then: null, else: null }])
      await trigger({ conditions, actions: [{ type: 'popup', title: `{{contact.cf_${id}}}`, text: '' }] })
      await call('POST /api/contacts', { body: { firstName: 'Anna', [`cf_${id}`]: `value ${++count}` } })
    },
  },
  skill: {
    places: ['queue', 'users'],
    async use(id) {
      await make.queue({ skills: [{ skillId: id, level: 3, relax: [{ afterSeconds: 30, level: 1 }] }] })
      await call('PUT /api/users/:id/skills', {
        params: { id: (await server.makeUser()).id },
        body: { skills: [{ skillId: id, level: 4 }] },
      })
    },
  },
  role: {
    places: ['users', 'sign-in'],
    async use(id) {
      const person = await server.makeUser()
      await call('PATCH /api/users/:id', { params: { id: person.id }, body: { roleId: id } })
      await sql`update sign_in_setting set sso_role_id = ${id}`.execute(ctx.db)
    },
  },
  disposition: {
    places: ['flow'],
    async use(id) {
      await server.makeAccount({ actions: [{ type: 'close', dispositionId: id }] })
    },
  },
}

const placesOf = (uses: readonly Use[]) => [...new Set(uses.map(({ place }) => place))].sort()
const usesNow = (kind: Kind, id: number) => usesOf(ctx.db, kind, [id])

describe.each(Object.keys(used) as Kind[])('%s', (kind) => {
  const { places, use } = used[kind]

  test('in use: the refusal says where, and nothing has changed', async () => {
    const id = await make[kind]()
    await use(id)
    const refused = await remove(kind, id, { drop: false })
    expect(refused).toMatchObject({ status: 409, body: { code: 'GE-103' } })
    expect(placesOf(refused.body.uses ?? [])).toEqual([...places].sort())
    expect(refused.body.detail).toContain('It is used by')
    expect(placesOf(await usesNow(kind, id))).toEqual([...places].sort())
  })

  test('with another in its place: all of it moves in one go, and the audit log names both', async () => {
    const [id, other] = [await make[kind](), await make[kind]()]
    await use(id)
    expect((await remove(kind, id, { replaceBy: other })).status).toBe(204)
    expect(await usesNow(kind, id)).toEqual([])
    expect(placesOf(await usesNow(kind, other))).toEqual([...places].sort())
    const entry = await ctx.db
      .selectFrom('audit_entry')
      .select(['before', 'object_id'])
      .where('action', '=', 'deleted')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ object_id: id, before: { replacedBy: other } })
    expect(await remove(kind, id)).toMatchObject({ status: 404 })
  })

  test('neither itself nor what is not there takes its place', async () => {
    const id = await make[kind]()
    await use(id)
    const before = await usesNow(kind, id)
    for (const replaceBy of [id, 999_999])
      expect(await remove(kind, id, { replaceBy })).toMatchObject({
        status: 400,
        body: { code: 'GE-101', field: 'replaceBy' },
      })
    expect(await usesNow(kind, id)).toEqual(before)
  })

  test('dropped only where nothing would be left that names it', async () => {
    const id = await make[kind]()
    await use(id)
    const uses = await usesNow(kind, id)
    const mustMove = uses.some((one) => one.mustMove)
    expect((await remove(kind, id)).status).toBe(mustMove ? 409 : 204)
    expect(await usesNow(kind, id)).toEqual(mustMove ? uses : [])
  })
})

test('an account that others stand beside leaves its triggers and takes its dispositions along; no trigger names it afterwards', async () => {
  const [id, other] = [await make.account(), await make.account()]
  const actions = [{ type: 'popup', title: 'Look', text: '' }]
  const { body: beside } = await trigger({ accountIds: [id, other], actions })
  await make.disposition({ accountId: id })
  expect((await remove('account', id)).status).toBe(204)
  expect(await usesNow('account', id)).toEqual([])
  const { body } = await call('GET /api/openchannel/triggers/:id', { params: { id: beside.id } })
  expect(body.accountIds).toEqual([other])
  expect((await trigger({ accountIds: [id], actions })).status).toBe(400)
})

test('what waited in a queue waits in the other since when it did, at the same step, and is told in its log', async () => {
  const [from, to] = [await make.queue(), await make.queue()]
  const account = await server.makeAccount({
    actions: [{ id: 'first', type: 'queue', queueId: from, timeoutSeconds: 600 }],
  })
  const id = await interactionOf(account)
  const entry = () =>
    ctx.db.selectFrom('queue_entry').selectAll().where('interaction_id', '=', id).executeTakeFirst()
  await expect.poll(entry, { timeout: 30_000 }).toMatchObject({ queue_id: from, step_id: 'first' })
  const before = await entry()
  expect((await remove('queue', from, { replaceBy: to })).status).toBe(204)
  expect(await entry()).toEqual({ ...before, queue_id: to, target_id: to })
  const { body } = await call('GET /api/openchannel/interactions/:id', { params: { id } })
  expect(body).toMatchObject({ OpenchannelQueueId: to })
})

test('contacts of a list keep their fields in the other one and are found there by their keys', async () => {
  const [from, to] = [await make.list(), await make.list()]
  const addField = (id: number) =>
    call('POST /api/lists/:id/fields', { params: { id }, body: { name: 'Member' } })
  const [{ body: field }] = [await addField(from), await addField(to)]
  const { body: contact } = await call('POST /api/contacts', {
    body: { listId: from, phone: '+39066', [`cf_${field.id}`]: 'gold' },
  })
  await call('POST /api/contacts', { body: { listId: to, phone: '+39066' } })
  expect((await remove('list', from, { replaceBy: to })).status).toBe(204)
  const { body } = await call('GET /api/contacts', { query: { listId: to, search: '+39066' } })
  expect(body.rows).toHaveLength(2)
  expect(body.rows.find(({ id }) => id === contact.id)).toMatchObject({ [`cf_${field.id}`]: 'gold' })
})

test.each<[string, object, object]>([
  ['of another type', { type: 'number' }, { type: 'text' }],
  ['with fewer choices', { type: 'select', options: ['a', 'b'] }, { type: 'select', options: ['a'] }],
])('a field %s does not take the place of a field', async (_, one, other) => {
  const answer = await remove('field', await make.field(one), { replaceBy: await make.field(other) })
  expect(answer).toMatchObject({ status: 400, body: { field: 'replaceBy' } })
})

test('a field whose number begins alike is left alone', async () => {
  const id = await make.field()
  const account = await server.makeAccount()
  const text = `{{contact.cf_${id}}} {{contact.cf_${id}0}}`
  const step = { id: 'a', type: 'auto-reply', text, when: 'once' }
  await ctx.db
    .updateTable('account')
    .set({ actions: JSON.stringify([step]) })
    .where('id', '=', account.id)
    .execute()
  const other = await make.field()
  expect((await remove('field', id, { replaceBy: other })).status).toBe(204)
  const row = await ctx.db
    .selectFrom('account')
    .select('actions')
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow()
  expect(row.actions).toMatchObject([{ text: `{{contact.cf_${other}}} {{contact.cf_${id}0}}` }])
})

test.each<[Kind, (id: number) => object]>([
  ['queue', (id) => ({ type: 'queue', queueId: id })],
  ['tag', (id) => ({ type: 'tag', tagIds: [id] })],
  ['interval', (id) => ({ type: 'noop', text: '', intervalId: id })],
])(
  'a flow and the deletion of a %s that it names may come at once: never is something named that is gone',
  async (kind, step) => {
    const account = await server.makeAccount()
    const other = await make[kind]()
    for (let round = 0; round < 6; round++) {
      const id = await make[kind]()
      const [saved, removed] = await Promise.all([
        setActions(account.id, [step(id)]),
        remove(kind, id, round % 2 === 0 ? {} : { replaceBy: other }),
      ])
      // Either the flow came first, and was refused over or rewritten, or the deletion did, and the flow is refused.
      expect([200, 400]).toContain(saved.status)
      expect(await usesNow(kind, id)).toHaveLength(removed.status === 204 ? 0 : 1)
      await setActions(account.id, [])
    }
  },
)

test('a step that rings somebody who is disabled is refused, and the refusal names the step and the person', async () => {
  const gone = await server.makeUser('agent', { fullname: 'Gianni Gone' })
  const account = await server.makeAccount({ agents: [gone] })
  const step = { type: 'agent', userId: gone.id, timeoutSeconds: 20 }
  expect((await setActions(account.id, [step])).status).toBe(200)
  await call('PATCH /api/users/:id', { params: { id: gone.id }, body: { disabled: true } })
  const refused = await setActions(account.id, [{ type: 'noop', text: '' }, step])
  expect(refused).toMatchObject({ status: 400, body: { code: 'AC-102', field: 'actions[1].userId' } })
  expect(refused.body.detail).toContain('Gianni Gone')
})

test('what a team and a user are used for is told; an account that one may not see is counted, not named', async () => {
  const agent = await server.makeUser()
  const team = await make.team()
  const { id } = await server.makeAccount({
    name: 'Hidden from some',
    agents: [agent],
    actions: [{ type: 'agent', userId: agent.id, timeoutSeconds: 20 }],
  })
  await call('PUT /api/openchannel/accounts/:id/teams', { params: { id }, body: { ids: [team] } })
  const usesOfTeam = async (as = server.admin) =>
    (await call('GET /api/teams/:id/uses', { as, params: { id: team } })).body.rows
  expect(await usesOfTeam()).toMatchObject([{ place: 'account', id, name: 'Hidden from some' }])
  const { body } = await call('GET /api/users/:id/uses', { params: { id: agent.id } })
  expect(body.rows).toMatchObject([
    { place: 'flow', id, mustMove: true },
    { place: 'account', id, mustMove: false },
  ])
  const people = await server.makeUser(['people.manage'])
  expect(await usesOfTeam(people)).toMatchObject([{ place: 'account', id: null, name: '' }])
  const refused = await call('DELETE /api/teams/:id', {
    as: people,
    params: { id: team },
    query: { drop: false },
  })
  expect(JSON.stringify(refused.body)).not.toContain('Hidden from some')
})
