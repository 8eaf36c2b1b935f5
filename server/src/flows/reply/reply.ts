/**
 * reply: what an agent or a program sends becomes messages, their events, their deliveries and their lane in one transaction.
 *
 * Whoever sees the account may answer on any of its interactions. Who answers at the desk what nobody has takes it first, and is refused
 * as if he had accepted it; an answer by key or password leaves it where it waits, since programs answer beside the agents.
 */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { seesAll } from '../../access/access.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { Directory } from '../../accounts/directory.ts'
import * as attachments from '../../attachments/attachments.ts'
import type { Context } from '../../context.ts'
import { toMessage } from '../../views/messages.ts'
import { type Change, changeInteraction } from '../change.ts'
import { accept } from '../offer/offer.ts'
import { createSends, type Send, type Sent, sendWithin } from './reply.sql.ts'

export interface Sending {
  interactionId: number
  /** Null: the caller does not say. */
  accountId: number | null
  contactId: number | null
  body: string
  /** Go out in this order, after the text. */
  attachmentIds: readonly number[]
  /** A note: stays with colleagues. */
  isNote: boolean
  /** A second send of it by the same user is the first. */
  clientId: string | null
  /** What the writer has seen; null: he does not say. */
  seenSeq: number | null
  sentBy: string | null
}

/** Answers the messages in their order. */
export type Reply = (caller: Caller, sending: Sending) => Promise<Message[]>

export function createReply(ctx: Pick<Context, 'db' | 'pool' | 'push' | 'log'>, directory: Directory): Reply {
  const sends = createSends(ctx.pool, ctx.log)

  /** A file must be given back when the rest is refused, and taking an interaction is more than one statement. */
  const replyInTransaction = (caller: Caller, sending: Sending): Promise<Sent> =>
    changeInteraction(ctx, caller, sending.interactionId, async (change) =>
      replyWithin(change, sending, await claimFiles(change, directory, sending)),
    )

  return async (caller, sending) => {
    const { outcome, messages } = await onceMore(async () => {
      if (sending.attachmentIds.length === 0) {
        const sent = await sends.write(toSend(caller, sending, []))
        if (sent.outcome !== 'untaken') return refuse(sent, sending)
      }
      return replyInTransaction(caller, sending)
    })
    if (outcome === 'sent') ctx.push.ring({ interactions: [sending.interactionId], deliver: !sending.isNote })
    return toMessages(messages)
  }
}

/** Takes the interaction first where nobody has it and the writer is at a desk. */
export async function replyWithin(
  change: Change,
  sending: Sending,
  files: readonly File[] = [],
): Promise<Sent> {
  const send = toSend(change.caller, sending, files)
  const sent = await sendWithin(change.tx, send)
  if (sent.outcome !== 'untaken') return refuse(sent, sending)
  await accept(change)
  return refuse(await sendWithin(change.tx, { ...send, must_be_taken: false }), sending)
}

export function toMessages(messages: Sent['messages']): Message[] {
  return messages.map((row) => toMessage({ ...row, created_at: new Date(row.created_at) }))
}

interface File {
  id: number
  name: string
}

function toSend(caller: Caller, sending: Sending, files: readonly File[]): Send {
  const parts = toParts(sending.body, files)
  return {
    interaction_id: sending.interactionId,
    viewer_id: seesAll(caller) ? null : caller.user.id,
    account_id: sending.accountId,
    contact_id: sending.contactId,
    user_id: caller.user.id,
    secret: sending.isNote,
    bodies: parts.map(({ body }) => body),
    attachment_ids: parts.map(({ fileId }) => fileId),
    client_id: sending.clientId,
    seen_seq: sending.seenSeq,
    sent_by: sending.sentBy,
    must_be_taken: caller.via === 'session' && !sending.isNote,
  }
}

/** Text first, then each file by its name. With one file, its name as text is what clients send along with it. */
function toParts(text: string, files: readonly File[]): { body: string; fileId: number | null }[] {
  const isText = text.trim() !== '' && !(files.length === 1 && text === files[0]?.name)
  return [
    ...(isText ? [{ body: text, fileId: null }] : []),
    ...files.map(({ id, name }) => ({ body: name, fileId: id })),
  ]
}

async function claimFiles(change: Change, directory: Directory, sending: Sending): Promise<File[]> {
  if (sending.attachmentIds.length === 0) return []
  const { account_id: accountId } = change.interaction
  const account = directory.get(accountId)
  return attachments.claim(change.tx, change.caller, sending.attachmentIds, {
    accountId,
    // An account that was deleted takes no files any more.
    limitBytes: account?.attachmentLimitBytes ?? 0,
    lifetimeHours: sending.isNote ? null : (account?.fileLifetimeHours ?? null),
  })
}

function refuse(sent: Sent, sending: Sending): Sent {
  switch (sent.outcome) {
    case 'sent':
    case 'repeated':
      return sent
    case 'elsewhere':
      throw elsewhere(sent, sending)
    case 'closed':
      throw new Refusal('IN-103')
    case 'mute':
      throw new Refusal('RE-101')
    case 'late':
      throw new Refusal('RE-105')
    case 'held':
      throw new Refusal('RE-103', undefined, { extra: { seq: sent.newest } })
    default:
      throw new Refusal('GE-105')
  }
}

/** A client that names another account or contact means another interaction. */
function elsewhere({ account, contact }: Sent, { accountId, contactId }: Sending): Refusal {
  const [field, actual, named] =
    accountId !== null && accountId !== account
      ? ['OpenchannelAccountId', account, accountId]
      : ['ContactId', contact, contactId]
  return new Refusal('GE-101', `${field} of this interaction is ${actual}, not ${named}.`, { field })
}

/** Two copies of one send to different interactions meet at the unique index only: the second then finds the first. */
export async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    return await work()
  }
}
