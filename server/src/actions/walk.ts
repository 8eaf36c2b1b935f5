/**
 * Runs a flow from one step to the next until it waits, ends or was long enough. Pure: it is told what it may ask and says what is to be
 * done, so that a run and a trial of it cannot differ.
 *
 * A step that cannot do its work (its queue is gone, the account has no Reply URL) is passed over with the reason, as if it had run out.
 */
import type { Action, ActionOf, StepOutcome } from '@patchbay/protocol/api/actions.ts'
import type { Said } from '@patchbay/protocol/said.ts'
import { hold } from './conditions.ts'
import { fill, type Read } from './variables.ts'

export type Flow = readonly Action[]

/** `at` null: nowhere, the flow has ended. */
export type From = { start: true } | { after: string } | { at: string | null }

/** What a step may name, of all the accounts of a batch. */
export interface Names {
  isOpen(intervalId: number): boolean
  queue(id: number): string | undefined
  /** An agent who sees the account of this interaction. */
  agent(id: number): string | undefined
  tag(id: number): string | undefined
  disposition(id: number): string | undefined
}

/** What is known of the interaction. */
export interface Facts {
  read: Read
  /** Why no answer can be given; null: one can. */
  silence: NonNullable<Said['why']> | null
  /** No interaction of its contact at its account came before it. */
  isFirst: boolean
  /** Steps that have answered in this interaction. */
  answered: ReadonlySet<string>
}

export type Effect =
  | { type: 'answer'; text: string }
  | { type: 'tag'; tagIds: number[]; names: string[] }
  | { type: 'line'; text: string }

export type Stop =
  | { type: 'queue'; step: ActionOf<'queue'> }
  | { type: 'agent'; step: ActionOf<'agent'> }
  | { type: 'call'; step: ActionOf<'bot'> | ActionOf<'web-request'> }
  | { type: 'closed'; disposition: { id: number; path: string } | null }
  | { type: 'rest' }
  | { type: 'loop' }

export interface Line {
  stepId: string
  outcome: StepOutcome
  said: Said
  next: string | null
}

export interface Walk {
  effects: Effect[]
  lines: Line[]
  /** Steps that answered just now. */
  answered: string[]
  stop: Stop
}

/** A flow as it may be saved never takes more without waiting; one whose interval or queue changed meanwhile might. */
export const MAX_STEPS = 200
const MAX_TEXT = 16_000

export function walk(flow: Flow, from: From, facts: Facts, names: Names): Walk {
  const result: Walk = { effects: [], lines: [], answered: [], stop: { type: 'rest' } }
  const places = new Map(flow.map(({ id }, place) => [id, place]))
  const answered = new Set(facts.answered)
  let place = placeOf(places, from)

  for (let taken = 0; place !== undefined; taken++) {
    const step: Action | undefined = flow[place]
    if (!step) return result
    if (taken === MAX_STEPS) {
      const said: Said = { code: 'too-many-steps', count: MAX_STEPS }
      result.lines.push({ stepId: step.id, outcome: 'failed', said, next: null })
      return { ...result, stop: { type: 'loop' } }
    }
    const following = flow[place + 1]?.id ?? null
    const isClosedNow = step.intervalId != null && !names.isOpen(step.intervalId)
    const taking: Taking = isClosedNow
      ? passedOver('outside-interval')
      : take(step, { ...facts, answered }, names)
    const next = taking.stop ? afterStop(taking.stop, following) : 'to' in taking ? taking.to : following
    result.lines.push({ stepId: step.id, outcome: taking.outcome, said: taking.said, next: next ?? null })
    if (taking.effect) result.effects.push(taking.effect)
    if (taking.effect?.type === 'answer') {
      answered.add(step.id)
      result.answered.push(step.id)
    }
    if (taking.stop) return { ...result, stop: taking.stop }
    place = next == null ? undefined : places.get(next)
  }
  return result
}

interface Taking {
  outcome: StepOutcome
  said: Said
  effect?: Effect
  /** Jumps; null: to the end. */
  to?: string | null
  stop?: Stop
}

function take(step: Action, facts: Facts, names: Names): Taking {
  switch (step.type) {
    case 'queue': {
      const name = names.queue(step.queueId)
      if (name === undefined) return failed({ code: 'queue-gone', name: String(step.queueId) })
      return waits({ type: 'queue', step }, { code: 'waits-in-queue', name, ...until(step) })
    }
    case 'agent': {
      const name = names.agent(step.userId)
      if (name === undefined) return failed({ code: 'agent-gone', name: String(step.userId) })
      return waits({ type: 'agent', step }, { code: 'rings-agent', name, ...until(step) })
    }
    case 'auto-reply':
      return answer(step, facts)
    case 'close':
      return close(step, names)
    case 'go-to-if': {
      const holds = hold(step.conditions, facts.read)
      return jump(holds ? step.then : step.else, holds ? 'holds' : 'holds-not')
    }
    case 'go-to':
      return jump(step.to, 'jumps')
    case 'tag':
      return tag(step, names)
    case 'noop': {
      const text = fill(step.text, facts.read).slice(0, MAX_TEXT)
      return text === '' ? ran({ code: 'does-nothing' }) : ran({ code: 'line', text }, { type: 'line', text })
    }
    case 'bot':
      return waits({ type: 'call', step }, { code: 'asks-bot' })
    case 'web-request':
      return waits({ type: 'call', step }, { code: 'sends-request', name: step.variable })
  }
}

function answer(step: ActionOf<'auto-reply'>, { read, silence, isFirst, answered }: Facts): Taking {
  if (step.when === 'first' && !isFirst) return passedOver('wrote-before')
  if (step.when !== 'always' && answered.has(step.id)) return passedOver('answered-before')
  if (silence !== null) return failed({ code: 'cannot-answer', why: silence })
  const text = fill(step.text, read).slice(0, MAX_TEXT).trim().toWellFormed()
  return text === ''
    ? failed({ code: 'empty-text' })
    : ran({ code: 'answers', text: text.slice(0, 200) }, { type: 'answer', text })
}

function close(step: ActionOf<'close'>, names: Names): Taking {
  const { dispositionId: id = null } = step
  const path = id === null ? undefined : names.disposition(id)
  const said: Said =
    path !== undefined ? { code: 'closes', name: path } : { code: id === null ? 'closes' : 'closes-without' }
  const disposition = id === null || path === undefined ? null : { id, path }
  return { outcome: 'ran', said, stop: { type: 'closed', disposition } }
}

function tag(step: ActionOf<'tag'>, names: Names): Taking {
  const found = step.tagIds.flatMap((id) => {
    const name = names.tag(id)
    return name === undefined ? [] : [{ id, name }]
  })
  if (found.length === 0) return failed({ code: 'tags-gone' })
  const words = found.map(({ name }) => name)
  return ran(
    { code: 'tags', name: words.join(', ') },
    {
      type: 'tag',
      tagIds: found.map(({ id }) => id),
      names: words,
    },
  )
}

const ran = (said: Said, effect?: Effect): Taking => ({ outcome: 'ran', said, ...(effect && { effect }) })
const passedOver = (code: Said['code']): Taking => ({ outcome: 'passed-over', said: { code } })
const failed = (said: Said): Taking => ({ outcome: 'failed', said })
const waits = (stop: Stop, said: Said): Taking => ({ outcome: 'would-wait', said, stop })
const jump = (to: string | null, code: Said['code']): Taking => ({
  outcome: 'jumped',
  said: { code, ...(to !== null && { name: to }) },
  to,
})

function until({ timeoutSeconds }: { timeoutSeconds?: number | null }): { seconds?: number } {
  return timeoutSeconds == null ? {} : { seconds: timeoutSeconds }
}

/** What runs when nobody comes; what a call leads to is not known yet. */
function afterStop(stop: Stop, following: string | null): string | null {
  if (stop.type === 'queue' || stop.type === 'agent')
    return stop.step.timeoutSeconds == null ? null : following
  return stop.type === 'call' ? following : null
}

function placeOf(places: ReadonlyMap<string, number>, from: From): number | undefined {
  if ('start' in from) return 0
  if ('after' in from) {
    const place = places.get(from.after)
    // A step that was taken out meanwhile has no next one.
    return place === undefined ? undefined : place + 1
  }
  return from.at === null ? undefined : places.get(from.at)
}
