import type { Action, NewAction } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { forgetSomeRuns } from '../../actions/expiry.ts'
import { testDesk, until } from '../reply/reply-testing.ts'

const desk = await testDesk()
const { server } = desk
const { db } = server.ctx
const { call } = server
const there = await desk.replyUrl()
const { body: queue } = await call('POST /api/openchannel/queues', {
  body: { name: 'Sales', strategy: 'rrmemory' },
})
const { body: tag } = await call('POST /api/tags', { body: { name: 'vip', color: 'ok' } })

async function open(actions: NewAction[]) {
  const { account, agent } = await desk.open(there.url)
  const saved = await call('PUT /api/openchannel/accounts/:id/actions', {
    params: { id: account.id },
    body: { actions },
  })
  expect(saved.status, saved.body.detail).toBe(200)
  return { account, agent, actions: saved.body.actions }
}
const interaction = (id: number) =>
  db.selectFrom('interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const runsOf = async (id: number) =>
  (await call('GET /api/openchannel/interactions/:id/runs', { params: { id } })).body.rows
const ran = (id: number, runs = 1) => until(async () => (await runsOf(id)).length === runs)
async function pathOf(id: number): Promise<string[]> {
  const [run] = await runsOf(id)
  return run?.lines.map(({ stepId, outcome, next }) => `${stepId} ${outcome} ${next}`) ?? []
}
async function eventsOf(id: number): Promise<string[]> {
  const rows = await db
    .selectFrom('interaction_log')
    .select('type')
    .where('interaction_id', '=', id)
    .where('type', '!=', 'status')
    .orderBy('seq')
    .execute()
  return rows.map(({ type }) => String(type))
}
const postedOf = (id: number) => there.posted.filter(({ body }) => body.OpenchannelInteractionId === id)
const hello: NewAction = {
  id: 'hello',
  type: 'auto-reply',
  text: 'Hello {{contact.firstName}}',
  when: 'once',
}
/** Runs out the step of an interaction. */
async function timeOut(id: number): Promise<void> {
  await db
    .updateTable('queue_entry')
    .set({ until: new Date(Date.now() - 1000) })
    .where('interaction_id', '=', id)
    .execute()
  server.ctx.push.ring({ route: true })
}

test('a flow answers in order, tags, notes, and waits in its queue; each answer goes out as nobody’s', async () => {
  const { account, agent } = await open([
    hello,
    {
      id: 'second',
      type: 'auto-reply',
      text: 'About “{{message.body}}” on {{account.name}}:',
      when: 'always',
    },
    { type: 'tag', tagIds: [tag.id] },
    { type: 'noop', text: 'From {{list.name}}' },
    { id: 'sales', type: 'queue', queueId: queue.id },
  ])
  const id = await desk.write(account, { body: 'My order', firstName: 'Ada' })
  await until(() => postedOf(id).length === 2)
  const posted = postedOf(id).map(({ body }) => body)
  expect(posted.map(({ body }) => body)).toEqual([
    'Hello Ada',
    expect.stringMatching(/^About “My order” on Account/),
  ])
  expect(posted[0]).toMatchObject({
    UserId: null,
    interface: 'PATCHBAY/auto',
    agent: { id: null, name: 'auto', fullname: expect.stringMatching(/^Account/) },
  })
  expect(await interaction(id)).toMatchObject({
    state: 'queued',
    queue_id: queue.id,
    unread: 1,
    first_reply_at: null,
  })
  expect(await eventsOf(id)).toEqual([
    'opened',
    'message',
    'message',
    'message',
    'tagged',
    'logged',
    'queued',
  ])
  expect(await pathOf(id)).toEqual([
    'hello ran second',
    'second ran tag-1',
    'tag-1 ran noop-1',
    'noop-1 ran sales',
    'sales waits null',
  ])
  const { body: one } = await call('GET /api/openchannel/interactions/:id', { as: agent, params: { id } })
  expect(one.Tags).toMatchObject([{ id: tag.id }])
  const { body: thread } = await call('GET /api/openchannel/interactions/:id/thread', {
    as: agent,
    params: { id },
  })
  expect(thread.items.find(({ type }) => type === 'logged')?.data).toEqual({ text: 'From Default' })
})

test('a flow without a step that waits leaves the interaction to the agents, and each message begins it anew', async () => {
  const { account } = await open([
    hello,
    { id: 'first', type: 'auto-reply', text: 'First time', when: 'first' },
    { id: 'each', type: 'auto-reply', text: 'Each time', when: 'always' },
  ])
  const from = '+399990001'
  const id = await desk.write(account, { from, firstName: 'Ada' })
  await ran(id)
  expect((await interaction(id)).state).toBe('new')
  await desk.write(account, { from })
  await ran(id, 2)
  expect(await pathOf(id)).toEqual(['hello passed-over first', 'first passed-over each', 'each ran null'])
  await until(() => postedOf(id).length === 4)
  expect(postedOf(id).map(({ body }) => body.body)).toEqual([
    'Hello Ada',
    'First time',
    'Each time',
    'Each time',
  ])

  const other = await desk.write(account, { from, threadId: 'another' })
  await ran(other)
  expect(await pathOf(other)).toEqual(['hello ran first', 'first passed-over each', 'each ran null'])
})

test('an agent is rung until the timeout, then the next step runs; nobody accepting at the end leaves it to all', async () => {
  const { account, agent } = await open([])
  const put = await call('PUT /api/openchannel/accounts/:id/actions', {
    params: { id: account.id },
    body: {
      actions: [
        { id: 'ring', type: 'agent', userId: agent.id, timeoutSeconds: 60 },
        { id: 'sorry', type: 'auto-reply', text: 'Nobody is there.', when: 'always' },
      ],
    },
  })
  expect(put.status).toBe(200)
  const id = await desk.write(account)
  await ran(id)
  const entry = await db
    .selectFrom('queue_entry')
    .selectAll()
    .where('interaction_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(entry).toMatchObject({ user_id: agent.id, queue_id: null, step_id: 'ring' })
  expect((await runsOf(id))[0]?.isWaiting).toBe(true)
  await timeOut(id)
  await until(async () => (await interaction(id)).state === 'new')
  expect(await pathOf(id)).toEqual(['ring waits sorry', 'ring passed-over sorry', 'sorry ran null'])
  expect((await runsOf(id))[0]?.isWaiting).toBe(false)
  await until(() => postedOf(id).length === 1)
})

test('conditions jump by what the customer wrote, and closing leaves its disposition in nobody’s name', async () => {
  const { body: sold } = await call('POST /api/dispositions', { body: { name: 'Not for us' } })
  const { account } = await open([
    {
      id: 'asks',
      type: 'go-to-if',
      conditions: { all: [{ variable: 'message.body', operator: 'contains', value: 'stop' }], any: [] },
      then: 'bye',
      else: 'sales',
    },
    { id: 'bye', type: 'auto-reply', text: 'Goodbye', when: 'always' },
    { id: 'done', type: 'close', dispositionId: sold.id },
    { id: 'sales', type: 'queue', queueId: queue.id },
  ])
  const [stop, go] = [
    await desk.write(account, { body: 'Please STOP' }),
    await desk.write(account, { body: 'Hi' }),
  ]
  await Promise.all([ran(stop), ran(go)])
  expect(await interaction(go)).toMatchObject({ state: 'queued' })
  expect(await interaction(stop)).toMatchObject({
    state: 'closed',
    closed_by: null,
    disposition: 'Not for us',
    disposition_id: sold.id,
  })
  expect(await eventsOf(stop)).toEqual(['opened', 'message', 'message', 'closed'])
  await until(() => postedOf(stop).length === 1)
})

test('without a Reply URL an answer fails with its reason, and the flow goes on', async () => {
  const { account } = await desk.open('')
  const actions = [hello, { id: 'sales', type: 'queue', queueId: queue.id }]
  await call('PUT /api/openchannel/accounts/:id/actions', { params: { id: account.id }, body: { actions } })
  const id = await desk.write(account)
  await ran(id)
  const [run] = await runsOf(id)
  expect(run?.lines[0]).toMatchObject({
    outcome: 'failed',
    words: 'No answer can be sent: the account has no Reply URL.',
  })
  expect((await interaction(id)).state).toBe('queued')
})

test('a hundred customers at once each get their answers in order and one run', async () => {
  const { account } = await open([
    { id: 'one', type: 'auto-reply', text: '1', when: 'once' },
    { id: 'two', type: 'auto-reply', text: '2', when: 'once' },
    { id: 'sales', type: 'queue', queueId: queue.id },
  ])
  const ids = await Promise.all(Array.from({ length: 100 }, () => desk.write(account)))
  await until(() => ids.every((id) => postedOf(id).length === 2), 60_000)
  for (const id of ids) expect(postedOf(id).map(({ body }) => body.body)).toEqual(['1', '2'])
  const runs = await db.selectFrom('action_run').select('id').where('account_id', '=', account.id).execute()
  expect(runs).toHaveLength(100)
})

test.each<[string, (ids: { queue: number; tag: number }) => object[], string]>([
  ['a tag that does not exist', () => [{ type: 'tag', tagIds: [999_999] }], 'actions[0].tagIds[0]'],
  ['a user who does not exist', () => [{ type: 'agent', userId: 999_999 }], 'actions[0].userId'],
  [
    'a queue that does not exist',
    () => [
      { type: 'noop', text: '' },
      { type: 'queue', queueId: 999_999 },
    ],
    'actions[1].queueId',
  ],
  [
    'an interval that does not exist',
    () => [{ type: 'noop', text: '', intervalId: 999_999 }],
    'actions[0].intervalId',
  ],
  [
    'a disposition that does not exist',
    () => [{ type: 'close', dispositionId: 999_999 }],
    'actions[0].dispositionId',
  ],
  [
    'a circle',
    () => [
      { id: 'a', type: 'noop', text: '' },
      { type: 'go-to', to: 'a' },
    ],
    'actions[1].to',
  ],
  ['an unknown variable', () => [{ type: 'noop', text: '{{contact.shoe}}' }], 'actions[0].text'],
  ['a field that is none of the type', () => [{ type: 'noop', text: '', queueId: 1 }], 'actions[0].queueId'],
  [
    'a condition without its value',
    () => [
      {
        type: 'go-to-if',
        conditions: { all: [{ variable: 'message.body', operator: 'equals' }], any: [] },
        then: null,
        else: null,
      },
    ],
    'actions[0].conditions.all[0].value',
  ],
])('%s is refused with its place', async (_, actionsOf, field) => {
  const { account } = await desk.open()
  const { status, body } = await call('PUT /api/openchannel/accounts/:id/actions', {
    params: { id: account.id },
    body: { actions: actionsOf({ queue: queue.id, tag: tag.id }) },
  })
  expect([status, body.code, body.field]).toEqual([400, 'AC-102', field])
})

test('what is saved comes back as it was, with ids for steps that had none', async () => {
  const { actions } = await open([
    { type: 'queue', queueId: queue.id, timeoutSeconds: 5, label: 'First try' },
    { id: 'queue-1', type: 'noop', text: '' },
    { type: 'queue', queueId: queue.id },
  ])
  expect(actions).toEqual([
    { id: 'queue-2', type: 'queue', queueId: queue.id, timeoutSeconds: 5, label: 'First try' },
    { id: 'queue-1', type: 'noop', text: '' },
    { id: 'queue-3', type: 'queue', queueId: queue.id },
  ] satisfies Action[])
})

test('a step answers once in an interaction, also when the flow was another one meanwhile that only names a queue', async () => {
  const { account } = await open([hello])
  const save = (actions: NewAction[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', { params: { id: account.id }, body: { actions } })
  const from = '+399990003'
  const id = await desk.write(account, { from })
  await ran(id)
  await save([{ id: 'sales', type: 'queue', queueId: queue.id, timeoutSeconds: 60 }])
  await desk.write(account, { from })
  await ran(id, 2)
  await timeOut(id)
  await until(async () => (await interaction(id)).state === 'new')
  await save([hello])
  await desk.write(account, { from })
  await ran(id, 3)
  expect(await pathOf(id)).toEqual(['hello passed-over null'])
  expect(postedOf(id)).toHaveLength(1)
})

test('runs are forgotten after ninety days, but for the newest of an open interaction', async () => {
  const { account } = await open([hello])
  const from = '+399990002'
  const [kept, other] = [await desk.write(account, { from }), await desk.write(account)]
  await Promise.all([ran(kept), ran(other)])
  await desk.write(account, { from })
  await ran(kept, 2)
  await call('POST /api/openchannel/interactions/:id/close', { params: { id: other }, body: {} })
  const age = (days: number) =>
    db
      .updateTable('action_run')
      .set({ updated_at: new Date(Date.now() - days * 86_400_000) })
      .where('account_id', '=', account.id)
      .execute()
  await age(89)
  await forgetSomeRuns(db)
  expect([(await runsOf(kept)).length, (await runsOf(other)).length]).toEqual([2, 1])
  await age(91)
  await forgetSomeRuns(db)
  expect([(await runsOf(kept)).length, (await runsOf(other)).length]).toEqual([1, 0])
  await desk.write(account, { from })
  await ran(kept, 2)
  expect(await pathOf(kept)).toEqual(['hello passed-over null'])
})

test('flows that run together leave no gap in any log, and what each says goes out in its order', async () => {
  const { account } = await open([
    hello,
    { id: 'noted', type: 'noop', text: 'Said hello' },
    { id: 'more', type: 'auto-reply', text: 'More for {{contact.firstName}}', when: 'always' },
    { id: 'marked', type: 'tag', tagIds: [tag.id] },
    { id: 'last', type: 'queue', queueId: queue.id },
  ])
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, at) => desk.write(account, { body: 'Me too', firstName: `N${at}` })),
  )
  for (const [at, id] of ids.entries()) {
    await until(() => postedOf(id).length === 2)
    expect(postedOf(id).map(({ body }) => body.body)).toEqual([`Hello N${at}`, `More for N${at}`])
    expect(await eventsOf(id)).toEqual([
      'opened',
      'message',
      'message',
      'logged',
      'message',
      'tagged',
      'queued',
    ])
    const { last_message_preview } = await interaction(id)
    const events = await db
      .selectFrom('interaction_log')
      .select('seq')
      .where('interaction_id', '=', id)
      .orderBy('seq')
      .execute()
    expect(events.map((event) => event.seq)).toEqual(events.map((_, nr) => nr + 1))
    expect(last_message_preview).toBe(`More for N${at}`)
  }
})

test('what a flow answers to an endpoint behind an open breaker waits there, and leaves when the breaker has closed', async () => {
  const { account } = await open([{ ...hello, when: 'always' }])
  const probeAt = (at: string) =>
    server.ctx.pool.query(
      `insert into endpoint (id, account_id, purpose, state, probe_at) values ($1 * 4, $1, 0, 'open', now() + $2::interval)
       on conflict (id) do update set probe_at = excluded.probe_at`,
      [account.id, at],
    )
  await probeAt('1 hour')
  const id = await desk.write(account)
  await ran(id)
  // Never claimed: a claim would have raised the fence.
  expect(await db.selectFrom('lane').selectAll().where('interaction_id', '=', id).execute()).toMatchObject([
    { next_at: null, parked_at: expect.any(Date), fence: 0 },
  ])
  await probeAt('0')
  await until(async () => postedOf(id).length === 1)
})
