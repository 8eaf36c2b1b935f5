/** Whether those who were let in may still be here: for sockets, which stay open long after their request was checked. */
import type { Role } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { isAdmin } from './access.ts'
import type { Caller } from './endpoint.ts'

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

/** By the digest in hex; a pass that ended is missing. */
export async function standingOf(
  db: Db,
  passes: readonly Pass[],
): Promise<Map<string, Standing | 'disabled'>> {
  if (passes.length === 0) return new Map()
  const digests = (kind: Pass['kind']) =>
    passes.filter((pass) => pass.kind === kind).map(({ digest }) => digest)
  const { rows } = await sql<Row>`
    with pass as materialized (
      select digest, user_id from session where digest = any(${digests('session')}::bytea[]) and expires_at > now()
      union all
      select digest, user_id from api_key
      where digest = any(${digests('key')}::bytea[]) and (expires_at is null or expires_at > now())
    ), member as materialized (
      select user_id, array_agg(account_id) as account_ids from account_member
      where user_id in (select user_id from pass) group by user_id
    )
    select encode(p.digest, 'hex') as digest, u.id as user_id, u.fullname, u.role, u.disabled_at is not null as is_disabled,
           coalesce(m.account_ids, '{}') as account_ids
    from pass p join app_user u on u.id = p.user_id left join member m on m.user_id = p.user_id`.execute(db)
  return new Map(rows.map((row) => [row.digest, row.is_disabled ? 'disabled' : toStanding(row)]))
}

interface Row {
  digest: string
  user_id: number
  fullname: string
  role: Role
  is_disabled: boolean
  account_ids: number[]
}

function toStanding(row: Row): Standing {
  return {
    userId: row.user_id,
    fullname: row.fullname,
    role: row.role,
    accountIds: row.role === 'admin' ? null : new Set(row.account_ids),
  }
}

/** Accounts whose interactions the caller sees; null: all. */
export async function accountsOf(db: Db, caller: Caller): Promise<ReadonlySet<number> | null> {
  if (isAdmin(caller)) return null
  const rows = await db
    .selectFrom('account_member')
    .select('account_id')
    .where('user_id', '=', caller.user.id)
    .execute()
  return new Set(rows.flatMap((row) => row.account_id ?? []))
}
