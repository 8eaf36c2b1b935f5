/**
 * begin: an agent writes to a customer first, whom he names as a contact or by the value of a field. One contact has one open interaction
 * for each account and thread, whoever opened it: what is open already is answered.
 */
import { transaction } from '@patchbay/kit/database.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Message } from '@patchbay/protocol/api/interactions.ts'
import { sql } from 'kysely'
import { mayUseAccount } from '../../access/access.ts'
import type { Caller } from '../../access/endpoint.ts'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import { fieldsOf } from '../../contacts/fields.ts'
import { normalizeKey } from '../../contacts/keys.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db.ts'
import * as presence from '../../routing/presence.ts'
import { findContact } from '../../views/contacts.ts'
import { changeWithin } from '../change.ts'
import { keyOf, readMapKey } from '../receive/receive-contact.ts'
import { onceMore, replyWithin, toMessages } from './reply.ts'

export interface Beginning {
  accountId: number
  contactId: number | null
  /** In place of the contact: the value by which he is found, or made, in the account's list. */
  from: string | null
  /** Null: the account's own. */
  mapKey: string | null
  threadId: string
  body: string
  clientId: string | null
}

export interface Begun {
  interactionId: number
  /** False: it was open already. */
  begun: boolean
  messages: Message[]
}

/** One transaction: where the message is refused, nothing was begun. */
export async function begin(
  ctx: Pick<Context, 'db' | 'push'>,
  directory: Directory,
  caller: Caller,
  wanted: Beginning,
): Promise<Begun> {
  const account = directory.get(wanted.accountId)
  if (!account || !(await mayUseAccount(ctx.db, caller, account.id))) throw new Refusal('GE-105')
  if (account.replyUrl === '') throw new Refusal('RE-101')
  const { interactionId, begun, sent, ring } = await onceMore(() =>
    transaction(ctx.db, (tx) => beginWithin(tx, caller, account, wanted)),
  )
  if (ring) ctx.push.ring(ring)
  const isSent = sent?.outcome === 'sent'
  if (begun || isSent)
    ctx.push.ring({
      interactions: [interactionId],
      ...(begun && { users: [caller.user.id] }),
      deliver: isSent,
    })
  return { interactionId, begun, messages: toMessages(sent?.messages ?? []) }
}

async function beginWithin(tx: Tx, caller: Caller, account: AccountEntry, wanted: Beginning) {
  await sql`savepoint nothing_begun`.execute(tx)
  const { interactionId, begun } = await open(tx, caller, account, wanted)
  if (begun) await presence.engage(tx, caller.user.id)
  if (wanted.body.trim() === '') return { interactionId, begun }
  const { result: sent, ring } = await changeWithin(tx, caller, interactionId, (change) =>
    replyWithin(change, {
      interactionId,
      accountId: account.id,
      contactId: null,
      body: wanted.body,
      attachmentIds: [],
      isNote: false,
      clientId: wanted.clientId,
      seenSeq: null,
      sentBy: null,
    }),
  )
  if (sent.outcome === 'sent') return { interactionId, begun, sent, ring }
  // Sent before, maybe in an interaction that was closed since: then nothing is begun for it.
  if (begun) await sql`rollback to savepoint nothing_begun`.execute(tx)
  return { interactionId: sent.messages[0]?.interaction_id ?? interactionId, begun: false, sent }
}

async function open(tx: Tx, caller: Caller, account: AccountEntry, wanted: Beginning) {
  const who = wanted.contactId === null ? await keyWithin(tx, account, wanted) : null
  if (wanted.contactId !== null) {
    const contact = await findContact(tx, caller, wanted.contactId)
    if (contact.list_id !== account.listId)
      throw new Refusal('GE-101', 'The contact is in another list than that of the account.', {
        field: 'ContactId',
      })
  }
  const { rows } = await sql<{ interactionId: number; begun: boolean }>`
    select interaction_id as "interactionId", begun
    from begin_interaction(${account.id}, ${account.listId}, ${wanted.contactId}, ${who?.field ?? null}, ${who?.key ?? null},
      ${who?.plainKey ?? null}, ${who?.from ?? null}, ${wanted.threadId}, ${account.reopenWithinMinutes}, ${caller.user.id})`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new Error('begin_interaction answered nothing')
  return row
}

/** As a message that comes in names its customer. */
async function keyWithin(tx: Tx, account: AccountEntry, wanted: Beginning) {
  const from = wanted.from?.trim() ?? ''
  if (from === '')
    throw new Refusal('GE-101', 'Name a contact, or the value of his field.', { field: 'from' })
  const fields = await fieldsOf(tx, account.listId)
  const customFields = new Map(fields.map((field) => [field.id, field]))
  const field = readMapKey(wanted.mapKey ?? account.mapKey ?? undefined, customFields)
  return {
    field,
    from,
    key: keyOf(field, from, customFields),
    plainKey: normalizeKey('phone', from) ?? from,
  }
}
