import type { NewAction } from '@patchbay/protocol/api/actions.ts'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import * as calls from '../../actions/calls.ts'
import { until } from '../reply/reply-testing.ts'
import { apply } from './apply.ts'
import type { CallStep } from './ask.ts'
import { startBot, testCalls } from './call-testing.ts'

const { desk, db, open, answersTo, linesOf, reached, callOf, runOut } = await testCalls()
const { server } = desk
const { call } = server

function asking(url: string, fields: object = {}): NewAction[] {
  return [
    { id: 'bot', type: 'bot', url, timeoutSeconds: 600, onTimeout: 'lost', ...fields } as NewAction,
    { id: 'over', type: 'auto-reply', text: 'Handed over: {{vars.choice}}', when: 'always' },
    { id: 'end', type: 'go-to', to: null },
    { id: 'lost', type: 'auto-reply', text: 'The bot is lost', when: 'always' },
  ]
}

test('a bot is told what it needs, signed; its answers go out in order and what it sets is there afterwards', async () => {
  const bot = await startBot()
  bot.behave = bot.says({ replies: ['One', 'Two'], variables: { choice: 'sales', n: 2 } })
  const { account } = await open(asking(bot.url))
  const id = await desk.write(account, { body: 'Hi bot', firstName: 'Ada', threadId: 't1', to: 'page-1' })
  await until(() => answersTo(id).length === 3)
  expect(answersTo(id)).toEqual(['One', 'Two', 'Handed over: sales'])
  expect(bot.asked).toHaveLength(1)
  const [asked] = bot.asked
  expect(asked?.call).toMatchObject({
    type: 'bot.message',
    data: {
      step: 'bot',
      account: { id: account.id, uid: account.uid },
      interaction: { id, to: 'page-1', threadId: 't1' },
      contact: { firstName: 'Ada', tags: [] },
      message: { body: 'Hi bot', attachmentName: null },
      variables: {},
    },
  })
  const { body } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  new Webhook(body.secret).verify(asked?.text ?? '', asked?.headers as Record<string, string>)
  expect((await linesOf(id)).map(({ stepId, words }) => `${stepId}: ${words}`)).toEqual([
    'bot: Asks the bot.',
    'bot: The bot gives 2 answers and hands over.',
    'over: Answers “Handed over: sales”.',
    'end: Jumps: the flow ends.',
  ])
})

test('a bot of its own secret is signed for with that alone, and the secret is neither shown nor kept in the open', async () => {
  const bot = await startBot()
  const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  const { account, actions } = await open(asking(bot.url, { secret }))
  expect(actions[0]).toMatchObject({ secret: null })
  const put = (changed: object[]) =>
    call('PUT /api/openchannel/accounts/:id/actions', {
      params: { id: account.id },
      body: { actions: changed },
    })
  // As it came, sent back: it stays.
  expect((await put(actions)).status).toBe(200)
  const id = await desk.write(account)
  await reached(id, 'over')
  const asked = bot.asked[0]
  new Webhook(secret).verify(asked?.text ?? '', asked?.headers as Record<string, string>)
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow()
  const audit = await db.selectFrom('audit_entry').select(['before', 'after']).execute()
  expect(JSON.stringify([row.actions, audit])).not.toContain(secret)
  expect(JSON.stringify(row.actions)).toMatch(/"secret":"[A-Za-z0-9+/=]{80,}"/)
  const { secret: _, ...without } = actions[0] as Record<string, unknown>
  const removed = await put([without, ...actions.slice(1)])
  expect(removed.body.actions[0]).not.toHaveProperty('secret')
  expect((await put([{ ...without, secret: null }, ...actions.slice(1)])).body).toMatchObject({
    code: 'AC-102',
    field: 'actions[0].secret',
  })
})

test('a bot that keeps talking hears the customer’s next message, and his silence takes the way of the timeout', async () => {
  const bot = await startBot()
  bot.behave = (response, { call: { data } }) =>
    bot.says({
      replies: [`You said ${data.message?.body}`],
      variables: { last: data.message?.body ?? '' },
      next: 'keep-talking',
    })(response, bot.asked[0] as never)
  const { account } = await open(asking(bot.url))
  const from = '+398880001'
  const id = await desk.write(account, { from, body: 'a' })
  await until(async () => (await callOf(id))?.state === 'talking')
  await desk.write(account, { from, body: 'b' })
  await until(() => answersTo(id).length === 2)
  expect(answersTo(id)).toEqual(['You said a', 'You said b'])
  expect(bot.asked[1]?.call.data.variables).toEqual({ last: 'a' })
  expect(new Set(bot.asked.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
  await until(async () => (await callOf(id))?.state === 'talking')
  await runOut(id)
  await reached(id, 'lost')
  expect(await callOf(id)).toBeUndefined()
  expect(bot.asked).toHaveLength(2)
})

test('what the customer writes while the bot thinks goes to it next', async () => {
  const bot = await startBot()
  const from = '+398880002'
  const { account } = await open(asking(bot.url))
  bot.behave = async (response) => {
    if (bot.asked.length === 1) await desk.write(account, { from, body: 'And this' })
    bot.says({ next: 'keep-talking' })(response, bot.asked[0] as never)
  }
  await desk.write(account, { from, body: 'This' })
  await until(() => bot.asked.length === 2)
  expect(bot.asked.map(({ call: { data } }) => data.message?.body)).toEqual(['This', 'And this'])
})

test('a bot sends on to a step, or ends the flow', async () => {
  const bot = await startBot()
  bot.behave = bot.says({ next: 'go-to', step: 'lost' })
  const { account } = await open(asking(bot.url))
  const id = await desk.write(account)
  await reached(id, 'lost')
  bot.behave = bot.says({ replies: ['Bye'], next: 'go-to', step: null })
  const other = await desk.write(account)
  await until(() => answersTo(other).length === 1)
  expect((await linesOf(other)).map(({ stepId }) => stepId)).toEqual(['bot', 'bot'])
})

type Fault = [
  string,
  RegExp,
  (response: { writeHead(status: number, headers?: object): { end(text?: string): void } }) => unknown,
  object?,
]
const answering =
  (text: string, status = 200): Fault[2] =>
  (response) =>
    response.writeHead(status, status === 302 ? { location: 'http://example.com/' } : {}).end(text)

test.each<Fault>([
  ['hangs', /gave no answer: .*within 1 second/, () => {}, { timeoutSeconds: 1 }],
  ['answers 500', /answered 500/, answering('{}', 500)],
  ['answers 404', /answered 404/, answering('{}', 404)],
  ['sends elsewhere', /answered 302/, answering('{}', 302)],
  ['answers nothing', /not readable JSON/, answering('')],
  ['answers rubbish', /not readable JSON/, answering('<html>')],
  ['answers a list', /not usable/, answering('[]')],
  ['answers what is not asked for', /not usable/, answering('{"replies":["x"],"shell":"rm"}')],
  ['answers numbers for texts', /replies\.0 that is not usable/, answering('{"replies":[1]}')],
  [
    'answers eleven texts',
    /replies that is not usable/,
    answering(JSON.stringify({ replies: Array(11).fill('x') })),
  ],
  ['sets what is no name', /not usable/, answering('{"variables":{"a b":"c"}}')],
  ['sends on to nowhere', /no step of this flow/, answering('{"next":"go-to","step":"gone"}')],
  ['sends on without saying where', /go-to without a step/, answering('{"next":"go-to"}')],
  ['never ends', /more than 64 KiB/, answering(`{"replies":["${'x'.repeat(70_000)}"]}`)],
  ['is a blocked address', /gave no answer/, () => {}, { url: 'http://169.254.169.254/latest' }],
])(
  'a bot that %s takes the way of its timeout, with the reason in the log',
  async (_, reason, behave, fields = {}) => {
    const bot = await startBot()
    bot.behave = behave as never
    const { account } = await open(asking(bot.url, fields))
    const id = await desk.write(account)
    await reached(id, 'lost')
    const lines = await linesOf(id)
    expect(lines[1]).toMatchObject({
      stepId: 'bot',
      outcome: 'failed',
      next: 'lost',
      words: expect.stringMatching(reason),
    })
    await until(() => answersTo(id).length === 1)
    expect(answersTo(id)).toEqual(['The bot is lost'])
  },
)

test('a bot that sends in circles is asked a bounded number of times', async () => {
  const bot = await startBot()
  bot.behave = bot.says({ next: 'go-to', step: 'bot' })
  const { account } = await open(asking(bot.url))
  const id = await desk.write(account)
  await reached(id, 'bot', /20 calls were made/)
  expect(bot.asked).toHaveLength(20)
  expect(await callOf(id)).toBeUndefined()
})

test('what an agent took while the bot was thinking is his: the bot’s answer is not sent', async () => {
  const bot = await startBot()
  let answer = (): void => {}
  bot.behave = (response) => {
    answer = () => bot.says({ replies: ['Too late'] })(response, bot.asked[0] as never)
  }
  const { account, agent } = await open(asking(bot.url))
  const id = await desk.write(account)
  await until(() => bot.asked.length === 1)
  const taken = await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  expect(taken.status).toBe(200)
  answer()
  await until(async () => (await callOf(id)) === undefined)
  expect(answersTo(id)).toEqual([])
  expect((await linesOf(id)).map(({ stepId }) => stepId)).toEqual(['bot'])
})

test('what an agent had and gave back is not the bot’s any more', async () => {
  const bot = await startBot()
  bot.behave = bot.says({ next: 'keep-talking' })
  const { account, agent } = await open(asking(bot.url))
  const from = '+398880003'
  const id = await desk.write(account, { from })
  await until(async () => (await callOf(id))?.state === 'talking')
  await call('POST /api/openchannel/interactions/:id/accept', { as: agent, params: { id } })
  await call('PUT /api/openchannel/interactions/:id', {
    as: agent,
    params: { id },
    body: { closed: false, UserId: null, queueId: null },
  })
  await desk.write(account, { from, body: 'Hello again' })
  await until(() => bot.asked.length === 2)
  const runs = await call('GET /api/openchannel/interactions/:id/runs', { params: { id } })
  expect(runs.body.rows).toHaveLength(2)
})

test('two nodes share the calls: each is made once and answered once', async () => {
  const bot = await startBot()
  bot.behave = bot.says({ replies: ['Here'] })
  await server.another()
  const { account } = await open(asking(bot.url))
  const ids = await Promise.all(Array.from({ length: 40 }, () => desk.write(account)))
  await until(() => ids.every((id) => answersTo(id).length >= 2), 60_000)
  const askedFor = bot.asked.map(({ call: { data } }) => data.interaction.id)
  expect(askedFor.sort((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b))
  for (const id of ids) expect(answersTo(id)).toEqual(['Here', 'Handed over:'])
})

test('a call whose node died before it was applied is made again with the same id, and the dead node’s answer comes to nothing', async () => {
  const bot = await startBot()
  let isDead = true
  const held: (() => void)[] = []
  bot.behave = (response) => {
    if (isDead) held.push(() => response.end())
    else bot.says({ replies: ['Once'] })(response, bot.asked[0] as never)
  }
  const { account, actions } = await open(asking(bot.url))
  const id = await desk.write(account)
  await until(() => bot.asked.length === 1)
  // The node that called is as good as dead: it hears nothing, and its lease ends.
  const dead = await callOf(id)
  if (!dead) throw new Error('no call')
  isDead = false
  await runOut(id)
  await reached(id, 'over')
  expect(bot.asked).toHaveLength(2)
  expect(bot.asked[1]?.headers['webhook-id']).toBe(bot.asked[0]?.headers['webhook-id'])
  const says = { replies: ['Twice'], vars: {}, next: { type: 'hand-over' as const } }
  const isTaken = await apply(server.ctx, dead, actions[0] as CallStep, { type: 'bot', says })
  expect(isTaken).toBe(false)
  for (const answer of held) answer()
  await until(() => answersTo(id).length === 2)
  expect(answersTo(id)).toEqual(['Once', 'Handed over:'])
})

test('the fence alone decides: the same answer under the newest claim is taken', async () => {
  const bot = await startBot()
  bot.behave = () => {}
  const { account, actions } = await open(asking(bot.url))
  const id = await desk.write(account)
  await until(() => bot.asked.length === 1)
  const first = await callOf(id)
  await db
    .updateTable('action_call')
    .set({ due_at: new Date(0) })
    .where('interaction_id', '=', id)
    .execute()
  const claimed = (await calls.claim(db, 100, [])).find((one) => one.interaction_id === id)
  // This test or the node of the server: whoever came first has it now.
  const newest = claimed ?? (await callOf(id))
  if (!first || !newest) throw new Error('no call')
  const says = { replies: ['Mine'], vars: {}, next: { type: 'hand-over' as const } }
  const step = actions[0] as CallStep
  expect(await apply(server.ctx, first, step, { type: 'bot', says })).toBe(false)
  expect(await apply(server.ctx, newest, step, { type: 'bot', says })).toBe(true)
  expect(await apply(server.ctx, newest, step, { type: 'bot', says })).toBe(false)
  await until(() => answersTo(id).length === 2)
  expect(answersTo(id)).toEqual(['Mine', 'Handed over:'])
})
