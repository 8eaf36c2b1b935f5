/** What triggers know of a message: whose it is, which way it went, and what variables stand for. */
import { sql } from 'kysely'
import type { Read } from '../actions/variables.ts'
import type { Db, Tx } from '../db.ts'
import { type FactsRow, valuesOf } from './flow-facts.ts'

export interface MessageFacts {
  messageId: number
  interactionId: number
  accountId: number
  contactId: number
  direction: 'in' | 'out'
  body: string
  read: Read
}

type Row = Omit<FactsRow, 'is_mute' | 'is_late' | 'is_first'> & {
  contact_id: number
  direction: 'in' | 'out'
}

const noContact = JSON.stringify({ id: '', tags: [], custom: {} })

/** By message. One whose interaction is gone is missing. */
export async function factsOfMessages(
  db: Db | Tx,
  messageIds: readonly number[],
): Promise<Map<number, MessageFacts>> {
  if (messageIds.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select i.id, i.account_id, i.contact_id, coalesce(to_jsonb(c), ${noContact}::jsonb) as contact, l.id as list_id, l.name as list_name,
      a.uid as account_uid, a.name as account_name, a.description as account_description,
      i.thread_id, i.to_address, i.external_url, i.subject, i.created_at,
      coalesce((select string_agg(t.name, ', ' order by t.name) from interaction_tag it join tag t on t.id = it.tag_id
        where it.interaction_id = i.id), '') as tags,
      m.direction, m.id as message_id, m.body as message_body, m.created_at as message_at,
      (select name from attachment where id = m.attachment_id) as message_file
    from message m
    join interaction i on i.id = m.interaction_id
    join account a on a.id = m.account_id
    left join contact c on c.id = m.contact_id
    join list l on l.id = coalesce(c.list_id, a.list_id)
    where m.id = any(${messageIds}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [row.message_id ?? 0, toFacts(row)]))
}

/** As if a message came in now: of who writes to the account, as its map key knows them, as far as anything is known. */
export async function factsOfSample(
  db: Db,
  sample: { accountId: number; direction: 'in' | 'out'; body: string; key: string | null },
): Promise<MessageFacts | undefined> {
  const { rows } = await sql<Row>`
    select 0 as id, a.id as account_id, coalesce(c.id, 0) as contact_id, coalesce(to_jsonb(c), ${noContact}::jsonb) as contact,
      l.id as list_id, l.name as list_name, a.uid as account_uid, a.name as account_name, a.description as account_description,
      '' as thread_id, null as to_address, null as external_url, null as subject, now() as created_at, '' as tags,
      ${sample.direction} as direction, 0 as message_id, ${sample.body} as message_body, now() as message_at, null as message_file
    from account a
    join list l on l.id = a.list_id
    left join contact c on c.id = (
      select k.contact_id from contact_key k
      where k.list_id = a.list_id and k.field = a.map_key and k.value = ${sample.key}
      order by k.contact_id limit 1)
    where a.id = ${sample.accountId} and a.deleted_at is null`.execute(db)
  const [row] = rows
  return row && toFacts(row)
}

function toFacts(row: Row): MessageFacts {
  const values = valuesOf(row)
  return {
    messageId: row.message_id ?? 0,
    interactionId: row.id,
    accountId: row.account_id,
    contactId: row.contact_id,
    direction: row.direction,
    body: row.message_body ?? '',
    read: (name) => values.get(name) ?? '',
  }
}
