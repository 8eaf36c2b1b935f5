/** What failed is delivered again. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Api } from '@patchbay/protocol/api.ts'
import type { Handlers } from '../../access/endpoint.ts'
import * as accounts from '../../accounts/accounts.ts'
import { record } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { requestReplay } from '../../delivery/replays.ts'

const USUAL_PER_SECOND = 50

export function deliverRoutes(
  ctx: Context,
): Handlers<Pick<Api, 'POST /api/openchannel/accounts/:id/replay'>> {
  return {
    'POST /api/openchannel/accounts/:id/replay': ({ caller, params, body }) =>
      transaction(ctx.db, async (tx) => {
        const { reply_url, events_url } = await accounts.find(tx, caller, params.id)
        // Everything would fail with the same words.
        if (reply_url === '' && events_url === '') throw new Refusal('RE-101')
        const perSecond = body.perSecond ?? USUAL_PER_SECOND
        const count = await requestReplay(tx, params.id, new Date(body.since), perSecond)
        const after = { since: body.since, perSecond, count }
        await record(tx, caller, { action: 'replayed', object: 'account', objectId: params.id, after })
        return { count }
      }),
  }
}
