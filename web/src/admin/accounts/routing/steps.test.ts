import type { Action } from '@patchbay/protocol/api/actions.ts'
import { expect, test } from 'vitest'
import { isKept, isSame, moved, newStep, offered, placeOf, removed, ringsNobody, setBy } from './steps.ts'

const [one, two, three]: Action[] = [
  { id: 'one', type: 'queue', queueId: 5 },
  { id: 'two', type: 'go-to-if', conditions: { all: [], any: [] }, then: 'three', else: 'one' },
  { id: 'three', type: 'go-to', to: 'two' },
]
const steps = [one, two, three] as Action[]
const ids = (list: readonly Action[]) => list.map(({ id }) => id).join(' ')

test('a step comes to stand before the one it was put in front of', () => {
  expect(ids(moved(steps, 0, 2))).toBe('two one three')
  expect(ids(moved(steps, 0, 3))).toBe('two three one')
  expect(ids(moved(steps, 2, 0))).toBe('three one two')
  expect(ids(moved(steps, 1, 1))).toBe('one two three')
  expect(ids(moved(steps, 0, -1))).toBe('one two three')
})

test('what jumped to a step that is taken out jumps to the end', () => {
  expect(removed(steps, 2)).toEqual([one, { ...two, then: null }])
  expect(removed(steps, 1)).toEqual([one, { ...three, to: null }])
})

test('a bot whose way without an answer is taken out goes on with the next step', () => {
  const bot: Action = {
    id: 'bot',
    type: 'bot',
    url: 'https://bot.test',
    timeoutSeconds: 60,
    onTimeout: 'one',
  }
  expect(removed([one as Action, bot], 0)).toEqual([{ ...bot, onTimeout: null }])
})

test('what is stored secret is told from what is not', () => {
  const headers = [
    { name: 'authorization', value: null, secret: true },
    { name: 'accept', value: '*/*' },
  ]
  const saved: Action[] = [
    { id: 'bot', type: 'bot', url: 'https://bot.test', timeoutSeconds: 60, secret: null },
    {
      id: 'ask',
      type: 'web-request',
      method: 'GET',
      url: 'https://a.test',
      headers,
      variable: 'a',
      timeoutSeconds: 5,
    },
  ]
  expect([isKept(saved, 'bot'), isKept(saved, 'ask', 'authorization')]).toEqual([true, true])
  expect([isKept(saved, 'ask', 'accept'), isKept(saved, 'ask'), isKept([], 'bot')]).toEqual([
    false,
    false,
    false,
  ])
})

test('what web requests keep can be read, each once, and what a bot sets is open', () => {
  const asked = [newStep('web-request', []), newStep('web-request', [])]
  expect(setBy(asked)).toEqual({ names: ['vars.answer', 'vars.answer.status'], isOpen: false })
  expect(setBy([newStep('bot', [])])).toEqual({ names: [], isOpen: true })
})

test('every new step has an id of its own', () => {
  const added: Action[] = []
  for (const type of [...offered, ...offered]) added.push(newStep(type, added))
  expect(new Set(added.map(({ id }) => id)).size).toBe(offered.length * 2)
})

test('a flow with steps of which none rings is told from one that rings and from an empty one', () => {
  expect([ringsNobody([]), ringsNobody(steps), ringsNobody([three as Action])]).toEqual([false, false, true])
})

test('a refusal says at which step and field', () => {
  expect(placeOf('actions[2].conditions.all[0].variable')).toEqual({
    at: 2,
    field: 'conditions.all[0].variable',
  })
  expect(placeOf('actions[0]')).toEqual({ at: 0, field: '' })
  expect(placeOf('name')).toBeUndefined()
})

test('moving there and back is no change', () => {
  expect(isSame(moved(moved(steps, 0, 2), 1, 0), steps)).toBe(true)
  expect(isSame(moved(steps, 0, 2), steps)).toBe(false)
})
