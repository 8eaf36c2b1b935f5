/** API keys as credentials: found by their digest. Making and revoking them is people's matter. */
import { sha256 } from '@patchbay/kit/crypto.ts'
import type { Scope } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { type Identity, identity } from './identity.ts'

export async function find(db: Db, key: string): Promise<Identity | null> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select([...identity, 'api_key.id as key_id', 'api_key.scopes', 'api_key.expires_at'])
    .where('api_key.digest', '=', sha256(key))
    .where((where) =>
      where.or([where('api_key.expires_at', 'is', null), where('api_key.expires_at', '>', sql<Date>`now()`)]),
    )
    .where('app_user.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { key_id, scopes, expires_at, ...user } = row
  return { user, scopes: scopes as Scope[] | null, keyId: key_id, expiresAt: expires_at }
}

export interface KeyUse {
  id: number
  at: Date
  address: string
}

export async function touch(db: Db, uses: readonly KeyUse[]): Promise<void> {
  await sql`
    update api_key set last_used_at = used.at, last_used_ip = used.address
    from unnest(${uses.map((use) => use.id)}::bigint[], ${uses.map((use) => use.at)}::timestamptz[],
                ${uses.map((use) => use.address)}::text[]) as used (id, at, address)
    where api_key.id = used.id`.execute(db)
}
