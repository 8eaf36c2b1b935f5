import type { Action, Conditions } from '@patchbay/protocol/api/actions.ts'
import { describe, expect, test } from 'vitest'
import { type Facts, type From, MAX_STEPS, type Names, walk } from './walk.ts'

const values: Record<string, string> = {
  'contact.firstName': 'Ada',
  'contact.city': 'Turin',
  'message.body': ' YES please ',
  'vars.order.status': 'sent',
}
const facts = (changes: Partial<Facts> = {}): Facts => ({
  read: (name) => values[name] ?? '',
  silence: null,
  isFirst: true,
  answered: new Set(),
  ...changes,
})
const names = (changes: Partial<Names> = {}): Names => ({
  isOpen: () => true,
  queue: (id) => (id < 100 ? `Queue ${id}` : undefined),
  agent: (id) => (id < 100 ? `Agent ${id}` : undefined),
  tag: (id) => (id < 100 ? `tag${id}` : undefined),
  disposition: (id) => (id < 100 ? `Sales / Won ${id}` : undefined),
  ...changes,
})
const start: From = { start: true }
const queue: Action = { id: 'queue', type: 'queue', queueId: 1, timeoutSeconds: 30 }
const last: Action = { id: 'last', type: 'queue', queueId: 2 }
const answer: Action = {
  id: 'answer',
  type: 'auto-reply',
  text: 'Hello {{contact.firstName}}!',
  when: 'always',
}
const request: Action = {
  id: 'request',
  type: 'web-request',
  method: 'GET',
  url: 'https://a.example/',
  variable: 'order',
  timeoutSeconds: 5,
}
const bot: Action = { id: 'bot', type: 'bot', url: 'https://bot.example/', timeoutSeconds: 60 }

interface Case {
  name: string
  flow: Action[]
  from?: From
  facts?: Partial<Facts>
  names?: Partial<Names>
  stop: object
  effects?: object[]
  path?: string[]
}

test.each<Case>([
  { name: 'without steps an interaction rests with the agents', flow: [], stop: { type: 'rest' } },
  {
    name: 'a queue is waited in, and the step behind it follows its timeout',
    flow: [queue, last],
    stop: { type: 'queue', step: queue },
    path: ['queue would-wait last'],
  },
  {
    name: 'nothing follows a queue without a timeout',
    flow: [last],
    stop: { type: 'queue', step: last },
    path: ['last would-wait null'],
  },
  {
    name: 'the next step follows one that ran out',
    flow: [queue, last],
    from: { after: 'queue' },
    stop: { type: 'queue', step: last },
  },
  {
    name: 'nothing follows the last step',
    flow: [queue],
    from: { after: 'queue' },
    stop: { type: 'rest' },
    path: [],
  },
  {
    name: 'nothing follows a step that was taken out meanwhile',
    flow: [queue],
    from: { after: 'gone' },
    stop: { type: 'rest' },
  },
  {
    name: 'a bot may send on to a step',
    flow: [queue, last],
    from: { at: 'last' },
    stop: { type: 'queue', step: last },
  },
  { name: 'a bot may end the flow', flow: [queue], from: { at: null }, stop: { type: 'rest' }, path: [] },
  {
    name: 'a step whose queue is gone is passed over, and says so',
    flow: [{ ...queue, queueId: 100 }, last],
    stop: { type: 'queue', step: last },
    path: ['queue failed last', 'last would-wait null'],
  },
  {
    name: 'an agent is rung',
    flow: [{ id: 'a', type: 'agent', userId: 7, timeoutSeconds: 20 }, last],
    stop: { type: 'agent', step: { userId: 7 } },
    path: ['a would-wait last'],
  },
  {
    name: 'an agent who is none of the account any more is passed over',
    flow: [{ id: 'a', type: 'agent', userId: 100 }],
    stop: { type: 'rest' },
    path: ['a failed null'],
  },
  {
    name: 'a step outside its interval is passed over',
    flow: [{ ...queue, intervalId: 7 }, last],
    names: { isOpen: (id) => id !== 7 },
    stop: { type: 'queue', step: last },
    path: ['queue passed-over last', 'last would-wait null'],
  },
  {
    name: 'an auto reply answers with its variables filled in',
    flow: [answer],
    stop: { type: 'rest' },
    effects: [{ type: 'answer', text: 'Hello Ada!' }],
    path: ['answer ran null'],
  },
  {
    name: 'an auto reply of every time answers again',
    flow: [answer],
    facts: { answered: new Set(['answer']) },
    stop: { type: 'rest' },
    effects: [{ type: 'answer' }],
  },
  {
    name: 'an auto reply of once answers once',
    flow: [{ ...answer, when: 'once' }],
    facts: { answered: new Set(['answer']) },
    stop: { type: 'rest' },
    effects: [],
    path: ['answer passed-over null'],
  },
  {
    name: 'an auto reply of the first interaction answers in it',
    flow: [{ ...answer, when: 'first' }],
    stop: { type: 'rest' },
    effects: [{ type: 'answer' }],
  },
  {
    name: 'an auto reply of the first interaction answers in no later one',
    flow: [{ ...answer, when: 'first' }],
    facts: { isFirst: false },
    stop: { type: 'rest' },
    effects: [],
  },
  {
    name: 'an auto reply of the first interaction answers in it once',
    flow: [{ ...answer, when: 'first' }],
    facts: { answered: new Set(['answer']) },
    stop: { type: 'rest' },
    effects: [],
  },
  {
    name: 'an auto reply where nothing can be sent fails with the reason',
    flow: [answer, last],
    facts: { silence: 'no-reply-url' },
    stop: { type: 'queue', step: last },
    effects: [],
    path: ['answer failed last', 'last would-wait null'],
  },
  {
    name: 'an auto reply that is empty once filled in is not sent',
    flow: [{ ...answer, text: '{{contact.skype}}' }],
    stop: { type: 'rest' },
    effects: [],
    path: ['answer failed null'],
  },
  {
    name: 'closing ends with its disposition, and nothing follows',
    flow: [{ id: 'c', type: 'close', dispositionId: 4 }, last],
    stop: { type: 'closed', disposition: { id: 4, path: 'Sales / Won 4' } },
    path: ['c ran null'],
  },
  {
    name: 'closing with a disposition that is gone closes without one',
    flow: [{ id: 'c', type: 'close', dispositionId: 100 }],
    stop: { type: 'closed', disposition: null },
  },
  {
    name: 'closing needs no disposition',
    flow: [{ id: 'c', type: 'close' }],
    stop: { type: 'closed', disposition: null },
  },
  {
    name: 'a jump goes to its step',
    flow: [{ id: 'j', type: 'go-to', to: 'last' }, queue, last],
    stop: { type: 'queue', step: last },
    path: ['j jumped last', 'last would-wait null'],
  },
  {
    name: 'a jump to nothing ends the flow',
    flow: [{ id: 'j', type: 'go-to', to: null }, queue],
    stop: { type: 'rest' },
    path: ['j jumped null'],
  },
  {
    name: 'tags are those that still are',
    flow: [{ id: 't', type: 'tag', tagIds: [1, 100] }],
    stop: { type: 'rest' },
    effects: [{ type: 'tag', tagIds: [1], names: ['tag1'] }],
  },
  {
    name: 'a tag that is gone fails alone',
    flow: [{ id: 't', type: 'tag', tagIds: [100] }, last],
    stop: { type: 'queue', step: last },
    effects: [],
  },
  {
    name: 'a noop writes its line',
    flow: [{ id: 'n', type: 'noop', text: '{{message.body}} from {{contact.city}}' }],
    stop: { type: 'rest' },
    effects: [{ type: 'line', text: ' YES please  from Turin' }],
  },
  {
    name: 'a noop may say nothing',
    flow: [{ id: 'n', type: 'noop', text: '' }],
    stop: { type: 'rest' },
    effects: [],
  },
  {
    name: 'a bot is waited for',
    flow: [bot, last],
    stop: { type: 'call', step: bot },
    path: ['bot would-wait last'],
  },
  { name: 'a web request is waited for', flow: [request], stop: { type: 'call', step: request } },
  {
    name: 'what ran before a stop stays done',
    flow: [answer, { id: 't', type: 'tag', tagIds: [1] }, queue],
    stop: { type: 'queue', step: queue },
    effects: [{ type: 'answer' }, { type: 'tag' }],
  },
])('$name', ({ flow, from = start, stop, effects, path, ...given }) => {
  const walked = walk(flow, from, facts(given.facts), names(given.names))
  expect(walked.stop).toMatchObject(stop)
  if (effects) {
    expect(walked.effects).toMatchObject(effects)
    expect(walked.effects).toHaveLength(effects.length)
  }
  if (path)
    expect(walked.lines.map(({ stepId, outcome, next }) => `${stepId} ${outcome} ${next}`)).toEqual(path)
})

test('a circle that only came about later is left after a bounded number of steps, with a line that says so', () => {
  const flow: Action[] = [
    { ...queue, intervalId: 1 },
    { id: 'back', type: 'go-to', to: 'queue' },
  ]
  const walked = walk(flow, start, facts(), names({ isOpen: () => false }))
  expect(walked.stop).toEqual({ type: 'loop' })
  expect(walked.lines).toHaveLength(MAX_STEPS + 1)
  expect(walked.lines.at(-1)).toMatchObject({ outcome: 'failed', next: null })
})

test('an auto reply of once answers once within one run as well', () => {
  const flow: Action[] = [
    { ...answer, when: 'once' },
    { ...queue, queueId: 100 },
    { id: 'back', type: 'go-to', to: 'answer' },
  ]
  const walked = walk(flow, start, facts(), names())
  expect(walked.effects).toHaveLength(1)
  expect(walked.answered).toEqual(['answer'])
})

describe('conditions', () => {
  const one = (variable: string, operator: Conditions['all'][number]['operator'], value: string) => ({
    variable,
    operator,
    value,
  })
  test.each<[string, Conditions, boolean]>([
    ['no condition holds always', { all: [], any: [] }, true],
    [
      'equals, without regard to case and spaces around',
      { all: [one('message.body', 'equals', 'yes PLEASE')], any: [] },
      true,
    ],
    ['equals something else', { all: [one('message.body', 'equals', 'yes')], any: [] }, false],
    ['not equals', { all: [one('contact.city', 'not-equals', 'Rome')], any: [] }, true],
    ['not equals the same', { all: [one('contact.city', 'not-equals', 'turin')], any: [] }, false],
    ['contains', { all: [one('message.body', 'contains', 'es pl')], any: [] }, true],
    ['does not contain', { all: [one('message.body', 'contains', 'no')], any: [] }, false],
    ['not contains', { all: [one('message.body', 'not-contains', 'no')], any: [] }, true],
    ['not contains what is there', { all: [one('message.body', 'not-contains', 'yes')], any: [] }, false],
    ['what has no value is empty', { all: [one('contact.skype', 'equals', '')], any: [] }, true],
    ['what the flow has set', { all: [one('vars.order.status', 'equals', 'sent')], any: [] }, true],
    [
      'an accent is the same in one character and in two',
      { all: [one('contact.city', 'not-equals', 'Tu\u0301rin')], any: [] },
      true,
    ],
    [
      'all of all',
      { all: [one('contact.city', 'equals', 'turin'), one('contact.city', 'equals', 'rome')], any: [] },
      false,
    ],
    [
      'one of any',
      { all: [], any: [one('contact.city', 'equals', 'rome'), one('contact.city', 'equals', 'turin')] },
      true,
    ],
    ['none of any', { all: [], any: [one('contact.city', 'equals', 'rome')] }, false],
    [
      'both groups',
      { all: [one('contact.city', 'equals', 'turin')], any: [one('message.body', 'contains', 'no')] },
      false,
    ],
  ])('%s', (_, conditions, holds) => {
    const flow: Action[] = [{ id: 'if', type: 'go-to-if', conditions, then: 'last', else: null }, last]
    const walked = walk(flow, start, facts(), names())
    expect(walked.lines[0]).toMatchObject({ outcome: 'jumped', next: holds ? 'last' : null })
  })
})
