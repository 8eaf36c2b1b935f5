import type { Action } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { nextStep } from './actions.ts'

const sales: Action = { id: 'sales', type: 'queue', queueId: 1, timeoutSeconds: 30 }
const everyone: Action = { id: 'everyone', type: 'queue', queueId: 2 }
const all = () => true
const none = () => false

test.each<[string, Action[], string | null, object]>([
  ['without actions an interaction rests with the agents', [], null, { type: 'rest' }],
  [
    'the first step comes first',
    [sales, everyone],
    null,
    { type: 'queue', stepId: 'sales', queueId: 1, timeoutSeconds: 30 },
  ],
  [
    'the next step follows one that ran out',
    [sales, everyone],
    'sales',
    { type: 'queue', stepId: 'everyone', queueId: 2, timeoutSeconds: null },
  ],
  ['nothing follows the last step', [sales, everyone], 'everyone', { type: 'rest' }],
  ['nothing follows a step that was taken out meanwhile', [sales], 'gone', { type: 'rest' }],
])('%s', (_, actions, after, expected) => {
  expect(nextStep(actions, after, all, none)).toEqual(expected)
})

test('a step whose queue is gone is passed over', () => {
  expect(nextStep([sales, everyone], null, (id) => id === 2, all)).toMatchObject({
    stepId: 'everyone',
    queueId: 2,
  })
})

test('a step outside its interval is passed over, and within it runs', () => {
  const atNight: Action = { ...sales, intervalId: 7 }
  const steps = [atNight, everyone]
  expect(nextStep(steps, null, all, (id) => id !== 7)).toMatchObject({ stepId: 'everyone', queueId: 2 })
  expect(nextStep(steps, null, all, (id) => id === 7)).toMatchObject({ stepId: 'sales', queueId: 1 })
})
