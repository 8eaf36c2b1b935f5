/** What a flow must not have when it is saved: jumps into nothing, steps that nobody reaches, circles in which nothing waits, unknown names. */
import type { Action, Condition } from '@patchbay/protocol/api/actions.ts'
import { edgesOf } from './edges.ts'
import { isVariable, type Settable, variablesIn } from './variables.ts'
import type { Flow } from './walk.ts'

export interface Fault {
  /** Of the step, from 0. */
  index: number
  /** Within the step, as `headers[1].value`. */
  field: string
  /** Goes on after "Step 3 ". */
  words: string
}

export function findFault(flow: Flow, customFieldIds: ReadonlySet<number>): Fault | undefined {
  return (
    twice(flow) ??
    lost(flow) ??
    circle(flow) ??
    unreached(flow) ??
    badAddress(flow) ??
    badHeader(flow) ??
    unknownVariable(flow, { ...settableIn(flow), customFieldIds })
  )
}

function twice(flow: Flow): Fault | undefined {
  const index = flow.findIndex(({ id }, place) => flow.findIndex((other) => other.id === id) < place)
  const step = flow[index]
  return step && { index, field: 'id', words: `has the id ${step.id} of another step.` }
}

function lost(flow: Flow): Fault | undefined {
  const ids = new Set(flow.map(({ id }) => id))
  for (const [index, step] of flow.entries())
    for (const { field, to } of jumpsOf(step))
      if (to !== null && !ids.has(to)) return { index, field, words: `jumps to ${to}, which is no step.` }
  return undefined
}

function jumpsOf(step: Action): { field: string; to: string | null }[] {
  switch (step.type) {
    case 'go-to':
      return [{ field: 'to', to: step.to }]
    case 'go-to-if':
      return [
        { field: 'then', to: step.then },
        { field: 'else', to: step.else },
      ]
    case 'bot':
      return [{ field: 'onTimeout', to: step.onTimeout ?? null }]
    default:
      return []
  }
}

/** Every circle holds a jump backward: that one is named. */
function circle(flow: Flow): Fault | undefined {
  const edges = edgesOf(flow)
  const states = new Map<number, 'open' | 'done'>()
  const way: number[] = []

  const visit = (place: number): number[] | undefined => {
    states.set(place, 'open')
    way.push(place)
    for (const { to, waits } of edges[place] ?? []) {
      if (waits || to >= flow.length) continue
      if (states.get(to) === 'open') return way.slice(way.indexOf(to))
      const found = states.has(to) ? undefined : visit(to)
      if (found) return found
    }
    way.pop()
    states.set(place, 'done')
    return undefined
  }

  for (const place of flow.keys()) {
    const found = states.has(place) ? undefined : visit(place)
    if (found) return backwardIn(flow, found)
  }
  return undefined
}

function backwardIn(flow: Flow, places: readonly number[]): Fault {
  const [first = 0] = places
  for (const [at, place] of places.entries()) {
    const next = places[at + 1] ?? first
    const edge = edgesOf(flow)[place]?.find(({ to, waits }) => to === next && !waits)
    if (next <= place && edge)
      return {
        index: place,
        field: edge.field,
        words: `leads back to ${flow[next]?.id} without a queue or an agent between that always waits: it would never end.`,
      }
  }
  throw new Error('a circle without a jump backward')
}

function unreached(flow: Flow): Fault | undefined {
  const edges = edgesOf(flow)
  const reached = new Set<number>()
  const todo = flow.length > 0 ? [0] : []
  for (let place = todo.pop(); place !== undefined; place = todo.pop()) {
    if (reached.has(place) || place >= flow.length) continue
    reached.add(place)
    // A bot may send on to any step.
    if (flow[place]?.type === 'bot') return undefined
    todo.push(...(edges[place] ?? []).map(({ to }) => to))
  }
  const index = [...flow.keys()].find((place) => !reached.has(place))
  return index === undefined
    ? undefined
    : {
        index,
        field: 'id',
        words: 'is never reached: what stands before it waits for ever, ends or jumps away.',
      }
}

function badAddress(flow: Flow): Fault | undefined {
  for (const [index, step] of flow.entries()) {
    const words =
      step.type === 'bot'
        ? faultOfAddress(step.url, false)
        : step.type === 'web-request'
          ? faultOfAddress(step.url, true)
          : undefined
    if (words !== undefined) return { index, field: 'url', words }
  }
  return undefined
}

// What customers write must not choose whom the server calls, so the host stands there as it is.
function faultOfAddress(text: string, mayVary: boolean): string | undefined {
  if (!/^https?:\/\//i.test(text)) return 'has an address that does not begin with http:// or https://.'
  const first = text.indexOf('{{')
  if (first >= 0 && !mayVary) return 'has an address with a variable.'
  if (first >= 0 && !/^https?:\/\/[^/?#{]+[/?#]/i.test(text.slice(0, first)))
    return 'has a variable in the host of its address; they may stand behind it.'
  const url = URL.parse(text.replace(/\{\{[^{}]*\}\}/g, 'x'))
  if (!url) return 'has an address that is not whole.'
  return url.username || url.password ? 'has a user name or a password in its address.' : undefined
}

const ownHeaders = new Set(
  'connection content-length expect host keep-alive te trailer transfer-encoding upgrade'.split(' '),
)

/** Whether it is ours or the connection's, and nobody else's to set. */
export function isOwnHeader(name: string): boolean {
  return ownHeaders.has(name.toLowerCase()) || /^(proxy|sec|webhook)-/i.test(name)
}

function badHeader(flow: Flow): Fault | undefined {
  for (const [index, step] of flow.entries())
    for (const [nr, { name }] of (step.type === 'web-request' ? (step.headers ?? []) : []).entries())
      if (isOwnHeader(name))
        return { index, field: `headers[${nr}].name`, words: `sets the header ${name}, which is not for it.` }
  return undefined
}

function settableIn(flow: Flow): Omit<Settable, 'customFieldIds'> {
  return {
    variables: new Set(flow.flatMap((step) => (step.type === 'web-request' ? [step.variable] : []))),
    hasBot: flow.some(({ type }) => type === 'bot'),
  }
}

function unknownVariable(flow: Flow, settable: Settable): Fault | undefined {
  for (const [index, step] of flow.entries())
    for (const { field, name } of namesIn(step))
      if (!isVariable(name, settable)) return { index, field, words: `names the unknown variable ${name}.` }
  return undefined
}

function namesIn(step: Action): { field: string; name: string }[] {
  return [
    ...textsOf(step).flatMap(({ field, text }) => variablesIn(text).map((name) => ({ field, name }))),
    ...(step.type === 'go-to-if'
      ? [...conditionNames('all', step.conditions.all), ...conditionNames('any', step.conditions.any)]
      : []),
  ]
}

function conditionNames(group: 'all' | 'any', conditions: readonly Condition[]) {
  return conditions.map(({ variable: name }, nr) => ({
    field: `conditions.${group}[${nr}].variable`,
    name,
  }))
}

/** Where a step may hold variables. */
function textsOf(step: Action): { field: string; text: string }[] {
  switch (step.type) {
    case 'auto-reply':
    case 'noop':
      return [{ field: 'text', text: step.text }]
    case 'web-request':
      return [
        { field: 'url', text: step.url },
        { field: 'body', text: step.body ?? '' },
        ...(step.headers ?? []).map(({ value, secret }, nr) => ({
          field: `headers[${nr}].value`,
          text: secret ? '' : (value ?? ''),
        })),
      ]
    default:
      return []
  }
}
