/** What existing clients call on interactions: read, change, tag, and put into a queue. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { interactionsApi } from '@patchbay/protocol/api/interactions.ts'
import type { queuesApi } from '@patchbay/protocol/api/queues.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import type { Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import * as interactions from '../interactions/interactions.ts'
import { queueNames } from '../routing/entries.ts'
import { interactionById, listInteractions, requireInteraction } from '../views/interactions.ts'
import { interactionOfMessage, messagesOf } from '../views/messages.ts'
import { tagsByIds } from '../views/tags.ts'
import { type Change, changeInteraction } from './change.ts'
import { close, refusingTwins, reopen, setDisposition } from './close.ts'
import { release, toAgent, toQueue } from './transfer.ts'

type Routes = Pick<
  typeof interactionsApi,
  | 'GET /api/openchannel/interactions'
  | 'GET /api/openchannel/interactions/:id'
  | 'PUT /api/openchannel/interactions/:id'
  | 'GET /api/openchannel/interactions/:id/messages'
  | 'POST /api/openchannel/interactions/:id/tags'
> &
  Pick<typeof queuesApi, 'POST /api/rpc/openchannel/queues/:id/notify'>

export function interactionsRoutes(ctx: Context): Handlers<Routes> {
  const { db } = ctx
  return {
    'GET /api/openchannel/interactions': ({ caller, query }) => listInteractions(db, caller, query),

    'GET /api/openchannel/interactions/:id': ({ caller, params }) => interactionById(ctx, caller, params.id),

    'PUT /api/openchannel/interactions/:id': async ({ caller, params: { id }, body }) => {
      await refusingTwins(db, id, () => changeInteraction(ctx, caller, id, (change) => put(change, body)))
      return interactionById(ctx, caller, id)
    },

    'GET /api/openchannel/interactions/:id/messages': async ({ caller, params: { id }, query }) => {
      await requireInteraction(db, caller, id)
      return messagesOf(db, id, query)
    },

    'POST /api/openchannel/interactions/:id/tags': ({ caller, params: { id }, body }) =>
      changeInteraction(ctx, caller, id, async (change) => {
        const unknown = await interactions.replaceTags(change.tx, id, body.ids)
        if (unknown.length > 0)
          throw new Refusal('GE-101', `There is no tag ${unknown.join(', ')}.`, { field: 'ids' })
        const tags = await tagsByIds(change.tx, body.ids)
        await change.publish('tagged', { tags: tags.map((tag) => tag.name).join(', ') })
        return { ids: tags.map((tag) => tag.id), Tags: tags }
      }),

    'POST /api/rpc/openchannel/queues/:id/notify': async ({ caller, params, body }) => {
      const [id, queues] = await Promise.all([
        interactionOfMessage(db, body.messageId),
        queueNames(db, [params.id]),
      ])
      if (id === undefined || !queues.has(params.id)) throw new Refusal('GE-105')
      await changeInteraction(ctx, caller, id, (change) => toQueue(change, params.id))
      return { interaction: { id }, queue: { id: params.id } }
    },
  }
}

type Put = Body<(typeof interactionsApi)['PUT /api/openchannel/interactions/:id']>

async function put(change: Change, { closed, disposition, UserId, queueId }: Put): Promise<void> {
  if (closed) return close(change, disposition)
  const open = closed === false ? await reopen(change) : change
  if (typeof UserId === 'number') await toAgent(open, UserId, 'assigned')
  else if (typeof queueId === 'number') await toQueue(open, queueId)
  else if (UserId === null || queueId === null) await release(open)
  await setDisposition(open, disposition)
}
