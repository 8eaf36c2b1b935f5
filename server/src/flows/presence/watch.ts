/**
 * Looks every second for what has ended in presence: wrap-ups (these to the moment), leases, the patience with the silent, and what
 * waits for those who are absent. Every node does, and none takes what another has locked.
 */
import type { Log } from '@patchbay/kit/log.ts'
import { LEASE_SECONDS } from '../../routing/presence.ts'
import { endLeases, endPatience, endWrapUps, nextEndMs } from '../../routing/presence-ends.ts'
import type { Writer } from '../change.ts'
import { attend } from './attend.ts'

const POLL_MS = 1_000
/** After a start every desk has to connect anew: until then a lease that has ended says nothing of its agent. */
const GRACE_MS = (LEASE_SECONDS + 5) * 1_000

export interface Watch {
  stop(): Promise<void>
}

/** One look. `leases`: also at who has become silent. */
export async function look(ctx: Writer, { leases }: { leases: boolean }): Promise<void> {
  const changed = await endWrapUps(ctx.db)
  if (leases) changed.push(...(await endLeases(ctx.db)), ...(await endPatience(ctx.db)))
  if (changed.length > 0) ctx.push.ring({ users: changed, route: true })
  await attend(ctx)
}

export function startWatch(ctx: Writer & { log: Pick<Log, 'warn'> }, graceMs = GRACE_MS): Watch {
  const startedAt = performance.now()
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()

  async function round(): Promise<void> {
    let nextMs = POLL_MS
    try {
      await look(ctx, { leases: performance.now() - startedAt >= graceMs })
      nextMs = Math.min(POLL_MS, ((await nextEndMs(ctx.db)) ?? POLL_MS) + 1)
    } catch (error) {
      ctx.log.warn({ err: error }, 'what ended in presence could not be looked for; it is tried again')
    }
    if (!isStopped) timer = setTimeout(start, nextMs)
  }
  function start(): void {
    looking = round()
  }
  start()

  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
