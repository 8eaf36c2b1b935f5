/** Routes that make, change and try intervals. Each answers the interval as it is shown. */
import { transaction } from '@patchbay/kit/database.ts'
import type { Interval, intervalsApi } from '@patchbay/protocol/api/intervals.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import { holidayAt, isOpen, toText, wallTime } from '../../intervals/hours.ts'
import { changeInterval, createInterval, requireZone } from '../../intervals/intervals.ts'
import { readInterval } from '../../views/intervals.ts'

type Routes = Pick<
  typeof intervalsApi,
  'POST /api/intervals' | 'PATCH /api/intervals/:id' | 'POST /api/intervals/check'
>

export function saveIntervalRoutes(ctx: Context): Handlers<Routes> {
  /** `work` answers the id of the interval. */
  const save = async (caller: Caller, work: (tx: Tx) => Promise<number>): Promise<Interval> => {
    const interval = await transaction(ctx.db, async (tx) => readInterval(tx, caller, await work(tx)))
    ctx.push.ring({ changed: 'intervals' })
    return interval
  }

  return {
    'POST /api/intervals': ({ caller, body }) => save(caller, (tx) => createInterval(tx, caller, body)),

    'PATCH /api/intervals/:id': ({ caller, params: { id }, body }) =>
      save(caller, async (tx) => {
        await changeInterval(tx, caller, id, body)
        return id
      }),

    'POST /api/intervals/check': async ({ body }) => {
      requireZone(body.timeZone)
      const at = body.at === undefined ? new Date() : new Date(body.at)
      const now = wallTime(body.timeZone, at)
      const holiday = body.always ? undefined : holidayAt(body, now)
      return { isOpen: isOpen(body, at), localTime: toText(now), holiday: holiday?.name ?? null }
    },
  }
}
