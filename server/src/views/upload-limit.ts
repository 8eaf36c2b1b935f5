/** How large a file a caller may upload: what the installation takes, or more where one of his accounts does. */
import { sql } from 'kysely'
import { visibleAccounts } from '../access/access.ts'
import type { Caller } from '../access/endpoint.ts'
import type { Context } from '../context.ts'

// Which account an upload is for is not known yet; the message that holds it is measured by its own account's limit.
export async function uploadLimit(
  { db, config }: Pick<Context, 'db' | 'config'>,
  caller: Caller,
): Promise<number> {
  const { rows } = await sql<{ most: number | null }>`
    select max(attachment_limit_bytes) as most from account
    where deleted_at is null and ${visibleAccounts(caller, 'account.id')}`.execute(db)
  return Math.max(config.attachmentLimitBytes, rows[0]?.most ?? 0)
}
