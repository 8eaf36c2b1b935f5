/** A message that nobody has sent, as the flow of an account would see it. */
import type { TryActions } from '@patchbay/protocol/api/actions.ts'
import { sql } from 'kysely'
import { type ContactRow, columns, isTextField, textFields } from '../contacts/contact-row.ts'
import { normalizeKey } from '../contacts/keys.ts'
import type { Tx } from '../db.ts'
import type { FactsRow } from './flow-facts.ts'

interface Account {
  id: number
  uid: string
  name: string
  description: string
  list_id: number
  map_key: string | null
  reply_url: string
}

/** Of the contact whom the sender's value names, when there is one. Ids of what does not exist are 0. */
export async function sampleFacts(
  tx: Tx,
  account: Account,
  { from = '', body }: TryActions,
): Promise<FactsRow> {
  const field = account.map_key ?? 'phone'
  const key = normalizeKey(field, from)
  const { rows } = await sql<{ contact: ContactRow; list_name: string; has_written: boolean }>`
    select to_jsonb(c) as contact, l.name as list_name,
      exists (select from interaction i where i.account_id = ${account.id} and i.contact_id = c.id) as has_written
    from list l left join contact c on c.id = (
      select contact_id from contact_key where list_id = l.id and field = ${field} and value = ${key} order by contact_id limit 1)
    where l.id = ${account.list_id}`.execute(tx)
  const [found] = rows
  const now = new Date()
  return {
    id: 0,
    account_id: account.id,
    state: 'new',
    contact: found?.contact ?? newContact(account.list_id, field, from),
    list_id: account.list_id,
    list_name: found?.list_name ?? '',
    account_uid: account.uid,
    account_name: account.name,
    account_description: account.description,
    is_mute: account.reply_url === '',
    is_late: false,
    is_first: !found?.has_written,
    thread_id: '',
    to_address: null,
    external_url: null,
    subject: null,
    created_at: now,
    tags: '',
    message_id: 0,
    message_body: body,
    message_at: now,
    message_file: null,
  }
}

/** As the Receive URL would make it. */
function newContact(listId: number, field: string, from: string): ContactRow {
  const now = new Date()
  const texts = Object.fromEntries(textFields.map((name) => [columns[name], null]))
  const given = isTextField(field) ? { [columns[field]]: from } : {}
  return {
    id: 0,
    list_id: listId,
    tags: [],
    custom: {},
    created_at: now,
    updated_at: now,
    ...texts,
    first_name: from,
    ...given,
  } as unknown as ContactRow
}
