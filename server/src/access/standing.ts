/** Whether those who were let in may still be here: for sockets, which stay open long after their request was checked. */
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { seesAll } from './access.ts'
import type { Caller } from './endpoint.ts'
import { allowedBy } from './identity.ts'
import { seenUserId } from './sessions.ts'

/** What let somebody in: the digest of a session or of a key. */
export interface Pass {
  readonly kind: 'session' | 'key'
  readonly digest: Buffer
}

export interface Standing {
  userId: number
  fullname: string
  /** Accounts whose interactions the user sees; null: all. Without the Open Channel module: none. */
  accountIds: ReadonlySet<number> | null
  /** What he may, as one word: another word, other rights. */
  rights: string
  /** Whether interactions may be offered to him. */
  mayAnswer: boolean
  /** Somebody else looks at this user's desk: he is not there himself. */
  isViewed: boolean
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
      select digest, user_id as owner_id, ${seenUserId} as user_id from session
      where digest = any(${digests('session')}::bytea[]) and expires_at > now()
      union all
      select digest, user_id, user_id from api_key
      where digest = any(${digests('key')}::bytea[]) and (expires_at is null or expires_at > now())
    ), member as materialized (
      select user_id, array_agg(account_id) as account_ids from account_member
      where user_id in (select user_id from pass) group by user_id
    )
    select encode(p.digest, 'hex') as digest, u.id as user_id, u.fullname, o.disabled_at is not null as is_disabled,
           p.owner_id <> p.user_id as is_viewed, r.preset, r.permissions, coalesce(m.account_ids, '{}') as account_ids
    from pass p join app_user u on u.id = p.user_id join app_user o on o.id = p.owner_id join role r on r.id = u.role_id
    left join member m on m.user_id = p.user_id`.execute(db)
  return new Map(rows.map((row) => [row.digest, row.is_disabled ? 'disabled' : toStanding(row)]))
}

interface Row {
  digest: string
  user_id: number
  fullname: string
  is_disabled: boolean
  is_viewed: boolean
  preset: string | null
  permissions: string[]
  account_ids: number[]
}

function toStanding(row: Row): Standing {
  const allowed = allowedBy(row)
  const isIn = allowed.has('openchannel')
  return {
    userId: row.user_id,
    fullname: row.fullname,
    accountIds: isIn && allowed.has('accounts.all') ? null : new Set(isIn ? row.account_ids : []),
    rights: [...allowed].sort().join(),
    mayAnswer: isIn && allowed.has('openchannel.answer'),
    isViewed: row.is_viewed,
  }
}

/** Accounts whose interactions the caller sees; null: all. */
export async function accountsOf(db: Db, caller: Caller): Promise<ReadonlySet<number> | null> {
  if (seesAll(caller)) return null
  const rows = await db
    .selectFrom('account_member')
    .select('account_id')
    .where('user_id', '=', caller.user.id)
    .execute()
  return new Set(rows.flatMap((row) => row.account_id ?? []))
}
