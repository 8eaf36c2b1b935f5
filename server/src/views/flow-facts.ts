/** What the flow of an account may know of an interaction: the values of its variables, and whether it can be answered. */
import { sql } from 'kysely'
import type { Facts } from '../actions/walk.ts'
import { type ContactRow, customOf, textFields, textsOf } from '../contacts/contact-row.ts'
import type { Db, Tx } from '../db.ts'
import type { InteractionState } from '../interactions/interactions.ts'

export interface FactsRow {
  id: number
  account_id: number
  state: InteractionState
  contact: ContactRow
  list_id: number
  list_name: string
  account_uid: string
  account_name: string
  account_description: string
  is_mute: boolean
  is_late: boolean
  is_first: boolean
  thread_id: string
  to_address: string | null
  external_url: string | null
  subject: string | null
  created_at: Date
  tags: string
  message_id: number | null
  message_body: string | null
  message_at: Date | null
  message_file: string | null
}

/** By interaction. `messageId` null: the customer's newest. */
export async function readFacts(
  db: Db | Tx,
  wanted: readonly { interactionId: number; messageId: number | null }[],
): Promise<Map<number, FactsRow>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<FactsRow>`
    select i.id, i.account_id, i.state, to_jsonb(c) as contact, l.id as list_id, l.name as list_name, a.uid as account_uid,
      a.name as account_name, a.description as account_description, a.reply_url = '' or a.deleted_at is not null as is_mute,
      coalesce(i.window_until <= now(), false) as is_late,
      not exists (select from interaction o
        where o.account_id = i.account_id and o.contact_id = i.contact_id and o.id < i.id) as is_first,
      i.thread_id, i.to_address, i.external_url, i.subject, i.created_at,
      coalesce((select string_agg(t.name, ', ' order by t.name) from interaction_tag it join tag t on t.id = it.tag_id
        where it.interaction_id = i.id), '') as tags,
      m.id as message_id, m.body as message_body, m.created_at as message_at,
      (select name from attachment where id = m.attachment_id) as message_file
    from unnest(${wanted.map(({ interactionId }) => interactionId)}::bigint[],
                ${wanted.map(({ messageId }) => messageId)}::bigint[]) as u (id, message_id)
    join interaction i on i.id = u.id
    join contact c on c.id = i.contact_id
    join list l on l.id = c.list_id
    join account a on a.id = i.account_id
    left join lateral (
      select * from message where interaction_id = i.id and direction = 'in' and (u.message_id is null or id = u.message_id)
      order by seq desc limit 1) m on true`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Values by name, without those of the flow's own (`vars.`). */
export function valuesOf(row: Omit<FactsRow, 'is_mute' | 'is_late' | 'is_first'>): Map<string, string> {
  const { contact } = row
  const values = new Map<string, string>([
    ['contact.id', String(contact.id)],
    ['contact.tags', contact.tags.join(', ')],
    ['list.id', String(row.list_id)],
    ['list.name', row.list_name],
    ['account.id', String(row.account_id)],
    ['account.uid', row.account_uid],
    ['account.name', row.account_name],
    ['account.description', row.account_description],
    ['interaction.id', String(row.id)],
    ['interaction.threadId', row.thread_id],
    ['interaction.to', row.to_address ?? ''],
    ['interaction.externalUrl', row.external_url ?? ''],
    ['interaction.subject', row.subject ?? ''],
    ['interaction.createdAt', row.created_at.toISOString()],
    ['interaction.tags', row.tags],
    ['message.id', row.message_id === null ? '' : String(row.message_id)],
    ['message.body', row.message_body ?? ''],
    ['message.createdAt', row.message_at?.toISOString() ?? ''],
    ['message.attachmentName', row.message_file ?? ''],
  ])
  const texts = textsOf(contact)
  for (const field of textFields) values.set(`contact.${field}`, texts[field] ?? '')
  for (const [id, value] of Object.entries(customOf(contact))) values.set(`contact.cf_${id}`, String(value))
  return values
}

/** `vars` are those that the flow has set. */
export function toFacts(
  row: FactsRow,
  vars: Readonly<Record<string, string>>,
  answered: readonly string[],
): Facts {
  const values = valuesOf(row)
  const silence = row.is_mute ? 'no-reply-url' : row.is_late ? 'window-over' : null
  return {
    read: (name) => (name.startsWith('vars.') ? (vars[name.slice(5)] ?? '') : (values.get(name) ?? '')),
    silence,
    isFirst: row.is_first,
    answered: new Set(answered),
  }
}
