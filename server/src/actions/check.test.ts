import type { Action } from '@patchbay/protocol/api/actions.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findFault } from './check.ts'
import { walk } from './walk.ts'

const queue = (id: string, fields: object = {}): Action => ({
  id,
  type: 'queue',
  queueId: 1,
  timeoutSeconds: 30,
  ...fields,
})
const noop = (id: string, text = 'x', fields: object = {}): Action => ({ id, type: 'noop', text, ...fields })
const goTo = (id: string, to: string | null): Action => ({ id, type: 'go-to', to })
const goToIf = (
  id: string,
  then: string | null,
  other: string | null,
  variable = 'message.body',
): Action => ({
  id,
  type: 'go-to-if',
  conditions: { all: [{ variable, operator: 'equals', value: 'x' }], any: [] },
  then,
  else: other,
})
const bot = (id: string, fields: object = {}): Action => ({
  id,
  type: 'bot',
  url: 'https://bot.example/',
  timeoutSeconds: 60,
  ...fields,
})
const request = (id: string, fields: object = {}): Action => ({
  id,
  type: 'web-request',
  method: 'GET',
  url: 'https://shop.example/orders?of={{contact.email}}',
  variable: 'order',
  timeoutSeconds: 5,
  ...fields,
})

test.each<[string, Action[]]>([
  ['no steps', []],
  ['queues that run out one after the other', [queue('a'), queue('b', { timeoutSeconds: null })]],
  ['a circle in which a queue always waits', [noop('a'), queue('b'), goTo('c', 'a')]],
  [
    'a circle in which an agent is rung',
    [{ id: 'a', type: 'agent', userId: 1, timeoutSeconds: 9 }, goTo('b', 'a')],
  ],
  ['both ways of a condition', [goToIf('a', 'b', 'c'), goTo('b', null), noop('c')]],
  ['steps that only a bot sends on to', [bot('a'), goTo('b', null), noop('c')]],
  ['what a web request has kept', [request('a'), noop('b', '{{vars.order}} {{ vars.order.status }}')]],
  ['whatever a bot may set', [bot('a'), goToIf('b', null, null, 'vars.choice')]],
  ['a custom field of the list', [noop('a', '{{contact.cf_7}}')]],
])('is sound: %s', (_, flow) => {
  expect(findFault(flow, new Set([7]))).toBeUndefined()
})

test.each<[string, Action[], number, string]>([
  ['the id of another step', [noop('a'), noop('a')], 1, 'id'],
  ['a jump to a missing step', [noop('a'), goTo('b', 'c')], 1, 'to'],
  ['a way of a condition into nothing', [goToIf('a', null, 'c')], 0, 'else'],
  ['a timeout into nothing', [bot('a', { onTimeout: 'c' })], 0, 'onTimeout'],
  ['a jump to itself', [goTo('a', 'a')], 0, 'to'],
  ['a circle of jumps', [noop('a'), goTo('b', 'a')], 1, 'to'],
  ['a circle by one way of a condition', [noop('a'), goToIf('b', null, 'a')], 1, 'else'],
  [
    'a circle whose queue may be outside its interval',
    [queue('a', { intervalId: 3 }), goTo('b', 'a')],
    1,
    'to',
  ],
  ['a circle through a bot that may answer at once', [bot('a'), goTo('b', 'a')], 1, 'to'],
  ['a circle through a web request', [request('a'), goTo('b', 'a')], 1, 'to'],
  ['a bot whose silence asks it again', [bot('a', { onTimeout: 'a' })], 0, 'onTimeout'],
  [
    'what stands behind a queue without a timeout',
    [queue('a', { timeoutSeconds: null }), noop('b')],
    1,
    'id',
  ],
  ['what stands behind the end', [{ id: 'a', type: 'close' }, noop('b')], 1, 'id'],
  ['what a jump passes by', [goTo('a', 'c'), noop('b'), noop('c')], 1, 'id'],
  [
    'an unknown variable in an answer',
    [{ id: 'a', type: 'auto-reply', text: '{{contact.age}}', when: 'once' }],
    0,
    'text',
  ],
  ['a custom field of another list', [noop('a', '{{contact.cf_8}}')], 0, 'text'],
  [
    'an unknown variable in a condition',
    [goToIf('a', null, null, 'contact')],
    0,
    'conditions.all[0].variable',
  ],
  ['a variable that nothing sets', [noop('a', '{{vars.order}}')], 0, 'text'],
  [
    'an unknown variable in a header',
    [request('a', { headers: [{ name: 'x', value: '{{x}}' }] })],
    0,
    'headers[0].value',
  ],
  ['an unknown variable in a body', [request('a', { body: '{{x}}' })], 0, 'body'],
  ['a customer who chooses the host', [request('a', { url: 'https://{{message.body}}/' })], 0, 'url'],
  ['a customer who adds to the host', [request('a', { url: 'https://a.example{{message.body}}' })], 0, 'url'],
  ['an address of another kind', [bot('a', { url: 'file:///etc/passwd' })], 0, 'url'],
  ['a password in an address', [bot('a', { url: 'https://a:b@bot.example/' })], 0, 'url'],
])('is refused: %s', (_, flow, index, field) => {
  expect(findFault(flow, new Set([7]))).toMatchObject({ index, field })
})

const size = 6
const jump = fc.option(fc.integer({ min: 0, max: size - 1 }).map((place) => `s${place}`))
const interval = fc.constantFrom(null, 1)
const anyStep = fc.oneof(
  fc.record({ type: fc.constant('queue'), timeout: fc.constantFrom(null, 5), interval }),
  fc.record({ type: fc.constant('noop'), interval }),
  fc.record({ type: fc.constant('close'), interval }),
  fc.record({ type: fc.constant('go-to'), to: jump, interval }),
  fc.record({ type: fc.constant('go-to-if'), then: jump, else: jump, interval }),
)
type Plain = Partial<Record<'to' | 'then' | 'else', string | null>> & {
  type: string
  timeout?: number | null
  interval: number | null
}

/** All ways through a flow, step by step, without a graph: whether one takes more steps than there are without waiting, and what is met. */
function explore(flow: readonly Plain[]): { isEndless: boolean; met: Set<number> } {
  const met = new Set<number>()
  const placeOf = (id: string | null | undefined): number => (id == null ? flow.length : Number(id.slice(1)))
  let isEndless = false
  const go = (place: number, since: readonly number[]): void => {
    const step = flow[place]
    if (!step) return
    if (since.includes(place)) {
      isEndless = true
      return
    }
    const isNew = !met.has(place)
    met.add(place)
    const on = [...since, place]
    if (step.interval !== null) go(place + 1, on)
    if (step.type === 'queue') {
      if (step.timeout !== null && isNew) go(place + 1, [])
    } else if (step.type === 'noop') go(place + 1, on)
    else if (step.type === 'go-to') go(placeOf(step.to), on)
    else if (step.type === 'go-to-if') {
      go(placeOf(step.then), on)
      go(placeOf(step.else), on)
    }
  }
  go(0, [])
  return { isEndless, met }
}

function toActions(flow: readonly Plain[]): Action[] {
  return flow.map(({ type, timeout, interval: intervalId, ...jumps }, place) => {
    const common = { id: `s${place}`, intervalId }
    if (type === 'queue') return { ...common, type, queueId: 1, timeoutSeconds: timeout ?? null }
    if (type === 'noop') return { ...common, type, text: 'x' }
    if (type === 'close') return { ...common, type }
    if (type === 'go-to') return { ...common, type, to: jumps.to ?? null }
    const conditions = {
      all: [{ variable: 'message.body', operator: 'equals' as const, value: 'x' }],
      any: [],
    }
    return { ...common, type: 'go-to-if', conditions, then: jumps.then ?? null, else: jumps.else ?? null }
  })
}

const flows = fc.array(anyStep, { minLength: size, maxLength: size }) as fc.Arbitrary<Plain[]>

test('over random flows those are refused that a walk in every direction finds endless or never reaches', () => {
  let refused = 0
  let sound = 0
  fc.assert(
    fc.property(flows, (flow) => {
      const fault = findFault(toActions(flow), new Set())
      const { isEndless, met } = explore(flow)
      if (fault) refused++
      else sound++
      expect(fault === undefined).toBe(!isEndless && met.size === flow.length)
    }),
    { numRuns: 2000 },
  )
  // Otherwise it would have proved little.
  expect(refused).toBeGreaterThan(50)
  expect(sound).toBeGreaterThan(50)
})

test('a flow that is not refused takes no more steps than it has, whatever holds and whatever is open', () => {
  fc.assert(
    fc.property(flows, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (flow, coins) => {
      const actions = toActions(flow)
      fc.pre(findFault(actions, new Set()) === undefined)
      let next = 0
      const toss = (): boolean => coins[next++ % coins.length] ?? false
      const walked = walk(
        actions,
        { start: true },
        { read: () => (toss() ? 'x' : ''), silence: null, isFirst: true, answered: new Set() },
        { isOpen: toss, queue: () => 'q', agent: () => 'a', tag: () => 't', disposition: () => 'd' },
      )
      expect(walked.stop.type).not.toBe('loop')
      expect(walked.lines.length).toBeLessThanOrEqual(flow.length)
    }),
    { numRuns: 500 },
  )
})
