/** Answers and notes come in; their deliveries are shown and made once more. */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Api } from '@patchbay/protocol/api.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { visibleAccounts } from '../../access/access.ts'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import { record } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import * as deliveries from '../../delivery/deliveries.ts'
import { interactionById } from '../../views/interactions.ts'
import { toMessage } from '../../views/messages.ts'
import { begin } from './begin.ts'
import { createReply, type Sending } from './reply.ts'

type Table = Pick<
  Api,
  | 'POST /api/openchannel/interactions'
  | 'POST /api/openchannel/messages'
  | 'POST /api/openchannel/messages/:id/retry'
  | 'GET /api/openchannel/deliveries'
  | 'POST /api/openchannel/deliveries/:id/replay'
>
type Wanted = Body<Api['POST /api/openchannel/messages']>

export function replyRoutes(ctx: Context, directory: Directory): Handlers<Table> {
  const { db, push } = ctx
  const reply = createReply(ctx, directory)

  /** The account must be able to answer, or the new delivery would fail with the same words. */
  const replay = async (caller: Caller, deliveryId: number, accountId: number): Promise<number> => {
    if ((directory.get(accountId)?.replyUrl ?? '') === '') throw new Refusal('RE-101')
    const id = await transaction(db, async (tx) => {
      const replayedAs = await deliveries.replay(tx, deliveryId)
      await record(tx, caller, {
        action: 'replayed',
        object: 'delivery',
        objectId: deliveryId,
        after: { accountId, replayedAs },
      })
      return replayedAs
    })
    push.ring({ deliver: true })
    return id
  }

  return {
    'POST /api/openchannel/interactions': async ({ caller, body: wanted }) => {
      const { interactionId, begun, messages } = await begin(ctx, directory, caller, {
        accountId: wanted.OpenchannelAccountId,
        contactId: wanted.ContactId ?? null,
        from: wanted.from ?? null,
        mapKey: wanted.mapKey ?? null,
        threadId: wanted.threadId ?? '',
        body: wanted.body ?? '',
        clientId: wanted.clientId ?? null,
      })
      return { begun, messages, interaction: await interactionById(ctx, caller, interactionId) }
    },

    'POST /api/openchannel/messages': async ({ caller, body }) => {
      const messages = await reply(caller, toSending(body))
      const [first] = messages
      if (!first) throw new Error('an answer has no message')
      return { ...first, messages }
    },

    'POST /api/openchannel/messages/:id/retry': async ({ caller, params }) => {
      const message = await db
        .selectFrom('message')
        .selectAll()
        .where('id', '=', params.id)
        .where(visibleAccounts(caller, 'message.account_id'))
        .executeTakeFirst()
      if (!message) throw new Refusal('GE-105')
      const latest = message.status === 'failed' ? await deliveries.latestOf(db, message.id) : undefined
      if (latest === undefined) throw new Refusal('RE-104')
      await replay(caller, latest, message.account_id)
      return toMessage(message)
    },

    'GET /api/openchannel/deliveries': ({ caller, query }) => deliveries.list(db, caller, query),

    'POST /api/openchannel/deliveries/:id/replay': async ({ caller, params }) => {
      const old = await deliveries.find(db, caller, params.id)
      const id = await replay(caller, old.id, old.account_id)
      return deliveries.toDeliveryRow(await deliveries.find(db, caller, id))
    },
  }
}

function toSending(wanted: Wanted): Sending {
  const body = wanted.body ?? ''
  const first = wanted.AttachmentId ?? null
  const attachmentIds = [...new Set([...(first === null ? [] : [first]), ...(wanted.attachmentIds ?? [])])]
  if (body.trim() === '' && attachmentIds.length === 0) throw new Refusal('RE-102')
  return {
    interactionId: wanted.OpenchannelInteractionId,
    accountId: wanted.OpenchannelAccountId ?? null,
    contactId: wanted.ContactId ?? null,
    body,
    attachmentIds,
    isNote: wanted.secret ?? false,
    clientId: wanted.clientId ?? null,
    seenSeq: wanted.seenSeq ?? null,
    sentBy: wanted.sentBy ?? null,
  }
}
