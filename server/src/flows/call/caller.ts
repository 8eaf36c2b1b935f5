/**
 * Calls the bots and web requests that flows wait for. Nodes share the work without talking to each other: a call is claimed by its row with
 * a lease, made, and applied under its fence; one whose node died is made again by another, with the same id, and applied once.
 */
import type { Directory } from '../../accounts/directory.ts'
import * as calls from '../../actions/calls.ts'
import { varsOf } from '../../actions/runs.ts'
import type { Context } from '../../context.ts'
import { noteCall } from '../../delivery/call-records.ts'
import { type FactsRow, readFacts } from '../../views/flow-facts.ts'
import { apply } from './apply.ts'
import { type Asked, ask, type CallStep } from './ask.ts'

export type CallerContext = Pick<Context, 'db' | 'door' | 'log' | 'push' | 'sealingKey'>

export interface Caller {
  stop(): Promise<void>
}

const POLL_MS = 1000
const AT_ONCE = 64
/** So that an account whose bot hangs leaves room for the others. */
const AT_ONCE_PER_ACCOUNT = 16

export function startCaller(ctx: CallerContext, directory: Directory): Caller {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const perAccount = new Map<number, number>()
  let claiming: Promise<void> | undefined
  let isWanted = false

  async function claimAll(): Promise<void> {
    while (isWanted && !stopping.signal.aborted) {
      isWanted = false
      const room = AT_ONCE - underWay.size
      const full = [...perAccount].filter(([, count]) => count >= AT_ONCE_PER_ACCOUNT).map(([id]) => id)
      // Of one account at most what it may: what is claimed and not begun would only run out its lease.
      const claimed = room > 0 ? await calls.claim(ctx.db, Math.min(room, AT_ONCE_PER_ACCOUNT), full) : []
      if (claimed.length === 0) continue
      isWanted = true
      const loaded = await load(ctx, claimed)
      for (const call of claimed) begin(call, loaded)
    }
  }

  function begin(call: calls.Call, loaded: Loaded): void {
    const { account_id: accountId } = call
    perAccount.set(accountId, (perAccount.get(accountId) ?? 0) + 1)
    const work = makeCall(ctx, directory, call, loaded, stopping.signal)
      .catch((error) => {
        // Its lease ends, and it is made again.
        if (!stopping.signal.aborted)
          ctx.log.warn(
            { err: error, interactionId: call.interaction_id },
            'a call of a flow failed and is repeated',
          )
      })
      .finally(() => {
        underWay.delete(work)
        const left = (perAccount.get(accountId) ?? 1) - 1
        if (left > 0) perAccount.set(accountId, left)
        else perAccount.delete(accountId)
        wake()
      })
    underWay.add(work)
  }

  function wake(): void {
    isWanted = true
    claiming ??= claimAll()
      .catch((error) => ctx.log.warn({ err: error }, 'calls of flows could not be claimed'))
      .finally(() => {
        claiming = undefined
      })
  }

  const unlisten = ctx.push.onRing((rung) => {
    if (rung.call || rung.look) wake()
  })
  const poll = setInterval(wake, POLL_MS)
  wake()

  return {
    async stop() {
      stopping.abort()
      unlisten()
      clearInterval(poll)
      await claiming
      await Promise.all(underWay)
    },
  }
}

interface Loaded {
  facts: ReadonlyMap<number, FactsRow>
  vars: ReadonlyMap<number, Readonly<Record<string, string>>>
}

async function load(ctx: CallerContext, claimed: readonly calls.Call[]): Promise<Loaded> {
  const [facts, vars] = await Promise.all([
    readFacts(
      ctx.db,
      claimed.map((call) => ({ interactionId: call.interaction_id, messageId: call.message_id })),
    ),
    varsOf(
      ctx.db,
      claimed.map((call) => call.run_id),
    ),
  ])
  return { facts, vars }
}

/** One claimed call, from asking to applying. Rejects when it is to be repeated. */
async function makeCall(
  ctx: CallerContext,
  directory: Directory,
  call: calls.Call,
  loaded: Loaded,
  signal: AbortSignal,
): Promise<void> {
  const account = directory.get(call.account_id)
  const facts = loaded.facts.get(call.interaction_id)
  const flow = account?.actions ?? []
  const step = flow.find((one): one is CallStep => one.id === call.step_id && isCall(one))
  if (!account || !facts || !step || facts.state !== 'new')
    return void (await apply(ctx, call, step, { type: 'gone' }))
  if (call.state === 'talking') return void (await apply(ctx, call, step, { type: 'silent' }))
  if (call.give_up_at <= new Date()) return void (await apply(ctx, call, step, { type: 'late' }))
  const vars = loaded.vars.get(call.run_id) ?? {}
  const asked = await ask(ctx, { account, flow, step, facts, vars, webhookId: call.webhook_id, signal })
  await apply(ctx, call, step, asked.told)
  await note(ctx, call, step, asked)
}

/** After the answer was applied: the customer waits for that, and the log for nothing. */
async function note(
  { db, log }: CallerContext,
  call: calls.Call,
  step: CallStep,
  { attempt, error }: Asked,
): Promise<void> {
  const record = {
    interactionId: call.interaction_id,
    messageId: call.message_id,
    event: step.type,
    askedBy: step.id,
    key: call.webhook_id,
    state: error === null ? ('delivered' as const) : ('failed' as const),
    attemptLimit: 1,
  }
  await noteCall(db, record, attempt, error).catch((err: unknown) =>
    log.warn({ err, interactionId: call.interaction_id }, 'a call of a flow could not be noted'),
  )
}

function isCall({ type }: { type: string }): boolean {
  return type === 'bot' || type === 'web-request'
}
