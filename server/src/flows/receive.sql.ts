/** The call of the database function `receive` (migrations/0003-receive.sql): a batch of messages in, what became of each out. */
import type { PoolClient } from '@patchbay/kit/database.ts'
import type { AccountEntry } from '../accounts/directory.ts'
import type { Inbound } from './receive-fields.ts'

export interface Row {
  account: Pick<AccountEntry, 'id' | 'listId' | 'updateRule' | 'reopenWithinMinutes' | 'actions'>
  message: Inbound
  /** What makes the message itself, in digests; null without a sender's id. */
  content: Buffer | null
}

/** `content` is that of the message that came first under the sender's id. */
export type Stored =
  | { outcome: 'stored'; messageId: number; interactionId: number; contactId: number }
  | { outcome: 'duplicate'; messageId: number; interactionId: number; contactId: number; content: Buffer }
  | { outcome: 'no-file' }

export interface StoredBatch {
  stored: Stored[]
  /** Those with new events. */
  interactions: Set<number>
  toRoute: boolean
  /** An account got its first message. */
  isFirst: boolean
}

/** The order in which every batch of every node claims contacts. */
export function byKey(a: Row, b: Row): number {
  return (
    a.account.listId - b.account.listId ||
    compare(a.message.mapKey, b.message.mapKey) ||
    compare(a.message.key, b.message.key)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What the function is given, one array for each column of the batch. Sorted `byKey`. */
export function toValues(rows: readonly Row[]): unknown[] {
  const column = <T>(read: (row: Row) => T): T[] => rows.map(read)
  return [
    column(({ account }) => account.id),
    column(({ account }) => account.listId),
    column(({ message }) => message.mapKey),
    column(({ message }) => message.key),
    column(({ message }) => message.plainKey),
    column(({ message }) => message.from),
    column(({ message }) => (message.sent.length > 0 ? JSON.stringify(message.sent) : null)),
    column(({ account }) => account.updateRule),
    column(({ message }) => message.threadId),
    column(({ message }) => message.to),
    column(({ message }) => message.externalUrl),
    column(({ account }) => account.reopenWithinMinutes),
    column(({ account }) => account.actions.length > 0),
    column(({ message }) => message.body),
    column(({ message }) => message.attachmentId),
    column(({ message }) => message.writtenAt),
    column(({ message }) => message.marked),
    column(({ message }) => message.senderId),
    column(({ content }) => content),
  ]
}

const text = `
  select outcomes, messages, interactions, contacts, contents, to_route, is_first
  from receive($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::int[], $13::boolean[], $14::text[], $15::bigint[], $16::timestamptz[], $17::boolean[],
    $18::text[], $19::bytea[])`

interface Answer {
  outcomes: Stored['outcome'][]
  messages: number[]
  interactions: number[]
  contacts: number[]
  contents: (Buffer | null)[]
  to_route: boolean
  is_first: boolean
}

/** One statement, which is one transaction: when it answers, it is committed. */
export async function storeRows(client: PoolClient, values: unknown[]): Promise<StoredBatch> {
  const { rows } = await client.query<Answer>({ name: 'receive', text, values })
  const answer = rows[0]
  if (!answer) throw new Error('the function receive answered nothing')
  const interactions = new Set<number>()
  const stored = answer.outcomes.map((outcome, index): Stored => {
    if (outcome === 'no-file') return { outcome }
    const ids = {
      messageId: answer.messages[index] as number,
      interactionId: answer.interactions[index] as number,
      contactId: answer.contacts[index] as number,
    }
    if (outcome === 'duplicate') return { outcome, ...ids, content: answer.contents[index] as Buffer }
    interactions.add(ids.interactionId)
    return { outcome, ...ids }
  })
  return { stored, interactions, toRoute: answer.to_route, isFirst: answer.is_first }
}
