/**
 * reply: what an agent or a program sends becomes messages, their events, their deliveries and their lane in one transaction.
 *
 * Whoever sees the account may answer on any of its interactions. Who answers at the desk what nobody has takes it first, and is refused
 * as if he had accepted it; an answer by key or password leaves it where it waits, since programs answer beside the agents.
 */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import type { AccountEntry, Directory } from '../accounts/directory.ts'
import * as attachments from '../attachments/attachments.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { changeInteraction } from './change.ts'
import { accept } from './offer.ts'

export interface Sending {
  interactionId: number
  accountId: number
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

/** Answers the ids of the messages, in their order. */
export async function reply(
  ctx: Pick<Context, 'db' | 'push'>,
  directory: Directory,
  caller: Caller,
  sending: Sending,
): Promise<number[]> {
  const account = directory.get(sending.accountId)
  const isAtDesk = caller.via === 'session' && !sending.isNote
  const send = (db: Db | Tx, mustBeTaken: boolean) => store(db, caller, account, sending, mustBeTaken)
  const sendAndTake = () =>
    changeInteraction(ctx, caller, sending.interactionId, async (change) => {
      const result = await send(change.tx, isAtDesk)
      if (result.outcome !== 'untaken') return refuse(result)
      await accept(change)
      return refuse(await send(change.tx, false))
    })

  const { outcome, message_ids: ids } = await onceMore(async () => {
    // Nearly always: one statement, which is a transaction by itself. A file must be given back when the rest is refused.
    const result = sending.attachmentIds.length === 0 ? await send(ctx.db, isAtDesk) : undefined
    return result && result.outcome !== 'untaken' ? refuse(result) : sendAndTake()
  })
  if (outcome === 'sent') ctx.push.ring({ interactions: [sending.interactionId], deliver: !sending.isNote })
  return ids
}

interface Result {
  outcome: 'sent' | 'repeated' | 'missing' | 'closed' | 'mute' | 'held' | 'untaken'
  message_ids: number[]
  newest: number
}

async function store(
  db: Db | Tx,
  caller: Caller,
  account: AccountEntry | undefined,
  sending: Sending,
  mustBeTaken: boolean,
): Promise<Result> {
  const { interactionId, accountId, attachmentIds, isNote, clientId, seenSeq, sentBy } = sending
  const lifetimeHours = isNote ? null : (account?.fileLifetimeHours ?? null)
  const files =
    attachmentIds.length === 0
      ? []
      : await attachments.claim(db, caller, accountId, attachmentIds, lifetimeHours)
  const canReply = account !== undefined && account.replyUrl !== ''
  const parts = toParts(sending.body, files)
  const { rows } = await sql<Result>`
    select * from reply(${interactionId}, ${caller.user.id}, ${isNote}, ${parts.map(({ body }) => body)}::text[],
                        ${parts.map(({ fileId }) => fileId)}::bigint[], ${clientId}, ${seenSeq}, ${sentBy}, ${canReply},
                        ${mustBeTaken})`.execute(db)
  const [result] = rows
  if (!result) throw new Error('reply answered nothing')
  return result
}

interface Part {
  body: string
  fileId: number | null
}

/** Text first, then each file by its name. With one file, its name as text is what clients send along with it. */
export function toParts(text: string, files: readonly { id: number; name: string }[]): Part[] {
  const isText = text.trim() !== '' && !(files.length === 1 && text === files[0]?.name)
  return [
    ...(isText ? [{ body: text, fileId: null }] : []),
    ...files.map(({ id, name }) => ({ body: name, fileId: id })),
  ]
}

function refuse(result: Result): Result {
  switch (result.outcome) {
    case 'sent':
    case 'repeated':
      return result
    case 'closed':
      throw new Refusal('IN-103')
    case 'mute':
      throw new Refusal('RE-101')
    case 'held':
      throw new Refusal('RE-103', undefined, { extra: { seq: result.newest } })
    case 'missing':
    case 'untaken':
      throw new Refusal('GE-105')
  }
}

/** Two copies of one send to different interactions meet at the unique index only: the second then finds the first. */
async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    return await work()
  }
}
