/** When to ask triggers: at once when an interaction has something new and there are triggers, and now and then for what was not rung. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Push } from '../../push/push.ts'
import { anyRequest } from '../../triggers/requests.ts'
import type { TriggerWatch } from '../../triggers/watch.ts'
import { runTriggers, type Triggering } from './trigger.ts'

const POLL_MS = 1_000
const AGAIN_MS = 20

export interface TriggerEngine {
  stop(): Promise<void>
}

export function startTriggers(
  ctx: Triggering & { readonly push: Pick<Push, 'ring' | 'onRing'> },
  watch: Pick<TriggerWatch, 'isOn'>,
): TriggerEngine {
  let isWanted = false
  let isStopped = false
  let rounds: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined

  async function work(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false
      try {
        const { left } = await runTriggers(ctx)
        if (left) again ??= setTimeout(wakeAgain, AGAIN_MS)
      } catch (error) {
        // The poll tries again; what was half done is rolled back.
        ctx.log.warn({ err: error }, 'triggers failed and are asked again')
      }
      // Messages that come in one flood are asked of together.
      if (isWanted) await sleep(AGAIN_MS)
    }
  }

  function wake(): void {
    isWanted = true
    rounds ??= work().finally(() => {
      rounds = undefined
      if (isWanted && !isStopped) wake()
    })
  }

  function wakeAgain(): void {
    again = undefined
    wake()
  }

  const unlisten = ctx.push.onRing(({ interactions, look }) => {
    if (watch.isOn() && (look || interactions.size > 0)) wake()
  })
  // Also without a trigger: the last one may just have been switched off, and what it left must go.
  const poll = setInterval(() => {
    anyRequest(ctx.db).then(
      (found) => {
        if (found && !isStopped) wake()
      },
      (error) => ctx.log.warn({ err: error }, 'triggers could not look for what waits'),
    )
  }, POLL_MS)

  return {
    async stop() {
      isStopped = true
      unlisten()
      clearInterval(poll)
      clearTimeout(again)
      await rounds
    },
  }
}
