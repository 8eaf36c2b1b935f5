import { describe, expect, test } from 'vitest'
import { type Agent, choose, MAX_ASKED, type Past, type Waiting } from './strategy.ts'

const waits = (fields: Partial<Waiting> = {}): Waiting => ({
  interactionId: 1,
  queueId: 1,
  userId: null,
  teamId: null,
  strategy: 'rrmemory',
  weight: 0,
  enteredAt: 0,
  timeoutSeconds: 20,
  lastUserId: null,
  candidates: [1, 2, 3],
  past: [],
  ...fields,
})
const past = (userId: number, what: Past, endedAt = 0) => ({ userId, past: what, endedAt })
const free = (userId: number, slots = 1, asked = 0, rest: Partial<Agent> = {}): Agent => ({
  userId,
  free: slots,
  asked,
  load: 0,
  promised: 0,
  engagedAt: 0,
  ...rest,
})

/** Choices as `interaction:user`. */
function chosen(waiting: Waiting[], agents = [free(1), free(2), free(3)]): string[] {
  return choose(waiting, agents).map((choice) => `${choice.waiting.interactionId}:${choice.userId}`)
}

describe('rrmemory', () => {
  test.each<[string, Partial<Waiting>, string[]]>([
    ['asks the first when the queue asked nobody before', {}, ['1:1']],
    ['asks the next after the last', { lastUserId: 1 }, ['1:2']],
    ['starts again after the highest id', { lastUserId: 3 }, ['1:1']],
    ['goes on from where one was who is gone', { lastUserId: 2, candidates: [1, 3] }, ['1:3']],
    ['asks nobody else while one is being asked', { past: [past(1, 'open')] }, []],
    ['prefers who was not asked yet', { past: [past(1, 'timeout'), past(2, 'declined')] }, ['1:3']],
    [
      'asks again who was silent longest before who declined',
      { past: [past(1, 'declined', 1), past(2, 'timeout', 9), past(3, 'timeout', 5)] },
      ['1:3'],
    ],
    [
      'asks again who declined when all declined',
      { past: [past(1, 'declined', 3), past(2, 'alone', 1), past(3, 'declined', 2)] },
      ['1:3'],
    ],
    [
      'leaves alone who declined just now',
      { candidates: [1, 2], past: [past(1, 'alone'), past(2, 'alone')] },
      [],
    ],
    ['asks nobody who is not of the queue and the account', { candidates: [] }, []],
  ])('%s', (_, waiting, expected) => {
    expect(chosen([waits(waiting)])).toEqual(expected)
  })

  test('gives each agent no more than his slots, and goes round', () => {
    const waiting = [1, 2, 3, 4, 5].map((interactionId) => waits({ interactionId }))
    expect(chosen(waiting, [free(1, 2), free(2), free(3)])).toEqual(['1:1', '2:2', '3:3', '4:1'])
  })

  test('passes over who has no slot', () => {
    expect(chosen([waits()], [free(1, 0), free(2)])).toEqual(['1:2'])
  })
})

describe('leastrecent', () => {
  const entry = (fields: Partial<Waiting> = {}) =>
    waits({ strategy: 'leastrecent', lastUserId: 1, ...fields })

  test('asks who was given an interaction longest ago, before all who never was', () => {
    const agents = [
      free(1, 1, 0, { engagedAt: 30 }),
      free(2, 1, 0, { engagedAt: 10 }),
      free(3, 1, 0, { engagedAt: 20 }),
    ]
    expect(chosen([entry()], agents)).toEqual(['1:2'])
    expect(chosen([entry()], [...agents.slice(0, 2), free(3)])).toEqual(['1:3'])
  })

  test('counts who is being asked as engaged already, so that a crowd is spread', () => {
    const agents = [
      free(1, 5, 0, { engagedAt: 10 }),
      free(2, 5, 0, { engagedAt: 20 }),
      free(3, 5, 1, { promised: 1 }),
    ]
    const waiting = [1, 2, 3, 4].map((interactionId) => entry({ interactionId }))
    expect(chosen(waiting, agents)).toEqual(['1:1', '2:2', '3:3', '4:1'])
  })

  test('asks one at a time, and again who was silent longest ago', () => {
    expect(chosen([entry({ past: [past(2, 'open')] })])).toEqual([])
    const silent = [past(1, 'timeout', 9), past(2, 'timeout', 5), past(3, 'declined', 1)]
    expect(chosen([entry({ past: silent })])).toEqual(['1:2'])
  })
})

describe('fewestactive', () => {
  const entry = (fields: Partial<Waiting> = {}) => waits({ strategy: 'fewestactive', ...fields })

  test('asks who has fewest, among equals who rested longest', () => {
    const agents = [
      free(1, 4, 0, { load: 1, engagedAt: 5 }),
      free(2, 1, 0, { load: 0, engagedAt: 9 }),
      free(3, 1, 0, { load: 0, engagedAt: 8 }),
    ]
    expect(chosen([entry()], agents)).toEqual(['1:3'])
  })

  test('counts what is being offered, so that a crowd levels the loads', () => {
    const agents = [free(1, 5, 0, { load: 0 }), free(2, 5, 0, { load: 2 }), free(3, 5, 0, { load: 1 })]
    const waiting = [1, 2, 3, 4, 5, 6].map((interactionId) => entry({ interactionId }))
    const all = chosen(waiting, agents).map((choice) => choice.split(':')[1])
    expect(all.filter((id) => id === '1')).toHaveLength(3)
    expect(all.filter((id) => id === '3')).toHaveLength(2)
    expect(all.filter((id) => id === '2')).toHaveLength(1)
  })
})

describe('beepall', () => {
  const all = (fields: Partial<Waiting> = {}) => waits({ strategy: 'beepall', ...fields })

  test.each<[string, Partial<Waiting>, string[]]>([
    ['asks all at once', {}, ['1:1', '1:2', '1:3']],
    ['adds who becomes free while it rings', { past: [past(1, 'open'), past(2, 'open')] }, ['1:3']],
    [
      'does not ring again who was silent while others still ring',
      { candidates: [1, 2], past: [past(1, 'timeout'), past(2, 'open')] },
      [],
    ],
    [
      'rings all again who were silent when nobody else is left',
      { past: [past(1, 'timeout'), past(2, 'timeout'), past(3, 'alone')] },
      ['1:1', '1:2'],
    ],
  ])('%s', (_, waiting, expected) => {
    expect(chosen([all(waiting)])).toEqual(expected)
  })

  test('an offer takes no slot, so an agent with one slot hears of everything that waits', () => {
    expect(chosen([all(), all({ interactionId: 2 })], [free(1)])).toEqual(['1:1', '2:1'])
  })

  test('asks nobody without a slot, and nobody about more than fits on a screen', () => {
    expect(chosen([all()], [free(1, 0), free(2, 1, MAX_ASKED), free(3, 1, MAX_ASKED - 1)])).toEqual(['1:3'])
  })
})

describe('the order in which waiting interactions are served', () => {
  test.each<[string, Partial<Waiting>[], string]>([
    ['the heavier queue first', [{ enteredAt: 1 }, { enteredAt: 2, weight: 3, queueId: 2 }], '2:1'],
    ['within a weight the longest waiting', [{ enteredAt: 2 }, { enteredAt: 1 }], '2:1'],
    ['at the same instant the older interaction', [{}, {}], '1:1'],
  ])('%s', (_, entries, first) => {
    const waiting = entries.map((entry, index) => waits({ ...entry, interactionId: index + 1 }))
    expect(chosen(waiting, [free(1)])).toEqual([first])
  })
})
