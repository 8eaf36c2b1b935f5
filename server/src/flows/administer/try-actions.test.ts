import type { NewAction, TryActions } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { startBot, testCalls } from '../call/call-testing.ts'

const { desk, db, open } = await testCalls()
const { call } = desk.server
const { body: queue } = await call('POST /api/openchannel/queues', {
  body: { name: 'Sales', strategy: 'rrmemory' },
})
const bot = await startBot()

const flow: NewAction[] = [
  { id: 'hello', type: 'auto-reply', text: 'Hello {{contact.firstName}}', when: 'first' },
  {
    id: 'if',
    type: 'go-to-if',
    conditions: { all: [{ variable: 'message.body', operator: 'contains', value: 'sale' }], any: [] },
    then: 'sales',
    else: 'bot',
  },
  { id: 'sales', type: 'queue', queueId: queue.id, timeoutSeconds: 60 },
  { id: 'done', type: 'close' },
  { id: 'bot', type: 'bot', url: bot.url, timeoutSeconds: 60, onTimeout: 'done' },
]
const { account } = await open(flow)
async function trying(body: TryActions) {
  const { status, body: tried } = await call('POST /api/openchannel/accounts/:id/actions/try', {
    params: { id: account.id },
    body,
  })
  expect(status, tried.detail).toBe(200)
  return { ...tried, steps: tried.path.map(({ stepId, outcome, next }) => `${stepId} ${outcome} ${next}`) }
}

test('a trial shows the path to the queue, in words, and changes nothing', async () => {
  const tables = [
    'interaction',
    'contact',
    'message',
    'event',
    'delivery',
    'action_run',
    'action_call',
  ] as const
  const counts = () =>
    Promise.all(
      tables.map((table) =>
        db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll().as('count'))
          .executeTakeFirstOrThrow(),
      ),
    )
  const before = await counts()
  const tried = await trying({ from: 'Ada', body: 'About a SALE' })
  expect(tried.end).toBe('queue')
  expect(tried.steps).toEqual(['hello ran if', 'if jumped sales', 'sales would-wait done'])
  expect(tried.path.map(({ words }) => words)).toEqual([
    'Answers “Hello Ada”.',
    'The conditions hold: on to sales.',
    'Waits in the queue Sales for 60 s.',
  ])
  expect(await counts()).toEqual(before)
})

test('a step rings who works for the account, or sees every account by his role, and nobody else', async () => {
  const ringing = async (person: { id: number }) => {
    const actions: NewAction[] = [{ id: 'ring', type: 'agent', userId: person.id, timeoutSeconds: 20 }]
    const { steps } = await trying({ body: 'Hello', actions })
    return steps[0]
  }
  const seesAll = await desk.server.makeUser(['openchannel', 'openchannel.answer', 'accounts.all'])
  const stranger = await desk.server.makeUser(['openchannel', 'openchannel.answer'])
  expect(await ringing(seesAll)).toBe('ring would-wait null')
  expect(await ringing(stranger)).not.toBe('ring would-wait null')
})

test('a trial that nobody answers goes on past the timeouts', async () => {
  const tried = await trying({ body: 'sale', isUnanswered: true })
  expect([tried.end, tried.steps.at(-1)]).toEqual(['closed', 'done ran null'])
})

test('bots are called only when asked for', async () => {
  const silent = await trying({ body: 'Hi' })
  expect([silent.end, silent.steps.at(-1), bot.asked.length]).toEqual(['rest', 'bot would-wait null', 0])
  expect(silent.path.at(-1)?.words).toMatch(/not called while trying/)
  bot.behave = bot.says({ replies: ['Yes?'], next: 'go-to', step: 'sales' })
  const asked = await trying({ body: 'Hi', calls: true })
  expect([asked.end, bot.asked.length]).toEqual(['queue', 1])
  expect(asked.path.find(({ stepId }) => stepId === 'bot')).toMatchObject({
    outcome: 'jumped',
    words: 'The bot answers “Yes?”.',
    next: 'sales',
  })
  expect(bot.asked[0]?.headers['webhook-id']).toMatch(/^try_/)
  bot.behave = (response) => response.writeHead(500).end()
  const failed = await trying({ body: 'Hi', calls: true })
  expect([failed.end, failed.steps.at(-2)]).toEqual(['closed', 'bot failed done'])
})

test('a flow that is not saved is tried as it would be saved, and refused as saving refuses it', async () => {
  const actions: NewAction[] = [{ id: 'a', type: 'noop', text: '{{vars.x}} {{contact.city}}' }]
  const refused = await call('POST /api/openchannel/accounts/:id/actions/try', {
    params: { id: account.id },
    body: { actions, body: 'Hi' },
  })
  expect(refused.body).toMatchObject({ code: 'AC-102', field: 'actions[0].text' })
  const tried = await trying({
    actions: [{ id: 'a', type: 'noop', text: 'From {{contact.city}}' }],
    body: 'Hi',
    variables: { 'contact.city': 'Rome' },
  })
  expect(tried.path).toEqual([
    {
      stepId: 'a',
      outcome: 'ran',
      words: 'From Rome',
      said: { code: 'line', text: 'From Rome' },
      next: null,
    },
  ])
})

test('intervals are asked about the moment that is given, and a contact who has written is known', async () => {
  const hours = await call('POST /api/intervals', {
    body: {
      name: 'Mornings of 2030',
      timeZone: 'UTC',
      always: false,
      ranges: [{ from: '08:00', to: '12:00', weekDays: [], monthDays: [], months: [] }],
      holidays: [],
    },
  })
  expect(hours.status, hours.body.detail).toBeLessThan(300)
  const actions: NewAction[] = [{ id: 'a', type: 'noop', text: 'Good morning', intervalId: hours.body.id }]
  const at = (time: string) => trying({ actions, body: 'x', at: `2030-01-01T${time}:00Z` })
  expect((await at('09:00')).steps).toEqual(['a ran null'])
  expect((await at('15:00')).steps).toEqual(['a passed-over null'])
  const never = await call('POST /api/openchannel/accounts/:id/actions/try', {
    params: { id: account.id },
    body: { actions, body: 'x', at: '2030-12-31T23:59:60Z' },
  })
  expect([never.status, never.body.field]).toEqual([400, 'at'])
  await desk.write(account, { from: '+39777', firstName: 'Bea', body: 'sale' })
  const known = await trying({ from: '+39777', body: 'sale' })
  expect(known.path[0]).toMatchObject({ outcome: 'passed-over' })
})
