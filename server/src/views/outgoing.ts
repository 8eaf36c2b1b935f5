/** Answers with all that their wire body tells: contact, interaction, agent and file. */
import type { Pool } from '@patchbay/kit/database.ts'
import type { Reply } from '@patchbay/protocol/open-channel.ts'
import { type ContactRow, customOf, textsOf } from '../contacts/contact-row.ts'

export interface Outgoing {
  messageId: number
  status: string
  body: string
  accountId: number
  interaction: Reply['Interaction']
  contact: Reply['Contact']
  /** Null: no agent wrote it. */
  agent: { id: number; name: string; fullname: string } | null
  file: { id: number; name: string; type: string; sizeBytes: number; isGone: boolean } | null
}

interface Row {
  message_id: number
  status: string
  body: string
  account_id: number
  interaction_id: number
  to_address: string | null
  thread_id: string
  external_url: string | null
  subject: string | null
  created_at: Date
  contact_id: number
  contact: ContactRow
  custom_field_ids: number[]
  user_id: number | null
  user_name: string
  user_fullname: string
  file_id: number | null
  file_name: string
  file_type: string
  file_size_bytes: number
  file_gone: boolean
}

/** Messages that no longer exist are missing. */
export async function outgoing(pool: Pool, messageIds: readonly number[]): Promise<Outgoing[]> {
  const { rows } = await pool.query<Row>({ name: 'outgoing', text, values: [messageIds] })
  return rows.map(toOutgoing)
}

const text = `
    select m.id as message_id, m.status, m.body, m.account_id, i.id as interaction_id, i.to_address, i.thread_id, i.external_url,
           i.subject, i.created_at, c.id as contact_id, to_jsonb(c) as contact,
           array(select f.id from custom_field f where f.list_id is null or f.list_id = c.list_id order by f.id) as custom_field_ids,
           u.id as user_id, u.name as user_name, u.fullname as user_fullname, a.id as file_id, a.name as file_name,
           a.type as file_type, a.size_bytes as file_size_bytes, a.removed_at is not null or a.expires_at <= now() as file_gone
    from message m
    join interaction i on i.id = m.interaction_id
    join contact c on c.id = m.contact_id
    left join app_user u on u.id = m.user_id
    left join attachment a on a.id = m.attachment_id
    where m.id = any($1)`

function toOutgoing(row: Row): Outgoing {
  return {
    messageId: row.message_id,
    status: row.status,
    body: row.body,
    accountId: row.account_id,
    interaction: {
      id: row.interaction_id,
      to: row.to_address,
      threadId: row.thread_id || null,
      externalUrl: row.external_url,
      subject: row.subject,
      createdAt: row.created_at.toISOString(),
    },
    contact: toWireContact(row.contact, row.custom_field_ids),
    agent:
      row.user_id === null ? null : { id: row.user_id, name: row.user_name, fullname: row.user_fullname },
    file:
      row.file_id === null
        ? null
        : {
            id: row.file_id,
            name: row.file_name,
            type: row.file_type,
            sizeBytes: row.file_size_bytes,
            isGone: row.file_gone,
          },
  }
}

// Every custom field of the list is there, as every standard one is: a receiver need not tell empty from unknown.
function toWireContact(contact: ContactRow, customFieldIds: readonly number[]): Reply['Contact'] {
  const custom = customOf(contact)
  return {
    id: contact.id,
    ...textsOf(contact),
    tags: contact.tags,
    ListId: contact.list_id,
    ...Object.fromEntries(customFieldIds.map((id) => [`cf_${id}`, custom[id] ?? null])),
  }
}
