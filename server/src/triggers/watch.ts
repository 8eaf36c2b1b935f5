/** Whether there is any trigger that is on, or a pop-up that waits: what everybody else asks before spending anything on triggers. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'

export interface TriggerWatch {
  isOn(): boolean
  /** Await it after a commit and before the answer, so that the next message meets the change. */
  refresh(): Promise<void>
  close(): Promise<void>
}

const POLL_MS = 5_000

export function watchTriggers(ctx: Pick<Context, 'db' | 'log' | 'push'>): TriggerWatch {
  let isOn = true
  let isClosed = false
  let reading: Promise<void> = Promise.resolve()

  const read = async (): Promise<void> => {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select from message_trigger where enabled) or exists (select from popup) as found`.execute(
      ctx.db,
    )
    isOn = rows[0]?.found ?? true
  }
  const refresh = (): Promise<void> => {
    reading = reading.catch(() => {}).then(() => (isClosed ? undefined : read()))
    return reading
  }
  const refreshLater = (): void => {
    refresh().catch((error) => {
      if (!isClosed) ctx.log.warn({ err: error }, 'the triggers could not be read and are asked again')
    })
  }

  refreshLater()
  const poll = setInterval(refreshLater, POLL_MS).unref()
  const stopListening = ctx.push.onRing(({ changed, look }) => {
    if (look || changed.has('triggers')) refreshLater()
  })

  return {
    isOn: () => isOn,
    refresh,
    async close() {
      isClosed = true
      clearInterval(poll)
      stopListening()
      await reading.catch(() => {})
    },
  }
}
