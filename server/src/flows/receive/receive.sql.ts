/** The call of the database function `receive` (migrations/0121-received-by-two-statements.sql): a batch of messages in, what became of each out. */
import type { PoolClient } from '@patchbay/kit/database.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import { toBinary } from './receive-arrays.ts'
import type { Inbound } from './receive-fields.ts'

export interface Row {
  account: Pick<AccountEntry, 'id' | 'listId' | 'updateRule' | 'reopenWithinMinutes' | 'actions' | 'events'>
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
  /** It is on record that each account of the batch has had a message. */
  isBegun: boolean
  /** An event is to be delivered. */
  isTold: boolean
}

export interface StoreOptions {
  /** An account of the batch may have had no message before. */
  mayBeFirst: boolean
  /** An account of the batch wants to know. */
  tell: boolean
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

/** What the function is given: one array for each column of the batch, null where every row has none. Rows are sorted `byKey`. */
export function toValues(rows: readonly Row[]): (Buffer | string | null)[] {
  const ids = (read: (row: Row) => number | null) => toBinary({ type: 'bigint', items: rows.map(read) })
  const texts = (read: (row: Row) => string | null) => toBinary({ type: 'text', items: rows.map(read) })
  const flags = (read: (row: Row) => boolean) => toBinary({ type: 'boolean', items: rows.map(read) })
  return [
    ids(({ account }) => account.id),
    ids(({ account }) => account.listId),
    texts(({ message }) => message.mapKey),
    texts(({ message }) => message.key),
    texts(({ message }) => message.plainKey),
    texts(({ message }) => message.from),
    texts(({ message }) => (message.sent.length > 0 ? JSON.stringify(message.sent) : null)),
    texts(({ account }) => account.updateRule),
    texts(({ message }) => message.threadId),
    texts(({ message }) => message.to),
    texts(({ message }) => message.externalUrl),
    toBinary({ type: 'int', items: rows.map(({ account }) => account.reopenWithinMinutes) }),
    flags(({ account }) => account.actions.length > 0),
    texts(({ message }) => message.body),
    ids(({ message }) => message.attachmentId),
    instants(rows.map(({ message }) => message.writtenAt)),
    flags(({ message }) => message.marked),
    texts(({ message }) => message.senderId),
    toBinary({ type: 'bytea', items: rows.map(({ content }) => content) }),
  ]
}

/** As text: as microseconds, which the binary format has, late ones would be beyond what JavaScript counts exactly. */
function instants(items: readonly (string | null)[]): string | null {
  return items.every((item) => item === null)
    ? null
    : `{${items.map((item) => (item === null ? 'NULL' : `"${item}"`)).join(',')}}`
}

const stored = `
  select * from receive($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::int[], $13::boolean[], $14::text[], $15::bigint[], $16::timestamptz[], $17::boolean[],
    $18::text[], $19::bytea[], $20)`
// Beside what the function answers: interactions of contacts that got another name (migrations/0090-renamed-contacts.sql).
const answered = `outcomes, messages::text, interactions::text, contacts::text, contents, to_route, is_first, is_begun, is_told,
  current_setting('patchbay.renamed', true) as renamed`
const quiet = {
  name: 'receive',
  text: `select ${answered} from (${stored}) stored, (select false as is_told) told`,
}
const telling = {
  name: 'receive-and-tell',
  text: `
  with stored as materialized (${stored})
  select ${answered} from stored, lateral (select tell_received(messages, interactions, outcomes) as is_told) told`,
}

/** Only a batch with an account that wants to know pays for it. */
export function hasListeners(rows: readonly Row[]): boolean {
  return rows.some(({ account }) => account.events.length > 0)
}

interface Answer {
  /** Null: all are stored. */
  outcomes: Stored['outcome'][] | null
  messages: string
  interactions: string
  contacts: string
  contents: (Buffer | null)[] | null
  to_route: boolean
  is_first: boolean
  is_begun: boolean
  is_told: boolean
  /** Ids with commas between them; null or empty: none. */
  renamed: string | null
}

/** One statement, which is one transaction: when it answers, it is committed. */
export async function storeRows(
  client: PoolClient,
  values: readonly unknown[],
  { mayBeFirst, tell }: StoreOptions,
): Promise<StoredBatch> {
  const query = { ...(tell ? telling : quiet), values: [...values, mayBeFirst] }
  const { rows } = await client.query<Answer>(query)
  const [answer] = rows
  if (!answer) throw new Error('the function receive answered nothing')
  const {
    outcomes,
    contents,
    to_route: toRoute,
    is_first: isFirst,
    is_begun: isBegun,
    is_told: isTold,
  } = answer
  const [messages, interactions, contacts] = [answer.messages, answer.interactions, answer.contacts].map(
    readIds,
  )
  const changed = new Set<number>()
  const stored = (messages ?? []).map((messageId, index): Stored => {
    const outcome = outcomes?.[index] ?? 'stored'
    if (outcome === 'no-file') return { outcome }
    const interactionId = interactions?.[index] ?? 0
    const contactId = contacts?.[index] ?? 0
    const ids = { messageId, interactionId, contactId }
    if (outcome === 'duplicate') return { outcome, ...ids, content: contents?.[index] ?? Buffer.alloc(0) }
    changed.add(interactionId)
    return { outcome, ...ids }
  })
  if (answer.renamed) for (const id of answer.renamed.split(',')) changed.add(Number(id))
  return { stored, interactions: changed, toRoute, isFirst, isBegun, isTold }
}

function readIds(literal: string): number[] {
  return literal.slice(1, -1).split(',').map(Number)
}
