/** What a bot or a web request said becomes the next steps of the flow: once, by whoever claimed the call last. */
import { transaction } from '@patchbay/kit/database.ts'
import * as calls from '../../actions/calls.ts'
import type { From } from '../../actions/walk.ts'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import type { Writer } from '../change.ts'
import { type RunResult, runActions, type Since } from '../route/run-actions.ts'
import type { CallStep, Told } from './ask.ts'

export type Came = Told | { type: 'silent' } | { type: 'late' } | { type: 'gone' }

/** `step` undefined: it was taken out of the flow. Answers false when another had gone on with it, or somebody has the interaction. */
export async function apply(
  ctx: Writer,
  call: calls.Call,
  step: CallStep | undefined,
  came: Came,
): Promise<boolean> {
  const id = call.interaction_id
  const result = await transaction(ctx.db, async (tx) => {
    const interaction = await interactions.lock(tx, id)
    const held = await calls.holdClaimed(tx, call)
    if (!held) return undefined
    const isStale = (await calls.callsOf(tx, [id])).get(id)?.isStale ?? true
    if (interaction?.state !== 'new' || isStale) {
      await calls.end(tx, [id])
      return undefined
    }
    return goOn(tx, call, step, came)
  })
  if (!result) return false
  ctx.push.ring({ interactions: [id], deliver: result.hasAnswered, call: result.hasCalls, route: true })
  return true
}

async function goOn(tx: Tx, call: calls.Call, step: CallStep | undefined, came: Came): Promise<RunResult> {
  const { from, since, talkSeconds } = read(call, step, came)
  if (talkSeconds === undefined) await calls.end(tx, [call.interaction_id])
  const result = await runActions(tx, [
    {
      interactionId: call.interaction_id,
      accountId: call.account_id,
      from,
      begins: false,
      isQueued: false,
      since: { ...since, stepId: call.step_id },
    },
  ])
  if (talkSeconds === undefined) return result
  const hasHeard = await calls.talk(tx, call, talkSeconds)
  return { ...result, hasCalls: hasHeard }
}

interface Reading {
  from: From
  since: Omit<Since, 'stepId'>
  /** The bot wants to hear the customer's next message. */
  talkSeconds?: number
}

function read(call: calls.Call, step: CallStep | undefined, came: Came): Reading {
  const after: From = { after: call.step_id }
  if (!step || came.type === 'gone') {
    return { from: { at: null }, since: { outcome: 'passed-over', said: { code: 'step-gone' } } }
  }
  const onTimeout = step.type === 'bot' && step.onTimeout != null ? { at: step.onTimeout } : after
  switch (came.type) {
    case 'silent':
      return {
        from: onTimeout,
        since: { outcome: 'passed-over', said: { code: 'customer-silent' } },
      }
    case 'late':
      return { from: onTimeout, since: { outcome: 'failed', said: { code: 'too-late' } } }
    case 'fault':
      return { from: onTimeout, since: { outcome: 'failed', said: came.said } }
    case 'kept': {
      const outcome = came.isAnswered ? 'ran' : 'failed'
      return { from: after, since: { outcome, said: came.said, vars: came.vars } }
    }
    case 'bot': {
      const { replies, vars, next } = came.says
      const count = replies.length
      const since = { outcome: 'ran' as const, replies, vars }
      if (next.type === 'go-to')
        return { from: { at: next.step }, since: { ...since, said: { code: 'bot-sends-on', count } } }
      if (next.type === 'hand-over')
        return { from: after, since: { ...since, said: { code: 'bot-hands-over', count } } }
      return {
        from: { at: null },
        since: { ...since, said: { code: 'bot-waits', count } },
        talkSeconds: step.timeoutSeconds,
      }
    }
  }
}
