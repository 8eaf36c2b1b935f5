// What the judge takes for one interaction with two people, and what it takes for passing on.
import { expect, test } from 'vitest'
import { judgeSteps } from './truths.ts'

type Step = Parameters<typeof judgeSteps>[0][number]

const story = (...steps: [type: string, data?: Step['data']][]): Step[] =>
  steps.map(([type, data = null], at) => ({
    interaction_id: '7',
    seq: String(at + 1),
    type,
    user_id: null,
    data,
  }))

test.each<[string, Step[]]>([
  [
    'an offer that ran out goes to the next, who declines, and to a third, who accepts',
    story(['offered'], ['timeout'], ['offered'], ['declined'], ['offered'], ['assigned'], ['closed']),
  ],
  [
    'an agent hands it to a queue, which asks the next',
    story(['assigned'], ['transferred'], ['offered'], ['assigned']),
  ],
  [
    'a supervisor gives to another what an agent has',
    story(['offered'], ['assigned'], ['assigned', { agent: 'Luca' }], ['closed']),
  ],
  [
    'a colleague is rung first, does not come, and it goes back to who had it',
    story(
      ['assigned'],
      ['transferred', { agent: 'Luca', rings: 'first' }],
      ['offered'],
      ['timeout'],
      ['transferred', { agent: 'Anna' }],
      ['closed'],
    ),
  ],
  [
    'an absent agent loses it, and it is routed anew',
    story(['assigned'], ['released', { agent: 'Anna' }], ['queued'], ['offered'], ['assigned']),
  ],
])('nobody shares when %s', (_, steps) => {
  expect(judgeSteps(steps)).toEqual([])
})

test.each<[string, Step[]]>([
  ['two are asked', story(['offered'], ['offered'])],
  ['one is asked about what another has', story(['offered'], ['assigned'], ['offered'])],
  ['one is asked about what was passed to another', story(['transferred', { agent: 'Luca' }], ['offered'])],
  ['two have accepted', story(['offered'], ['assigned'], ['assigned'])],
])('control: it is found out when %s', (_, steps) => {
  expect(judgeSteps(steps)).toHaveLength(1)
})
