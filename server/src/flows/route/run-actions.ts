/**
 * Runs the flows of many interactions at once: each goes on until it waits for an agent or a call, or ends. What the steps do is written
 * together, an answer with its delivery, in the transaction that holds the interactions' locks.
 */
import type { Said } from '@patchbay/protocol/said.ts'
import * as calls from '../../actions/calls.ts'
import { keepRuns, newestRuns, type RunChange, type RunState } from '../../actions/runs.ts'
import { inEnglish } from '../../actions/sayings.ts'
import {
  type Effect,
  type Facts,
  type Flow,
  type From,
  type Line,
  type Names,
  type Stop,
  type Walk,
  walk,
} from '../../actions/walk.ts'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { actionsOf } from '../../views/candidates.ts'
import { readFacts, toFacts } from '../../views/flow-facts.ts'
import { namesOf } from '../../views/flow-names.ts'
import { closeByFlow } from '../close.ts'
import { type FlowEvent, settleWalks } from './settle.sql.ts'

export interface Run {
  interactionId: number
  accountId: number
  from: From
  /** A new run, or the newest goes on. */
  begins: boolean
  /** It waits in a queue or for an agent until now. */
  isQueued: boolean
  /** What became of the step that it waited for. */
  since?: Since
}

export interface Since {
  stepId: string
  outcome: Line['outcome']
  said: Said
  /** Texts that a bot answers. */
  replies?: readonly string[]
  /** Set beside those that are. */
  vars?: Readonly<Record<string, string>>
}

export interface RunResult {
  /** Something is to be delivered. */
  hasAnswered: boolean
  /** A bot or a web request is to be called. */
  hasCalls: boolean
}

/** How often bots and web requests are asked before the customer has written again. */
const MOST_CALLS = 20
const MOST_VARS = 200
const LONGEST_LOGGED = 1000
const tooManyCalls: Said = { code: 'too-many-calls', count: MOST_CALLS }
const noFacts: Facts = { read: () => '', silence: null, isFirst: true, answered: new Set() }

/** The caller holds the locks of the interactions. */
export async function runActions(tx: Tx, runs: readonly Run[]): Promise<RunResult> {
  if (runs.length === 0) return { hasAnswered: false, hasCalls: false }
  const flows: Map<number, Flow> = await actionsOf(tx, [...new Set(runs.map(({ accountId }) => accountId))])
  const names = await namesOf(tx, flows, new Date())
  const needing = runs.filter((run) => run.since?.replies || needsFacts(flows.get(run.accountId) ?? []))
  // What begins and needs to know nothing leaves it to the database to carry on what was answered before.
  const known = new Set([...runs.filter(({ begins }) => !begins), ...needing])
  const states = await newestRuns(
    tx,
    [...known].map(({ interactionId }) => interactionId),
  )
  const rows = await readFacts(
    tx,
    needing.map(({ interactionId }) => ({ interactionId, messageId: null })),
  )
  const steps = runs.map((run) => {
    const state = states.get(run.interactionId)
    const vars = varsOf(run, state)
    const row = rows.get(run.interactionId)
    const facts = row ? toFacts(row, vars, state?.answered ?? []) : noFacts
    const walked = walk(flows.get(run.accountId) ?? [], run.from, facts, names(run.accountId))
    return toStep(run, state, vars, facts.silence, walked)
  })

  const hasCalls = await settle(tx, steps, names)
  return {
    hasAnswered: steps.some(({ events }) => events.some(({ type }) => type === 'message')),
    hasCalls,
  }
}

interface Step {
  run: Run
  stop: Stop
  tags: { interactionId: number; tagId: number }[]
  events: FlowEvent[]
  kept: RunChange
}

function toStep(
  run: Run,
  state: RunState | undefined,
  vars: Record<string, string>,
  silence: Facts['silence'],
  walked: Walk,
): Step {
  const { interactionId, accountId, since } = run
  const asked = run.begins ? 0 : (state?.calls ?? 0)
  const isTooMany = walked.stop.type === 'call' && asked >= MOST_CALLS
  const stop: Stop = isTooMany ? { type: 'loop' } : walked.stop
  const lines = [...(since ? [lineOf(since, walked.lines[0]?.stepId ?? null, silence)] : []), ...walked.lines]
  const last = lines.at(-1)
  if (isTooMany && last) lines.splice(-1, 1, { ...last, outcome: 'failed', said: tooManyCalls, next: null })
  return {
    run,
    stop,
    tags: walked.effects.flatMap((effect) =>
      effect.type === 'tag' ? effect.tagIds.map((tagId) => ({ interactionId, tagId })) : [],
    ),
    events: [
      ...sinceEvents(run, silence),
      ...walked.effects.map((effect) => eventOf(interactionId, effect)),
      ...(stop.type === 'loop' ? [logged(interactionId, lines.at(-1)?.said)] : []),
    ],
    kept: {
      runId: run.begins ? null : (state?.runId ?? null),
      interactionId,
      accountId,
      lines: lines.map(logLine),
      vars,
      answered: [...new Set([...(state?.answered ?? []), ...walked.answered])],
      calls: stop.type === 'call' ? asked + 1 : asked,
    },
  }
}

function logLine(line: Line): RunChange['lines'][number] {
  const outcome = line.outcome === 'would-wait' ? 'waits' : line.outcome
  return { ...line, outcome, at: new Date().toISOString() }
}

function lineOf(
  { stepId, outcome, said, replies }: Since,
  next: string | null,
  silence: Facts['silence'],
): Line {
  const isUnsent = replies && replies.length > 0 && silence !== null
  return isUnsent
    ? { stepId, outcome: 'failed', said: { ...said, why: silence }, next }
    : { stepId, outcome, said, next }
}

function sinceEvents({ interactionId, since }: Run, silence: Facts['silence']): FlowEvent[] {
  if (!since) return []
  if (since.outcome === 'failed') return [logged(interactionId, since.said)]
  const replies = silence === null ? (since.replies ?? []) : []
  return replies.map((text) => ({ interactionId, type: 'message', text }))
}

function eventOf(interactionId: number, effect: Effect): FlowEvent {
  switch (effect.type) {
    case 'answer':
      return { interactionId, type: 'message', text: effect.text }
    case 'tag':
      return { interactionId, type: 'tagged', data: { tags: effect.names.join(', ') } }
    case 'line':
      return logged(interactionId, { code: 'line', text: effect.text })
  }
}

function logged(interactionId: number, said: Said | undefined): FlowEvent {
  const text = said ? inEnglish(said).slice(0, LONGEST_LOGGED) : ''
  const own = said && said.code !== 'line' ? { said } : {}
  return { interactionId, type: 'logged', data: { text, ...own } }
}

function lastEvent({ run: { interactionId, isQueued }, stop }: Step, names: Names): FlowEvent[] {
  if (stop.type === 'queue' || stop.type === 'agent') return [arrival(interactionId, stop, names)]
  // One that was with its account's agents already, and stays there, needs no word.
  return isQueued && rests(stop) ? [{ interactionId, type: 'released' }] : []
}

/** It waits for no queue or agent, and is not closed. */
function rests({ type }: Stop): boolean {
  return type !== 'closed' && type !== 'queue' && type !== 'agent'
}

/** Answers whether a bot or a web request is to be called. */
async function settle(tx: Tx, steps: readonly Step[], names: (accountId: number) => Names): Promise<boolean> {
  const begun = steps.filter(({ kept }) => kept.runId === null)
  const begunIds = await settleWalks(
    tx,
    steps.flatMap((step) => [...step.events, ...lastEvent(step, names(step.run.accountId))]),
    begun.map(({ kept }) => kept),
  )
  const tags = steps.flatMap((step) => step.tags)
  if (tags.length > 0) await interactions.addTags(tx, tags)
  for (const { run, stop } of steps)
    if (stop.type === 'closed') await closeByFlow(tx, run.interactionId, stop.disposition)
  const resting = steps.flatMap(({ run, stop }) => (run.isQueued && rests(stop) ? run.interactionId : []))
  if (resting.length > 0) await interactions.rest(tx, resting)
  await keepRuns(
    tx,
    steps.flatMap(({ kept }) => (kept.runId === null ? [] : kept)),
  )
  const runIds = new Map(begun.map(({ run }, place) => [run, begunIds[place]]))
  const wanted = steps.flatMap(({ run, stop, kept }): calls.NewCall[] =>
    stop.type === 'call' ? [{ ...run, runId: kept.runId ?? runIds.get(run) ?? 0, stepId: stop.step.id }] : [],
  )
  await calls.begin(tx, wanted)
  return wanted.length > 0
}

function arrival(
  interactionId: number,
  { step }: Extract<Stop, { type: 'queue' | 'agent' }>,
  names: Names,
): FlowEvent {
  const { id: stepId, timeoutSeconds = null } = step
  const one = { interactionId, type: 'queued', stepId, timeoutSeconds } as const
  return step.type === 'queue'
    ? { ...one, queueId: step.queueId, userId: null, data: { queue: names.queue(step.queueId) ?? null } }
    : { ...one, queueId: null, userId: step.userId, data: { agent: names.agent(step.userId) ?? null } }
}

/** Queues and agents alone need to know nothing of the interaction. */
function needsFacts(flow: Flow): boolean {
  return flow.some(({ type }) => type !== 'queue' && type !== 'agent' && type !== 'go-to' && type !== 'close')
}

function varsOf({ begins, since }: Run, state: RunState | undefined): Record<string, string> {
  const vars = Object.entries({ ...(begins ? {} : state?.vars), ...since?.vars })
  return Object.fromEntries(vars.slice(-MOST_VARS))
}
