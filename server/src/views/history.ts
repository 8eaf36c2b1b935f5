/** A contact's interactions, newest first, those that the caller may see. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import type { contactsApi, HistoryRow } from '@patchbay/protocol/api/contacts.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { findContact } from './contacts.ts'

type Routes = Pick<typeof contactsApi, 'GET /api/contacts/:id/interactions'>

export function historyRoutes({ db }: Context): Handlers<Routes> {
  return {
    'GET /api/contacts/:id/interactions': ({ caller, params, query }) =>
      listHistory(db, caller, params.id, query),
  }
}

interface Row {
  id: number
  account_id: number
  account_name: string
  state: string
  user_id: number | null
  fullname: string | null
  preview: string | null
  disposition: string | null
  created_at: Date
  last_message_at: Date
  closed_at: Date | null
}

async function listHistory(
  db: Db,
  caller: Caller,
  contactId: number,
  query: Query<Routes['GET /api/contacts/:id/interactions']>,
) {
  await findContact(db, caller, contactId)
  const page = readPage(query, ['number'])
  const visible = sql`i.contact_id = ${contactId} and ${visibleAccounts(caller, 'i.account_id')}`
  const before = page.after?.[0] ?? Number.MAX_SAFE_INTEGER
  const [{ rows }, counted] = await Promise.all([
    sql<Row>`
      select i.id, i.account_id, a.name as account_name, i.state, i.user_id, u.fullname,
        i.last_message_preview as preview, i.disposition, i.created_at, i.last_message_at, i.closed_at
      from interaction i join account a on a.id = i.account_id left join app_user u on u.id = i.user_id
      where ${visible} and i.id < ${before}
      order by i.id desc limit ${page.limit + 1} offset ${page.offset}`.execute(db),
    sql<{ count: number }>`
      select count(*) as count from (select from interaction i where ${visible} limit ${COUNT_CEILING + 1}) found`.execute(
      db,
    ),
  ])
  return listAnswer(page, rows, counted.rows[0]?.count ?? 0, toHistoryRow, ({ id }) => [id])
}

function toHistoryRow(row: Row): HistoryRow {
  return {
    id: row.id,
    account: { id: row.account_id, name: row.account_name },
    state: row.state,
    agent: row.user_id === null ? null : { id: row.user_id, fullname: row.fullname ?? '' },
    preview: row.preview ?? '',
    disposition: row.disposition,
    createdAt: row.created_at.toISOString(),
    lastMessageAt: row.last_message_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
  }
}
