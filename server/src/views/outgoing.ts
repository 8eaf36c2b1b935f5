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
  const { rows } = await pool.query<Row>({
    name: 'outgoing',
    text: 'select * from outgoing($1)',
    values: [messageIds],
  })
  return rows.map(toOutgoing)
}

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
