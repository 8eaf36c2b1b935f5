/** What agents do with interactions at the desk. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { interactionsApi } from '@patchbay/protocol/api/interactions.ts'
import type { passOnApi } from '@patchbay/protocol/api/pass-on.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Context } from '../../context.ts'
import * as interactions from '../../interactions/interactions.ts'
import { interactionById, requireInteraction } from '../../views/interactions.ts'
import { openOffers } from '../../views/offer-cards.ts'
import { targetsFor } from '../../views/pass-to.ts'
import { type Change, changeInteraction } from '../change.ts'
import { close, refusingTwins, reopen } from '../close.ts'
import { accept, decline } from '../offer/offer.ts'
import { requireElsewhere, ringAgent, ringTeam, toAgent, toQueue } from '../transfer.ts'

type Routes = Pick<
  typeof passOnApi,
  'POST /api/openchannel/interactions/:id/transfer' | 'GET /api/openchannel/interactions/:id/targets'
> &
  Pick<
    typeof interactionsApi,
    | 'POST /api/openchannel/interactions/:id/accept'
    | 'POST /api/openchannel/interactions/:id/decline'
    | 'POST /api/openchannel/interactions/:id/close'
    | 'POST /api/openchannel/interactions/:id/reopen'
    | 'POST /api/openchannel/interactions/:id/read'
    | 'GET /api/openchannel/offers'
  >

export function deskRoutes(ctx: Context): Handlers<Routes> {
  const { db } = ctx
  const change = async (caller: Caller, id: number, work: (change: Change) => Promise<void>) => {
    await changeInteraction(ctx, caller, id, work)
    return interactionById(ctx, caller, id)
  }
  return {
    'POST /api/openchannel/interactions/:id/accept': ({ caller, params }) =>
      change(caller, params.id, accept),

    'POST /api/openchannel/interactions/:id/decline': ({ caller, params, body }) =>
      change(caller, params.id, (it) => decline(it, body.reason ?? null)),

    'POST /api/openchannel/interactions/:id/transfer': ({ caller, params, body }) => {
      const { userId, queueId, teamId, ring = false, note = null } = body
      if ([userId, queueId, teamId].filter((one) => one !== undefined).length !== 1)
        throw new Refusal('IN-102', 'Name a user, a queue or a team, and one of them alone.')
      return change(caller, params.id, async (it) => {
        if (teamId !== undefined) return ringTeam(it, teamId, note)
        if (userId !== undefined && ring) return ringAgent(it, userId, note)
        await requireElsewhere(it, { userId, queueId })
        if (userId !== undefined) return toAgent(it, userId, 'transferred', note)
        if (queueId !== undefined) return toQueue(it, queueId, note)
      })
    },

    'GET /api/openchannel/interactions/:id/targets': async ({ caller, params: { id } }) => {
      await requireInteraction(db, caller, id)
      return targetsFor(db, id)
    },

    'POST /api/openchannel/interactions/:id/close': ({ caller, params, body }) =>
      change(caller, params.id, (it) => close(it, body.disposition)),

    'POST /api/openchannel/interactions/:id/reopen': ({ caller, params }) =>
      refusingTwins(db, params.id, () =>
        change(caller, params.id, async (it) => {
          const open = await reopen(it)
          if (open !== it) await toAgent(open, caller.user.id, 'assigned')
        }),
      ),

    'POST /api/openchannel/interactions/:id/read': async ({ caller, params, body }) => {
      await changeInteraction(ctx, caller, params.id, async (it) => {
        // Somebody else's look leaves it unread for its agent.
        if (it.interaction.user_id !== caller.user.id || it.interaction.unread === 0) return
        if (await interactions.markRead(it.tx, params.id, body.seq)) await it.publish('read')
      })
      return null
    },

    'GET /api/openchannel/offers': async ({ caller }) => {
      const rows = (await openOffers(ctx, [caller.user.id])).get(caller.user.id) ?? []
      return { count: rows.length, rows, cursor: null }
    },
  }
}
