/** Answers and notes come in; their deliveries are shown and made once more. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import type { Api } from '@patchbay/protocol/api.ts'
import type { Body } from '@patchbay/protocol/endpoint.ts'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Directory } from '../accounts/directory.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import * as deliveries from '../delivery/deliveries.ts'
import { toMessage } from '../views/messages.ts'
import { reply, type Sending } from './reply.ts'

type Table = Pick<
  Api,
  | 'POST /api/openchannel/messages'
  | 'POST /api/openchannel/messages/:id/retry'
  | 'GET /api/openchannel/deliveries'
  | 'POST /api/openchannel/deliveries/:id/replay'
>
type Wanted = Body<Api['POST /api/openchannel/messages']>

export function replyRoutes(ctx: Context, directory: Directory): Handlers<Table> {
  const { db, push } = ctx

  /** The account must be able to answer, or the new delivery would fail with the same words. */
  const replay = async (deliveryId: number, accountId: number): Promise<number> => {
    if ((directory.get(accountId)?.replyUrl ?? '') === '') throw new Refusal('RE-101')
    const id = await deliveries.replay(db, deliveryId)
    push.ring({ deliver: true })
    return id
  }

  return {
    'POST /api/openchannel/messages': async ({ caller, body }) => {
      const sending = await toSending(db, caller, body)
      const ids = await reply(ctx, directory, caller, sending)
      const messages = await messagesByIds(db, ids)
      const [first] = messages
      if (!first) throw new Error('the messages just sent are gone')
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
      await replay(latest, message.account_id)
      return toMessage(message)
    },

    'GET /api/openchannel/deliveries': ({ caller, query }) => deliveries.list(db, caller, query),

    'POST /api/openchannel/deliveries/:id/replay': async ({ caller, params }) => {
      const old = await deliveries.find(db, caller, params.id)
      const id = await replay(old.id, old.account_id)
      return deliveries.toDeliveryRow(await deliveries.find(db, caller, id))
    },
  }
}

async function toSending(db: Db, caller: Caller, wanted: Wanted): Promise<Sending> {
  const text = storable(wanted.body)
  const first = wanted.AttachmentId ?? null
  const attachmentIds = [...new Set([...(first === null ? [] : [first]), ...(wanted.attachmentIds ?? [])])]
  if (text.trim() === '' && attachmentIds.length === 0) throw new Refusal('RE-102')
  const interaction = await db
    .selectFrom('interaction')
    .select(['account_id', 'contact_id'])
    .where('id', '=', wanted.OpenchannelInteractionId)
    .where(visibleAccounts(caller, 'interaction.account_id'))
    .executeTakeFirst()
  if (!interaction) throw new Refusal('GE-105')
  requireSame('OpenchannelAccountId', wanted.OpenchannelAccountId, interaction.account_id)
  requireSame('ContactId', wanted.ContactId, interaction.contact_id)
  return {
    interactionId: wanted.OpenchannelInteractionId,
    accountId: interaction.account_id,
    body: text,
    attachmentIds,
    isNote: wanted.secret ?? false,
    clientId: wanted.clientId === undefined ? null : storable(wanted.clientId),
    seenSeq: wanted.seenSeq ?? null,
    sentBy: wanted.sentBy ? storable(wanted.sentBy) : null,
  }
}

/** A client that names another account or contact means another interaction. */
function requireSame(field: string, named: number | null | undefined, actual: number): void {
  if (named === null || named === undefined || named === actual) return
  throw new Refusal('GE-101', `${field} of this interaction is ${actual}, not ${named}.`, { field })
}

/** PostgreSQL stores neither U+0000 nor lone surrogates. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u2400')
}

async function messagesByIds(db: Db, ids: readonly number[]): Promise<Message[]> {
  const rows = await db
    .selectFrom('message')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('part')
    .execute()
  return rows.map(toMessage)
}
