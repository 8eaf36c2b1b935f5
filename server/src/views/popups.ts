/** Pop-ups as the agents see them who have the interactions. */
import type { Popup } from '@patchbay/protocol/api/triggers.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { contactName } from './inbox-rows.ts'

const MOST = 50

interface Row {
  id: number
  user_id: number
  account_id: number
  interaction_id: number
  contact_id: number
  contact_name: string | null
  title: string
  body: string
  url: string | null
  created_at: Date
}

/** The oldest first, at most 50 of a user, none of an account that he may not see. */
export async function openPopups(
  db: Db,
  userIds: readonly number[],
  sees: (userId: number, accountId: number) => boolean,
): Promise<Map<number, Popup[]>> {
  const popups = new Map<number, Popup[]>(userIds.map((id) => [id, []]))
  if (userIds.length === 0) return popups
  const { rows } = await sql<Row>`
    select p.id, i.user_id, i.account_id, p.interaction_id, i.contact_id, ${contactName} as contact_name, p.title, p.body, p.url,
           p.created_at
    from popup p
    join interaction i on i.id = p.interaction_id
    left join contact c on c.id = i.contact_id
    where i.user_id = any(${userIds}::bigint[]) and i.closed_at is null and p.created_at > now() - interval '1 day'
    order by p.id`.execute(db)
  for (const row of rows) {
    const own = popups.get(row.user_id)
    if (own && own.length < MOST && sees(row.user_id, row.account_id)) own.push(toPopup(row))
  }
  return popups
}

function toPopup(row: Row): Popup {
  return {
    id: row.id,
    interactionId: row.interaction_id,
    contact: { id: row.contact_id, name: row.contact_name ?? `#${row.contact_id}` },
    title: row.title,
    text: row.body,
    url: row.url,
    createdAt: row.created_at.toISOString(),
  }
}
