/** The digests by which a relay finds this server: of account tokens and API keys that work now, and of accounts' uids. */
import type { Registration } from '@patchbay/protocol/relay.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'

export async function readRelayed(db: Db): Promise<Omit<Registration, 'name'>> {
  const accounts = await db
    .selectFrom('account')
    .select(['id', 'token_digest', 'old_token_digest'])
    .select(sql<boolean>`coalesce(old_token_until > now(), false)`.as('is_overlapping'))
    .select(sql<string>`encode(sha256(convert_to(uid::text, 'UTF8')), 'hex')`.as('uid_digest'))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  const keys = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select('api_key.digest')
    .where('app_user.disabled_at', 'is', null)
    .where(sql<boolean>`coalesce(api_key.expires_at > now(), true)`)
    .orderBy('api_key.id')
    .execute()
  return {
    accounts: accounts.map(({ id, uid_digest, token_digest, old_token_digest, is_overlapping }) => ({
      id,
      uid: uid_digest,
      digests: [token_digest, ...(old_token_digest && is_overlapping ? [old_token_digest] : [])].map(
        (digest) => digest.toString('hex'),
      ),
    })),
    keys: keys.map(({ digest }) => digest.toString('hex')),
  }
}
