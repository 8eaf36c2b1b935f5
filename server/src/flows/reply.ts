/**
 * reply: what an agent or a program sends becomes messages, their events, their deliveries and their lane in one transaction.
 *
 * Whoever sees the account may answer on any of its interactions. Who answers at the desk what nobody has takes it first, and is refused
 * as if he had accepted it; an answer by key or password leaves it where it waits, since programs answer beside the agents.
 */
import { sqlState } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { CompiledQuery } from 'kysely'
import { isAdmin } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Directory } from '../accounts/directory.ts'
import * as attachments from '../attachments/attachments.ts'
import type { Context } from '../context.ts'
import { toMessage } from '../views/messages.ts'
import { type Change, changeInteraction } from './change.ts'
import { accept } from './offer.ts'

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
export async function reply(
  ctx: Pick<Context, 'db' | 'pool' | 'push'>,
  directory: Directory,
  caller: Caller,
  sending: Sending,
): Promise<Message[]> {
  const isAtDesk = caller.via === 'session' && !sending.isNote
  const { outcome, messages } = await onceMore(async () => {
    // A text is one statement. Files are claimed before, and given back when the rest is refused.
    if (sending.attachmentIds.length === 0) {
      const statement = statementOf(caller, sending, [], isAtDesk)
      const { rows } = await ctx.pool.query<Result>({ name: 'reply', ...statement })
      if (rows[0]?.outcome !== 'untaken') return refuse(rows[0], sending)
    }
    return changeInteraction(ctx, caller, sending.interactionId, async (change) => {
      const files = await claimFiles(change, directory, sending)
      const store = async (mustBeTaken: boolean): Promise<Result | undefined> => {
        const { text, values } = statementOf(caller, sending, files, mustBeTaken)
        const { rows } = await change.tx.executeQuery<Result>(CompiledQuery.raw(text, values))
        return rows[0]
      }
      const result = await store(isAtDesk)
      if (result?.outcome !== 'untaken') return refuse(result, sending)
      await accept(change)
      return refuse(await store(false), sending)
    })
  })
  if (outcome === 'sent') ctx.push.ring({ interactions: [sending.interactionId], deliver: !sending.isNote })
  return messages.map((row) => toMessage({ ...row, created_at: new Date(row.created_at) }))
}

type Stored = Omit<Parameters<typeof toMessage>[0], 'created_at'> & { created_at: string }

interface Result {
  outcome: 'sent' | 'repeated' | 'missing' | 'elsewhere' | 'closed' | 'mute' | 'held' | 'untaken'
  newest: number
  account: number
  contact: number
  messages: Stored[]
}

const text = 'select * from reply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)'

function statementOf(
  { user, ...caller }: Caller,
  sending: Sending,
  files: readonly File[],
  mustBeTaken: boolean,
): { text: string; values: unknown[] } {
  const { interactionId, accountId, contactId, isNote, clientId, seenSeq, sentBy } = sending
  const viewerId = isAdmin({ user, ...caller }) ? null : user.id
  const parts = toParts(sending.body, files)
  const bodies = parts.map(({ body }) => body)
  const fileIds = parts.map(({ fileId }) => fileId)
  return {
    text,
    values: [
      ...[interactionId, viewerId, accountId, contactId, user.id, isNote],
      ...[bodies, fileIds, clientId, seenSeq, sentBy, mustBeTaken],
    ],
  }
}

interface File {
  id: number
  name: string
}

function claimFiles(change: Change, directory: Directory, sending: Sending): Promise<File[]> {
  if (sending.attachmentIds.length === 0) return Promise.resolve([])
  const { account_id: accountId } = change.interaction
  const lifetimeHours = sending.isNote ? null : (directory.get(accountId)?.fileLifetimeHours ?? null)
  return attachments.claim(change.tx, change.caller, accountId, sending.attachmentIds, lifetimeHours)
}

/** Text first, then each file by its name. With one file, its name as text is what clients send along with it. */
export function toParts(text: string, files: readonly File[]): { body: string; fileId: number | null }[] {
  const isText = text.trim() !== '' && !(files.length === 1 && text === files[0]?.name)
  return [
    ...(isText ? [{ body: text, fileId: null }] : []),
    ...files.map(({ id, name }) => ({ body: name, fileId: id })),
  ]
}

function refuse(result: Result | undefined, sending: Sending): Result {
  switch (result?.outcome) {
    case 'sent':
    case 'repeated':
      return result
    case 'elsewhere':
      throw elsewhere(result, sending)
    case 'closed':
      throw new Refusal('IN-103')
    case 'mute':
      throw new Refusal('RE-101')
    case 'held':
      throw new Refusal('RE-103', undefined, { extra: { seq: result.newest } })
    default:
      throw new Refusal('GE-105')
  }
}

/** A client that names another account or contact means another interaction. */
function elsewhere({ account, contact }: Result, { accountId, contactId }: Sending): Refusal {
  const [field, actual, named] =
    accountId !== null && accountId !== account
      ? ['OpenchannelAccountId', account, accountId]
      : ['ContactId', contact, contactId]
  return new Refusal('GE-101', `${field} of this interaction is ${actual}, not ${named}.`, { field })
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
