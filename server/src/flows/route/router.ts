/**
 * When to route: at once on a ring, when the next offer or step runs out, and every second for whatever was not rung.
 *
 * Rings that come while it works are one more round. A round is followed by a pause of three times its own length, so that a flood of rings
 * costs the database at most a quarter of a connection's time and many are served by one statement. Agents who have a slot again do not wait for the
 * pause to end: they are served among themselves, by a few reads of their own rows.
 */
import type { Log } from '@patchbay/kit/log.ts'
import type { Metrics } from '@patchbay/kit/metrics.ts'
import type { Push } from '../../push/push.ts'
import type { Choice } from '../../routing/strategy.ts'
import { readOutlook } from '../../views/candidates.ts'
import type { Writer } from '../change.ts'
import { drain } from './drain.ts'
import { routeRequests } from './route.ts'

export interface Routing extends Writer {
  readonly push: Pick<Push, 'ring' | 'onRing'>
  readonly log: Pick<Log, 'warn'>
  readonly metrics: Metrics
}

export interface Router {
  stop(): Promise<void>
}

const POLL_MS = 1_000
const AGAIN_MS = 20
/** A round costs what ten interactions more in it cost. The first ring after a pause is served at once all the same. */
const PAUSE_AT_LEAST_MS = 20
const PAUSE_AT_MOST_MS = 100
const PAUSE_OF_ROUNDS = 3

export function startRouter(ctx: Routing): Router {
  const note = createNotes(ctx.metrics)
  let isWanted = false
  let isPollDue = true
  let isStopped = false
  const freed = new Set<number>()
  let onFreed = (): void => {}
  let restsUntil = Number.NEGATIVE_INFINITY
  let rounds: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined
  let due: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    const memberships = isPollDue
    isPollDue = false
    const requests = await routeRequests(ctx)
    let { isToDrain, dueMs } = await readOutlook(ctx.db)
    let isLeft = requests.left
    if (isToDrain) {
      const drained = await drain(ctx, { memberships })
      note(drained.made)
      isLeft ||= drained.left
      dueMs = (await readOutlook(ctx.db)).dueMs
    }
    if (isLeft) again ??= setTimeout(wakeAgain, AGAIN_MS)
    clearTimeout(due)
    if (dueMs !== null && dueMs < POLL_MS) due = setTimeout(wake, dueMs + 1)
  }

  /** What waits for agents who have a slot again; the rest of a round can wait for company. */
  async function serve(agents: readonly number[]): Promise<void> {
    const drained = await drain(ctx, { agents })
    note(drained.made)
    if (drained.left) again ??= setTimeout(wakeAgain, AGAIN_MS)
  }

  async function work(): Promise<void> {
    while ((isWanted || freed.size > 0) && !isStopped) {
      const startedAt = performance.now()
      const restMs = restsUntil - startedAt
      const isWhole = isWanted && restMs <= 0
      const agents = [...freed]
      // A whole round serves them too.
      freed.clear()
      if (isWhole) isWanted = false
      try {
        if (isWhole) await round()
        else if (agents.length > 0) await serve(agents)
        else await nextRing(restMs)
      } catch (error) {
        // The poll tries again; what was half done is rolled back.
        ctx.log.warn({ err: error }, 'routing failed and is tried again')
      }
      if (!isWhole) continue
      const tookMs = performance.now() - startedAt
      restsUntil =
        performance.now() + Math.min(Math.max(tookMs * PAUSE_OF_ROUNDS, PAUSE_AT_LEAST_MS), PAUSE_AT_MOST_MS)
    }
  }

  /** Ends early when an agent is freed. */
  async function nextRing(mostMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    onFreed = resolve
    const timer = setTimeout(resolve, mostMs)
    await promise
    clearTimeout(timer)
  }

  function begin(): void {
    rounds ??= work().finally(() => {
      rounds = undefined
      if ((isWanted || freed.size > 0) && !isStopped) begin()
    })
  }

  function wake(): void {
    isWanted = true
    begin()
  }

  function wakeAgain(): void {
    again = undefined
    wake()
  }

  const unlisten = ctx.push.onRing((rung) => {
    if (rung.route || rung.look) wake()
    if (rung.freed.size === 0) return
    for (const userId of rung.freed) freed.add(userId)
    onFreed()
    begin()
  })
  const poll = setInterval(() => {
    isPollDue = true
    wake()
  }, POLL_MS)
  wake()

  return {
    async stop() {
      isStopped = true
      onFreed()
      unlisten()
      clearInterval(poll)
      await rounds
      clearTimeout(again)
      clearTimeout(due)
    },
  }
}

const waitBuckets = [0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1800]

function createNotes(metrics: Metrics): (made: readonly Choice[]) => void {
  const offers = metrics.counter('offers_total', 'Offers made to agents', ['strategy'])
  const wait = metrics.histogram(
    'time_to_offer_seconds',
    'From entering a queue to the first offer',
    waitBuckets,
    ['strategy'],
  )
  return (made) => {
    for (const { waiting } of made) {
      offers.inc({ strategy: waiting.strategy })
      const seconds = Math.max(0, Date.now() / 1000 - waiting.enteredAt / 1_000_000)
      if (waiting.past.length === 0) wait.observe({ strategy: waiting.strategy }, seconds)
    }
  }
}
