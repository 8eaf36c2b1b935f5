/**
 * Runs a flow from one step to the next until it waits, ends or was long enough. Pure: it is told what it may ask and says what is to be
 * done, so that a run and a trial of it cannot differ.
 *
 * A step that cannot do its work (its queue is gone, the account has no Reply URL) is passed over with the reason, as if it had run out.
 */
import type { Action, ActionOf, StepOutcome } from '@patchbay/protocol/api/actions.ts'
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
  /** Why no answer can be given, as the end of a sentence; null: one can. */
  silence: string | null
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
  words: string
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
      const words = `More than ${MAX_STEPS} steps ran without waiting: the flow ends here.`
      result.lines.push({ stepId: step.id, outcome: 'failed', words, next: null })
      return { ...result, stop: { type: 'loop' } }
    }
    const following = flow[place + 1]?.id ?? null
    const isClosedNow = step.intervalId != null && !names.isOpen(step.intervalId)
    const taking: Taking = isClosedNow
      ? passedOver('Outside its interval.')
      : take(step, { ...facts, answered }, names)
    const next = taking.stop ? afterStop(taking.stop, following) : 'to' in taking ? taking.to : following
    result.lines.push({ stepId: step.id, outcome: taking.outcome, words: taking.words, next: next ?? null })
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
  words: string
  effect?: Effect
  /** Jumps; null: to the end. */
  to?: string | null
  stop?: Stop
}

function take(step: Action, facts: Facts, names: Names): Taking {
  switch (step.type) {
    case 'queue': {
      const name = names.queue(step.queueId)
      if (name === undefined) return failed(`Queue ${step.queueId} is gone.`)
      return waits({ type: 'queue', step }, `Waits in the queue ${name}${until(step.timeoutSeconds)}.`)
    }
    case 'agent': {
      const name = names.agent(step.userId)
      if (name === undefined) return failed(`User ${step.userId} is no agent of this account any more.`)
      return waits({ type: 'agent', step }, `Rings ${name}${until(step.timeoutSeconds)}.`)
    }
    case 'auto-reply':
      return answer(step, facts)
    case 'close':
      return close(step, names)
    case 'go-to-if': {
      const holds = hold(step.conditions, facts.read)
      return jump(holds ? step.then : step.else, holds ? 'The conditions hold' : 'The conditions do not hold')
    }
    case 'go-to':
      return jump(step.to, 'Jumps')
    case 'tag':
      return tag(step, names)
    case 'noop': {
      const text = fill(step.text, facts.read).slice(0, MAX_TEXT)
      return ran(text === '' ? 'Does nothing.' : text, text === '' ? undefined : { type: 'line', text })
    }
    case 'bot':
      return waits({ type: 'call', step }, 'Asks the bot.')
    case 'web-request':
      return waits({ type: 'call', step }, `Sends the request for “${step.variable}”.`)
  }
}

function answer(step: ActionOf<'auto-reply'>, { read, silence, isFirst, answered }: Facts): Taking {
  if (step.when === 'first' && !isFirst) return passedOver('The contact has written to this account before.')
  if (step.when !== 'always' && answered.has(step.id))
    return passedOver('It has answered in this interaction.')
  if (silence !== null) return failed(`No answer can be sent: ${silence}.`)
  const text = fill(step.text, read).slice(0, MAX_TEXT).trim().toWellFormed()
  return text === ''
    ? failed('Its text is empty once filled in.')
    : ran(`Answers “${text.slice(0, 200)}”.`, { type: 'answer', text })
}

function close(step: ActionOf<'close'>, names: Names): Taking {
  const { dispositionId: id = null } = step
  const path = id === null ? undefined : names.disposition(id)
  const words =
    path !== undefined ? `Closes with ${path}.` : id === null ? 'Closes.' : 'Closes; its disposition is gone.'
  const disposition = id === null || path === undefined ? null : { id, path }
  return { outcome: 'ran', words, stop: { type: 'closed', disposition } }
}

function tag(step: ActionOf<'tag'>, names: Names): Taking {
  const found = step.tagIds.flatMap((id) => {
    const name = names.tag(id)
    return name === undefined ? [] : [{ id, name }]
  })
  if (found.length === 0) return failed('Its tags are gone.')
  const words = found.map(({ name }) => name)
  return ran(`Tags with ${words.join(', ')}.`, {
    type: 'tag',
    tagIds: found.map(({ id }) => id),
    names: words,
  })
}

const ran = (words: string, effect?: Effect): Taking => ({ outcome: 'ran', words, ...(effect && { effect }) })
const passedOver = (words: string): Taking => ({ outcome: 'passed-over', words })
const failed = (words: string): Taking => ({ outcome: 'failed', words })
const waits = (stop: Stop, words: string): Taking => ({ outcome: 'would-wait', words, stop })
const jump = (to: string | null, words: string): Taking => ({
  outcome: 'jumped',
  words: `${words}: ${to === null ? 'the flow ends' : `on to ${to}`}.`,
  to,
})

function until(timeoutSeconds: number | null | undefined): string {
  return timeoutSeconds == null ? ' until somebody accepts' : ` for ${timeoutSeconds} s`
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
