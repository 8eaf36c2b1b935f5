/** Whether those who were let in may still be here: for sockets, which stay open long after their request was checked. */
import type { Role } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** What let somebody in: the digest of a session or of a key. */
export interface Pass {
  readonly kind: 'session' | 'key'
  readonly digest: Buffer
}

export interface Standing {
  userId: number
  fullname: string
  role: Role
  /** Accounts whose interactions the user sees; null: all. */
  accountIds: ReadonlySet<number> | null
}

/** By the digest in hex; a pass that ended, or whose user was disabled, is missing. */
export async function standingOf(db: Db, passes: readonly Pass[]): Promise<Map<string, Standing>> {
  if (passes.length === 0) return new Map()
  const digests = (kind: Pass['kind']) =>
    passes.filter((pass) => pass.kind === kind).map(({ digest }) => digest)
  const { rows } = await sql<{
    digest: string
    user_id: number
    fullname: string
    role: Role
    account_ids: number[]
  }>`
    with pass as materialized (
      select digest, user_id from session where digest = any(${digests('session')}::bytea[]) and expires_at > now()
      union all
      select digest, user_id from api_key
      where digest = any(${digests('key')}::bytea[]) and (expires_at is null or expires_at > now())
    ), member as materialized (
      select user_id, array_agg(account_id) as account_ids from account_member
      where user_id in (select user_id from pass) group by user_id
    )
    select encode(p.digest, 'hex') as digest, u.id as user_id, u.fullname, u.role, coalesce(m.account_ids, '{}') as account_ids
    from pass p join app_user u on u.id = p.user_id left join member m on m.user_id = p.user_id
    where u.disabled_at is null`.execute(db)
  return new Map(rows.map((row) => [row.digest, toStanding(row)]))
}

function toStanding(row: { user_id: number; fullname: string; role: Role; account_ids: number[] }): Standing {
  return {
    userId: row.user_id,
    fullname: row.fullname,
    role: row.role,
    accountIds: row.role === 'admin' ? null : new Set(row.account_ids),
  }
}
