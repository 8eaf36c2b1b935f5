/** The log of an integration, and the way of one message of it as far as the contact centre tells. */

import { createThrottle } from '@patchbay/kit/throttle.ts'
import type { CloudWay, cloudLogApi } from '@patchbay/protocol/api/cloud-log.ts'
import { WayStep } from '@patchbay/protocol/api/way.ts'
import { Value } from 'typebox/value'
import type { Handlers } from '../access/endpoint.ts'
import { wayOf } from '../centre/centre.ts'
import { list as asList } from '../channels/values.ts'
import type { Context } from '../context.ts'
import * as integrations from '../integrations/integrations.ts'
import * as log from '../lanes/log.ts'
import { toSaid } from '../texts/say.ts'
import { loadBound } from './bound.ts'

/** A live test looks every two seconds. */
const forLooks = { perUser: 900, perAddress: 1800, inAll: 1200 }

export function logRoutes(ctx: Context): Handlers<typeof cloudLogApi> {
  const { db } = ctx
  const looks = createThrottle(forLooks)
  return {
    'GET /api/integrations/:id/log': async ({ caller, params, query }) => {
      const { id } = await integrations.find(db, caller.user.id, params.id)
      const { show = 'messages', limit = 25, cursor } = query
      const beforeId = cursor === undefined ? undefined : Number(cursor)
      const rows = await log.list(db, id, { show, limit: limit + 1, beforeId })
      const page = rows.slice(0, limit)
      return {
        count: page.length,
        rows: page,
        cursor: rows.length > limit ? String(page.at(-1)?.id) : null,
      }
    },

    'GET /api/integrations/:id/log/:entryId': async ({ caller, params }) => {
      const { id } = await integrations.find(db, caller.user.id, params.id)
      await looks.attempt(`user:${caller.user.id}`, caller.address)
      const found = await log.find(db, id, params.entryId)
      if (found.entry.what !== 'message')
        return { entry: found.entry, steps: null, untold: null, answer: null }
      const [told, answer] = await Promise.all([
        stepsOf(ctx, id, found.takenAs),
        log.answerAfter(db, id, found),
      ])
      return { entry: found.entry, ...told, answer }
    },
  }
}

async function stepsOf(
  ctx: Context,
  id: number,
  messageId: number | null,
): Promise<Pick<CloudWay, 'steps' | 'untold'>> {
  const bound = messageId === null ? undefined : await loadBound(ctx, id)
  if (!bound || messageId === null) return { steps: null, untold: null }
  const answer = await wayOf(ctx.door, bound, messageId)
  if (!answer.ok)
    return { steps: null, untold: answer.carried.outcome === 'done' ? null : toSaid(answer.carried.reason) }
  // Of a contact centre that is newer than this, what is not known here is left out.
  return { steps: asList(answer.body.steps).filter((step) => Value.Check(WayStep, step)), untold: null }
}
