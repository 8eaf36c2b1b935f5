/** The audit log as it is read: newest first, by who, what, when and text. */
import { Readable } from 'node:stream'
import type { AuditEntry, auditApi } from '@patchbay/protocol/api/audit.ts'
import { csvLine } from '@patchbay/protocol/csv.ts'
import type { Query } from '@patchbay/protocol/endpoint.ts'
import { type RawBuilder, sql } from 'kysely'
import { seesAll } from '../access/access.ts'
import type { Caller, Handlers } from '../access/endpoint.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { createdBetween } from './interactions.ts'

export function auditRoutes({ db }: Context): Handlers<typeof auditApi> {
  return {
    'GET /api/audit': ({ caller, query }) => list(db, caller, query),

    'GET /api/audit/export': async ({ caller, query, reply }) => {
      // What cannot be asked is refused here: a stream that has begun can only break off.
      const first = await list(db, caller, { ...query, limit: AT_ONCE })
      reply.type('text/csv; charset=utf-8')
      reply.header('content-disposition', 'attachment; filename="audit-log.csv"')
      // The framework sends a stream, reads on as it is taken, and ends it with the connection.
      return Readable.from(lines(db, caller, query, first)) as never
    },
  }
}

interface Row {
  id: number
  at: Date
  user_id: number | null
  fullname: string | null
  key_id: number | null
  key_name: string | null
  address: string | null
  action: string
  object: string
  object_id: number | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

const SEARCHED = 200_000

type Filters = Query<(typeof auditApi)['GET /api/audit/export']>

async function list(db: Db, caller: Caller, query: Query<(typeof auditApi)['GET /api/audit']>) {
  const limit = query.limit ?? 50
  const { rows } = await sql<Row>`
    select e.id, e.at, e.user_id, u.fullname, e.key_id, k.name as key_name, e.address, e.action, e.object, e.object_id,
           e.before, e.after
    from audit_entry e left join app_user u on u.id = e.user_id left join api_key k on k.id = e.key_id
    where ${sql.join(filters(caller, query), sql` and `)}
    order by e.id desc limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  return { rows: shown.map(toEntry), before: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

const AT_ONCE = 200
const columns = [
  'id',
  'at',
  'user',
  'key',
  'address',
  'action',
  'object',
  'object id',
  'name',
  'before',
  'after',
]

type Page = Awaited<ReturnType<typeof list>>

async function* lines(db: Db, caller: Caller, query: Filters, first: Page): AsyncGenerator<string> {
  yield csvLine(columns)
  for (let page = first; ; ) {
    yield page.rows.map(toLine).join('')
    if (page.before === null) return
    page = await list(db, caller, { ...query, limit: AT_ONCE, before: page.before })
  }
}

function toLine(entry: AuditEntry): string {
  const { user, key, before, after } = entry
  return csvLine([
    entry.id,
    entry.at,
    user?.fullname ?? null,
    key && (key.name ?? `#${key.id}`),
    entry.address,
    entry.action,
    entry.object,
    entry.objectId,
    entry.objectName,
    before && JSON.stringify(before),
    after && JSON.stringify(after),
  ])
}

function filters(caller: Caller, query: Query<(typeof auditApi)['GET /api/audit']>): RawBuilder<unknown>[] {
  const { from, to } = createdBetween(query)
  const pattern = query.search && `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
  return [
    // Entries tell of accounts, so who sees some of these alone is told of his own acts.
    seesAll(caller) ? sql`true` : sql`e.user_id = ${caller.user.id}`,
    query.before !== undefined && sql`e.id < ${query.before}`,
    query.userId !== undefined && sql`e.user_id = ${query.userId}`,
    query.object !== undefined && sql`e.object = ${query.object}`,
    query.objectId !== undefined && sql`e.object_id = ${query.objectId}`,
    query.action !== undefined && sql`e.action = ${query.action}`,
    from && sql`e.at >= ${from}`,
    to && sql`e.at < ${to}::timestamptz + interval '1 ms'`,
    pattern &&
      sql`e.id > (select coalesce(max(id), 0) - ${SEARCHED} from audit_entry)
        and concat_ws(' ', u.fullname, e.action, e.object, e.before::text, e.after::text) ilike ${pattern}`,
  ].filter((condition) => condition !== false && condition !== undefined && condition !== '')
}

function toEntry(row: Row): AuditEntry {
  const { user_id, key_id, object_id } = row
  return {
    id: row.id,
    at: row.at.toISOString(),
    user: user_id === null ? null : { id: user_id, fullname: row.fullname ?? '' },
    key: key_id === null ? null : { id: key_id, name: row.key_name },
    address: row.address,
    action: row.action,
    object: row.object,
    objectId: object_id,
    objectName: nameIn(row.after) ?? nameIn(row.before),
    before: row.before,
    after: row.after,
  }
}

// What did not change is not kept, so the name is known where it was made, renamed or deleted.
function nameIn(fields: Record<string, unknown> | null): string | null {
  const name = fields?.fullname ?? fields?.name
  return typeof name === 'string' ? name : null
}
