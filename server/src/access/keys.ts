/** API keys as credentials: kept as digests, found by them. Who may make which is people's matter. */
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import type { Scope } from '@patchbay/protocol/endpoint.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { keyPrefix } from './credential.ts'
import { type Identity, identity, toUser } from './identity.ts'

export async function find(db: Db, key: string): Promise<Identity | null> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .select([...identity, 'api_key.id as key_id', 'api_key.scopes', 'api_key.expires_at'])
    .where('api_key.digest', '=', sha256(key))
    .where((where) =>
      where.or([where('api_key.expires_at', 'is', null), where('api_key.expires_at', '>', sql<Date>`now()`)]),
    )
    .where('app_user.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { key_id, scopes, expires_at, ...user } = row
  return {
    user: toUser(user),
    viewer: null,
    scopes: scopes as Scope[] | null,
    keyId: key_id,
    expiresAt: expires_at,
  }
}

export interface NewKey {
  user_id: number
  name: string
  scopes: Scope[] | null
  expires_at: Date | null
}

const SHOWN_START = keyPrefix.length + 4

/** Answers the key itself, which is kept nowhere. */
export async function add(tx: Tx, fields: NewKey): Promise<{ id: number; key: string }> {
  const key = randomToken(keyPrefix)
  const { id } = await tx
    .insertInto('api_key')
    .values({ ...fields, digest: sha256(key), start: key.slice(0, SHOWN_START), last4: key.slice(-4) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, key }
}

/** The old key ends after the overlap at the latest. */
export async function replace(
  tx: Tx,
  id: number,
  successorId: number,
  overlapSeconds: number,
): Promise<void> {
  await tx
    .updateTable('api_key')
    .set({
      replaced_by: successorId,
      expires_at: sql`least(expires_at, now() + make_interval(secs => ${overlapSeconds}))`,
    })
    .where('id', '=', id)
    .execute()
}

export async function remove(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('api_key').where('id', '=', id).execute()
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
