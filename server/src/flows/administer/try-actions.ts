/** try actions: what the flow of an account would do with a message, step by step, without doing it. */
import { randomUUID } from 'node:crypto'
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Action, actionsApi, Tried, TriedStep, TryActions } from '@patchbay/protocol/api/actions.ts'
import type { Said } from '@patchbay/protocol/said.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { AccountRow } from '../../accounts/account-row.ts'
import * as accounts from '../../accounts/accounts.ts'
import { sealActions } from '../../accounts/action-secrets.ts'
import { readActions } from '../../accounts/actions.ts'
import type { Directory } from '../../accounts/directory.ts'
import { inEnglish } from '../../actions/sayings.ts'
import { type Facts, type Flow, type From, type Line, type Stop, walk } from '../../actions/walk.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { type FactsRow, toFacts } from '../../views/flow-facts.ts'
import { namesOf } from '../../views/flow-names.ts'
import { sampleFacts } from '../../views/flow-sample.ts'
import { ask, type CallStep, type Told } from '../call/ask.ts'
import { requireSound } from './save-actions.ts'

type Routes = Pick<typeof actionsApi, 'POST /api/openchannel/accounts/:id/actions/try'>

const MOST_CALLS = 5
const WITHIN_MS = 60_000

export function tryActionsRoutes(ctx: Context, directory: Directory): Handlers<Routes> {
  return {
    'POST /api/openchannel/accounts/:id/actions/try': ({ caller, params, body }) =>
      tryActions(ctx, directory, caller, params.id, body),
  }
}

async function tryActions(
  ctx: Context,
  directory: Directory,
  caller: Caller,
  id: number,
  sample: TryActions,
): Promise<Tried> {
  const account = directory.get(id)
  const { flow, row, names } = await transaction(ctx.db, async (tx) => {
    const found = await accounts.find(tx, caller, id)
    const flow = await flowOf(ctx, tx, found, sample)
    const row = await sampleFacts(tx, found, sample)
    const names = await namesOf(tx, new Map([[id, flow]]), readMoment(sample.at))
    return { flow, row, names: names(id) }
  })
  if (!account) throw new Refusal('GE-105')
  const signal = AbortSignal.timeout(WITHIN_MS)
  const asking = async (step: CallStep, vars: Record<string, string>): Promise<Told> =>
    (await ask(ctx, { account, flow, step, facts: row, vars, webhookId: `try_${randomUUID()}`, signal })).told
  return follow({ flow, row, sample, asking: sample.calls ? asking : undefined }, (from, facts) =>
    walk(flow, from, facts, names),
  )
}

// The format lets pass a leap second, which no clock here has.
function readMoment(at: string | undefined): Date {
  const moment = at === undefined ? new Date() : new Date(at)
  if (!Number.isNaN(moment.getTime())) return moment
  throw new Refusal('GE-101', `${at} is no moment.`, { field: 'at' })
}

/** One that is not saved yet is checked as saving checks it; what it keeps secret is that of the saved one. */
async function flowOf(ctx: Context, tx: Tx, row: AccountRow, { actions }: TryActions): Promise<Flow> {
  const before = row.actions as Action[]
  if (!actions) return before
  const read = readActions(actions)
  await requireSound(tx, read, row.list_id)
  return sealActions(read, { key: ctx.sealingKey, uid: row.uid, before })
}

interface Trial {
  flow: Flow
  row: FactsRow
  sample: TryActions
  /** Undefined: nobody is called. */
  asking: ((step: CallStep, vars: Record<string, string>) => Promise<Told>) | undefined
}

async function follow(
  { row, sample, asking }: Trial,
  walkFrom: (from: From, facts: Facts) => ReturnType<typeof walk>,
): Promise<Tried> {
  const path: TriedStep[] = []
  const given = sample.variables ?? {}
  const answered: string[] = []
  const waited = new Set<string>()
  let vars: Record<string, string> = {}
  let from: From = { start: true }
  let calls = 0
  for (;;) {
    const facts = toFacts(row, vars, answered)
    const walked = walkFrom(from, { ...facts, read: (name) => given[name] ?? facts.read(name) })
    path.push(...walked.lines.map(toTried))
    answered.push(...walked.answered)
    const { stop } = walked
    if (stop.type === 'call') {
      if (asking && ++calls > MOST_CALLS) return { path, end: 'loop' }
      const reached = asking ? readTold(stop.step, await asking(stop.step, vars)) : notAsked(stop.step)
      amendLast(path, reached)
      vars = { ...vars, ...reached.vars }
      if (reached.from === null) return { path, end: 'rest' }
      from = reached.from
    } else {
      const goesOn = sample.isUnanswered && runsOut(stop) && !waited.has(stop.step.id)
      if (!goesOn) return { path, end: stop.type }
      waited.add(stop.step.id)
      from = { after: stop.step.id }
    }
    // A circle that waits has no end of its own.
    if (waited.size > 0 && path.length > MOST_LINES) return { path, end: 'loop' }
  }
}

const MOST_LINES = 300

function runsOut(stop: Stop): stop is Extract<Stop, { type: 'queue' | 'agent' }> {
  return (stop.type === 'queue' || stop.type === 'agent') && stop.step.timeoutSeconds != null
}

interface Reached {
  outcome: TriedStep['outcome']
  said: Said
  /** null: it waits for the customer. */
  from: From | null
  next?: string | null
  vars: Record<string, string>
}

function toTried(line: Line): TriedStep {
  return { ...line, words: inEnglish(line.said) }
}

function amendLast(path: TriedStep[], { outcome, said, next }: Reached): void {
  const last = path.at(-1)
  if (last)
    path.splice(-1, 1, {
      ...toTried({ ...last, outcome, said, next: next === undefined ? last.next : next }),
    })
}

function notAsked(step: CallStep): Reached {
  const said: Said =
    step.type === 'bot' ? { code: 'would-ask-bot' } : { code: 'would-send-request', name: step.variable }
  return { outcome: 'would-wait', said, from: { after: step.id }, vars: {} }
}

function readTold(step: CallStep, told: Told): Reached {
  const after: From = { after: step.id }
  switch (told.type) {
    case 'kept':
      return { outcome: told.isAnswered ? 'ran' : 'failed', said: told.said, from: after, vars: told.vars }
    case 'fault': {
      const to = step.type === 'bot' ? (step.onTimeout ?? null) : null
      const jump = to === null ? { from: after } : { from: { at: to }, next: to }
      return { outcome: 'failed', said: told.said, vars: {}, ...jump }
    }
    case 'bot': {
      const { replies, vars, next } = told.says
      const said: Said = { code: 'bot-says', ...(replies.length > 0 && { text: quoted(replies) }) }
      if (next.type === 'hand-over') return { outcome: 'ran', said, from: after, vars }
      if (next.type === 'go-to')
        return { outcome: 'jumped', said, from: { at: next.step }, next: next.step, vars }
      return { outcome: 'would-wait', said: { ...said, waits: true }, from: null, next: null, vars }
    }
  }
}

function quoted(replies: readonly string[]): string {
  return replies.map((text) => `“${text.slice(0, 200)}”`).join(', ')
}
