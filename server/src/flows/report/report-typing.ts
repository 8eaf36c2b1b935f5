/** A customer is typing: told to the agents who look at his interactions, kept nowhere. */
import { sql } from 'kysely'
import type { AccountEntry } from '../../accounts/directory.ts'
import { findContact, type Given, type ReportContext } from './report-fields.ts'

export async function takeTyping(
  { db, push }: ReportContext,
  account: AccountEntry,
  given: Given,
): Promise<object> {
  const contactId = await findContact(db, account, given)
  if (contactId === undefined) return { interactions: [] }
  const { rows } = await sql<{ id: number }>`
    select id from interaction
    where contact_id = ${contactId} and account_id = ${account.id} and closed_at is null order by id`.execute(
    db,
  )
  if (rows.length > 0) push.ring({ typing: rows.map(({ id }) => id) })
  return { interactions: rows }
}
