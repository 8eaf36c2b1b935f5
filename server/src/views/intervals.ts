/** Intervals as they are shown: whether they are open now, and the accounts whose actions name them. */
import { listAnswer, readPage } from '@patchbay/kit/paging.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Interval, intervalsApi } from '@patchbay/protocol/api/intervals.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type SqlBool, sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { isOpen } from '../intervals/hours.ts'
import { hoursOf, type IntervalRow } from '../intervals/intervals.ts'

type ShownRow = IntervalRow & { accounts: { id: number; name: string }[] }
type Routes = Pick<typeof intervalsApi, 'GET /api/intervals' | 'GET /api/intervals/:id'>

export function intervalViewRoutes({ db }: Context): Handlers<Routes> {
  return {
    'GET /api/intervals': ({ caller, query }) => listIntervals(db, caller, query),
    'GET /api/intervals/:id': ({ caller, params }) => readInterval(db, caller, params.id),
  }
}

export async function readInterval(db: Db | Tx, caller: Caller, id: number): Promise<Interval> {
  const row = await select(db, caller).where('business_interval.id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('GE-105', `There is no interval ${id}.`)
  return toInterval(row)
}

/** By name. */
async function listIntervals(db: Db, caller: Caller, query: Query<Routes['GET /api/intervals']>) {
  const page = readPage(query, ['string', 'number'])
  const sortName = sql<string>`lower(business_interval.name)`
  const pattern = query.search ? `%${query.search.replace(/[\\%_]/g, '\\$&')}%` : '%'
  let rows = select(db, caller)
    .select(sortName.as('sort_name'))
    .where('business_interval.name', 'ilike', pattern)
  if (page.after)
    rows = rows.where(
      sql<SqlBool>`(${sortName}, business_interval.id) > (${page.after[0]}, ${page.after[1]})`,
    )
  const [found, counted] = await Promise.all([
    rows
      .orderBy(sortName)
      .orderBy('business_interval.id')
      .limit(page.limit + 1)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom('business_interval')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('name', 'ilike', pattern)
      .executeTakeFirstOrThrow(),
  ])
  return listAnswer(page, found, counted.count, toInterval, (row) => [row.sort_name, row.id])
}

function select(db: Db | Tx, caller: Caller) {
  const accounts = sql<{ id: number; name: string }[]>`(
    select coalesce(json_agg(json_build_object('id', account.id, 'name', account.name) order by lower(account.name)), '[]')
    from account
    where account.deleted_at is null and ${visibleAccounts(caller, 'account.id')}
      and account.actions @> jsonb_build_array(jsonb_build_object('intervalId', business_interval.id)))`
  return db.selectFrom('business_interval').selectAll('business_interval').select(accounts.as('accounts'))
}

function toInterval(row: ShownRow): Interval {
  const hours = hoursOf(row)
  return {
    id: row.id,
    name: row.name,
    timeZone: hours.timeZone,
    always: hours.always,
    ranges: [...hours.ranges],
    holidays: [...hours.holidays],
    isOpen: isOpen(hours, new Date()),
    accounts: row.accounts,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
