import type { Action } from '@patchbay/protocol/api/accounts.ts'
import { expect, test } from 'vitest'
import { nextStep } from './actions.ts'

const sales: Action = { type: 'queue', queueId: 1, timeoutSeconds: 30 }
const everyone: Action = { type: 'queue', queueId: 2 }
const all = () => true
const none = () => false

test.each<[string, Action[], number | null, object]>([
  ['without actions an interaction rests with the agents', [], null, { type: 'rest' }],
  [
    'the first step comes first',
    [sales, everyone],
    null,
    { type: 'queue', step: 0, queueId: 1, timeoutSeconds: 30 },
  ],
  [
    'the next step follows one that ran out',
    [sales, everyone],
    0,
    { type: 'queue', step: 1, queueId: 2, timeoutSeconds: null },
  ],
  ['nothing follows the last step', [sales, everyone], 1, { type: 'rest' }],
  ['a place beyond actions that were shortened is the end', [sales], 5, { type: 'rest' }],
])('%s', (_, actions, after, expected) => {
  expect(nextStep(actions, after, all, none)).toEqual(expected)
})

test('a step whose queue is gone is passed over', () => {
  expect(nextStep([sales, everyone], null, (id) => id === 2, all)).toMatchObject({ step: 1, queueId: 2 })
})

test('a step outside its interval is passed over, and within it runs', () => {
  const atNight: Action = { ...sales, intervalId: 7 }
  const steps = [atNight, everyone]
  expect(nextStep(steps, null, all, (id) => id !== 7)).toMatchObject({ step: 1, queueId: 2 })
  expect(nextStep(steps, null, all, (id) => id === 7)).toMatchObject({ step: 0, queueId: 1 })
})
