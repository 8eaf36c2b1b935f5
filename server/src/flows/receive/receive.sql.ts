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
// Few columns: the driver looks at each anew for every batch.
const answered = `(messages || interactions || contacts)::text as ids, outcomes, contents,
  to_route::int + 2 * is_first::int + 4 * is_begun::int + 8 * is_told::int as flags,
  nullif(current_setting('patchbay.renamed', true), '') as renamed`
const flags = { toRoute: 1, isFirst: 2, isBegun: 4, isTold: 8 } as const
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
  contents: (Buffer | null)[] | null
  /** Of the messages, then of their interactions, then of their contacts. */
  ids: string
  flags: number
  /** Ids with commas between them; null: none. */
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
  const ids = readIds(answer.ids)
  const amount = ids.length / 3
  const changed = new Set<number>()
  const stored: Stored[] = []
  for (let index = 0; index < amount; index++) {
    const one = readOne(answer, ids, index, amount)
    stored.push(one)
    if (one.outcome === 'stored') changed.add(one.interactionId)
  }
  if (answer.renamed) for (const id of answer.renamed.split(',')) changed.add(Number(id))
  const is = (flag: number): boolean => (answer.flags & flag) !== 0
  return {
    stored,
    interactions: changed,
    toRoute: is(flags.toRoute),
    isFirst: is(flags.isFirst),
    isBegun: is(flags.isBegun),
    isTold: is(flags.isTold),
  }
}

function readOne(answer: Answer, ids: readonly number[], index: number, amount: number): Stored {
  const outcome = answer.outcomes?.[index] ?? 'stored'
  if (outcome === 'no-file') return { outcome }
  const messageId = ids[index] ?? 0
  const interactionId = ids[amount + index] ?? 0
  const contactId = ids[2 * amount + index] ?? 0
  if (outcome === 'stored') return { outcome, messageId, interactionId, contactId }
  return {
    outcome,
    messageId,
    interactionId,
    contactId,
    content: answer.contents?.[index] ?? Buffer.alloc(0),
  }
}

function readIds(literal: string): number[] {
  return literal.slice(1, -1).split(',').map(Number)
}
