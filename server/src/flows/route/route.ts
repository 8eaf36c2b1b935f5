/**
 * From an interaction that opened to whom it concerns: begins the account's flow for what was asked to be routed. While a bot talks with the
 * customer, what he writes goes to the bot; in every other case a message on an interaction that is with nobody begins the flow anew.
 */
import { transaction } from '@patchbay/kit/database.ts'
import * as calls from '../../actions/calls.ts'
import type { Tx } from '../../db.ts'

import * as entries from '../../routing/entries.ts'
import type { Writer } from '../change.ts'
import { type RunResult, runActions } from './run-actions.ts'

const AT_ONCE = 200
const nothing: RunResult = { hasAnswered: false, hasCalls: false }

/** Answers how many requests were settled, and whether some had to be left for a moment. */
export async function routeRequests(ctx: Writer): Promise<{ settled: number; left: boolean }> {
  const { settled, left, result } = await transaction(ctx.db, async (tx) => {
    const { settled, opened, accounts, calls, is_left: left } = await entries.takeRequests(tx, AT_ONCE)
    // Whoever was quicker than the router, an agent or a program, has decided about those that are not `opened`.
    const starting = opened.map((id, place) => ({ id, accountId: accounts[place] as number }))
    return { settled, left, result: starting.length > 0 ? await startActions(tx, starting, calls) : nothing }
  })
  if (settled.length > 0)
    ctx.push.ring({ interactions: settled, deliver: result.hasAnswered, call: result.hasCalls })
  return { settled: settled.length, left }
}

/**
 * Begins the flows of interactions that are with nobody, or hands what the customer wrote to the bot that talks with him. The caller holds
 * their locks. `called`: those about which a bot or a web request is asked.
 */
async function startActions(
  tx: Tx,
  opened: readonly { id: number; accountId: number }[],
  called: readonly number[],
): Promise<RunResult> {
  const waiting = called.length > 0 ? await calls.callsOf(tx, called) : new Map<number, never>()
  const current = [...waiting.values()].filter(({ isStale }) => !isStale)
  const heard = current.filter(({ state }) => state === 'talking').map((call) => call.interaction_id)
  const busy = new Set(current.map((call) => call.interaction_id))
  if (heard.length > 0) await calls.hear(tx, heard)
  await calls.end(
    tx,
    [...waiting.keys()].filter((id) => !busy.has(id)),
  )
  const result = await runActions(
    tx,
    opened
      .filter(({ id }) => !busy.has(id))
      .map(({ id, accountId }) => ({
        interactionId: id,
        accountId,
        from: { start: true },
        begins: true,
        isQueued: false,
      })),
  )
  return { ...result, hasCalls: result.hasCalls || heard.length > 0 }
}
