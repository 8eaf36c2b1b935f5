/** The door of the delivery room: the deliveries that accounts are owed, and making one once more. */
import { COUNT_CEILING, listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { accountsApi, DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type Selectable, type SqlBool, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { DeliveryTable } from '../database.gen.ts'
import type { Db, Tx } from '../db.ts'

type ListQuery = Query<(typeof accountsApi)['GET /api/openchannel/deliveries']>
type Row = Selectable<DeliveryTable>

/** Newest first. */
export async function list(db: Db, caller: Caller, query: ListQuery) {
  const page = readPage(query, ['number', 'number'])
  let matching = db.selectFrom('delivery').where(visibleAccounts(caller, 'delivery.account_id'))
  if (query.accountId !== undefined) matching = matching.where('account_id', '=', query.accountId)
  if (query.interactionId !== undefined) matching = matching.where('interaction_id', '=', query.interactionId)
  if (query.state !== undefined) matching = matching.where(sql<string>`state`, '=', query.state)
  // Microseconds: a Date would lose the digits that tell two rows apart.
  const instant = sql<number>`(extract(epoch from created_at) * 1000000)::bigint`
  let rows = matching.selectAll().select(instant.as('instant'))
  if (page.after)
    rows = rows.where(
      sql<SqlBool>`(created_at, id) < (timestamptz 'epoch' + ${page.after[0]} * interval '1 microsecond', ${page.after[1]})`,
    )
  const [found, counted] = await Promise.all([
    rows
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(
        matching
          .select('id')
          .limit(COUNT_CEILING + 1)
          .as('found'),
      )
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, found, counted.count, toDeliveryRow, ({ instant: at, id }) => [at, id])
}

/** Refuses with GE-105 what does not exist or is not the caller's. */
export async function find(db: Db, caller: Caller, id: number): Promise<Row> {
  const row = await db
    .selectFrom('delivery')
    .selectAll()
    .where('id', '=', id)
    .where(visibleAccounts(caller, 'delivery.account_id'))
    .executeTakeFirst()
  if (!row) throw new Refusal('GE-105')
  return row
}

/** The newest of a message; undefined when it was never owed to anybody. */
export async function latestOf(db: Db, messageId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('delivery')
    .select('id')
    .where('message_id', '=', messageId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/**
 * A delivery of its own behind what its lane holds, under the webhook id of the first. Refused while one of the same message is
 * pending. Ring `deliver` afterwards.
 */
export async function replay(db: Db | Tx, id: number): Promise<number> {
  const { rows } = await sql<{ id: number | null }>`select replay_delivery(${id}) as id`.execute(db)
  const made = rows[0]?.id
  if (!made) throw new Refusal('RE-104', 'A delivery of this answer is under way.')
  return made
}

export function toDeliveryRow(row: Row): DeliveryRow {
  return {
    id: row.id,
    event: row.event,
    messageId: row.message_id,
    interactionId: row.interaction_id > 0 ? row.interaction_id : null,
    accountId: row.account_id,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.state === 'pending' ? row.next_at.toISOString() : null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}
