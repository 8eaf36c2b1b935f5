/** Who changed what. The database writes it by itself; it is told here who acts, and asked what it has. */
import type { Chores } from '@patchbay/kit/chores.ts'
import { transaction } from '@patchbay/kit/database.ts'
import type { CloudAuditEntry } from '@patchbay/protocol/api/cloud-audit.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { wordsOf } from '../texts/say.ts'

export interface Actor {
  readonly user: { readonly id: number }
  readonly address: string
}

/** What the rest of the transaction changes is his doing. */
export async function actAs(tx: Tx, { user, address }: Actor): Promise<void> {
  const actor = JSON.stringify({ userId: user.id, address })
  await sql`select set_config('patchbay.actor', ${actor}, true)`.execute(tx)
}

/** What was done to the user's own things, by whomever, newest first. */
export async function list(
  db: Db,
  { id: userId, locale }: { id: number; locale: string },
  {
    integrationId,
    before,
    limit,
  }: { integrationId?: number | undefined; before?: number | undefined; limit: number },
): Promise<CloudAuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .select(pageName)
    .where('owner_id', '=', userId)
    .$if(integrationId !== undefined, (query) =>
      query.where('object', '=', 'integration').where('object_id', '=', integrationId ?? 0),
    )
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => {
    const isOwn = row.user_id === userId
    return {
      id: row.id,
      at: row.at.toISOString(),
      by: isOwn ? 'you' : row.user_id === null ? 'program' : 'somebody',
      address: isOwn ? row.address : null,
      action: row.action,
      object: row.object,
      objectId: row.object_id,
      objectName: row.page_name,
      before: inWords(row.before, locale),
      after: inWords(row.after, locale),
    }
  })
}

/** By what was written down: the integration may be gone. */
const pageName = sql<string | null>`(
  select coalesce(named.after ->> 'page_name', named.before ->> 'page_name') from audit_entry named
  where audit_entry.object = 'integration' and named.object = 'integration' and named.object_id = audit_entry.object_id
    and (named.after ? 'page_name' or named.before ? 'page_name')
  order by named.id desc limit 1)`.as('page_name')

/** Reasons are kept as codes. */
function inWords(value: unknown, locale: string): CloudAuditEntry['before'] {
  const fields = value as CloudAuditEntry['before']
  const reason = fields?.state_reason
  return typeof reason === 'string' ? { ...fields, state_reason: wordsOf(reason, locale) } : fields
}

export function auditChores({ db, config: { auditDays } }: Pick<Context, 'db' | 'config'>): Chores {
  return {
    'forget-audit': {
      every: '41 4 * * *',
      run: () =>
        transaction(db, async (tx) => {
          // The table lets nothing go whose age nobody has named.
          await sql`select set_config('patchbay.audit_days', ${String(auditDays)}, true)`.execute(tx)
          await sql`delete from audit_entry where at < now() - make_interval(days => ${auditDays})`.execute(
            tx,
          )
        }),
    },
  }
}
