/**
 * From an interaction that opened to a queue: runs the account's actions, at first and whenever a step has run out.
 * Without a step that is left the interaction is `new`: the agents of its account see it and take it.
 */
import { transaction } from '@patchbay/kit/database.ts'
import { intervalsOf } from '../../accounts/actions.ts'
import { nextStep } from '../../actions/actions.ts'
import type { Tx } from '../../db.ts'
import * as interactions from '../../interactions/interactions.ts'
import { openIntervals } from '../../intervals/intervals.ts'
import { type NewEvent, publishAll } from '../../push/push.ts'
import * as entries from '../../routing/entries.ts'
import { actionsOf } from '../../views/candidates.ts'
import type { Writer } from '../change.ts'

const AT_ONCE = 200

/** Answers how many requests were settled, and whether some had to be left for a moment. */
export async function routeRequests(ctx: Writer): Promise<{ settled: number; left: boolean }> {
  const { ids, left } = await transaction(ctx.db, async (tx) => {
    const wanted = await entries.takeRequests(tx, AT_ONCE)
    if (wanted.length === 0) return { ids: [], left: false }
    const held = await interactions.lockFree(tx, wanted)
    const ids = held.map(({ id }) => id)
    if (ids.length > 0) {
      // Whoever was quicker than the router, an agent or a program, has decided.
      const opened = held.filter(({ state }) => state === 'new')
      await runActions(
        tx,
        opened.map(({ id, account_id }) => ({ interactionId: id, accountId: account_id, after: null })),
      )
      await entries.dropRequests(tx, ids)
    }
    return { ids, left: held.length < wanted.length || wanted.length === AT_ONCE }
  })
  if (ids.length > 0) ctx.push.ring({ interactions: ids })
  return { settled: ids.length, left }
}

export interface Run {
  interactionId: number
  accountId: number
  /** The step that ran out; null at the beginning, empty where no step follows. */
  after: string | null
}

/** Takes each interaction one step further. The caller holds their locks. */
export async function runActions(tx: Tx, runs: readonly Run[]): Promise<void> {
  if (runs.length === 0) return
  const actions = await actionsOf(tx, [...new Set(runs.map(({ accountId }) => accountId))])
  const steps = [...actions.values()].flat().filter((step) => step.type === 'queue')
  const names = await entries.queueNames(tx, [...new Set(steps.map(({ queueId }) => queueId))])
  const open = await openIntervals(tx, intervalsOf(steps))

  const queued: entries.Entry[] = []
  const resting: number[] = []
  for (const { interactionId, accountId, after } of runs) {
    const next = nextStep(
      actions.get(accountId) ?? [],
      after,
      (id) => names.has(id),
      (id) => open.has(id),
    )
    if (next.type === 'queue') queued.push({ interactionId, accountId, ...next })
    else if (after !== null) resting.push(interactionId)
  }
  if (queued.length > 0) {
    await entries.enter(tx, queued)
    await interactions.queue(tx, queued)
  }
  if (resting.length > 0) await interactions.rest(tx, resting)
  await publishAll(tx, [
    ...queued.map(
      ({ interactionId, queueId }): NewEvent => ({
        interactionId,
        type: 'queued',
        data: { queue: names.get(queueId ?? 0) ?? null },
      }),
    ),
    ...resting.map((interactionId): NewEvent => ({ interactionId, type: 'released' })),
  ])
}
