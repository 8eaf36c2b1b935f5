/** New tokens and signing secrets for an account, with the old ones working on for a while. */
import type { SealingKey } from '@patchbay/kit/crypto.ts'
import { sql } from 'kysely'
import type { Caller } from '../access/endpoint.ts'
import { record } from '../audit/audit.ts'
import type { Tx } from '../db.ts'
import type { AccountRow } from './account-row.ts'
import { alter, find } from './accounts.ts'
import { newSecret, newToken, openSecret } from './secrets.ts'

const SECRET_OVERLAP_SECONDS = 24 * 60 * 60

const inSeconds = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`

/** At most one old token works beside the new one: a second rotation ends the overlap of the first. */
export async function rotateToken(
  tx: Tx,
  key: SealingKey,
  caller: Caller,
  id: number,
  overlapSeconds: number,
): Promise<AccountRow> {
  return alter(tx, caller, id, 'token-rotated', async (before) => {
    const token = newToken(key, before.uid)
    return {
      token_digest: token.digest,
      token_sealed: token.sealed,
      old_token_digest: overlapSeconds > 0 ? before.token_digest : null,
      old_token_until: overlapSeconds > 0 ? inSeconds(overlapSeconds) : null,
    }
  })
}

export async function endOldToken(tx: Tx, caller: Caller, id: number): Promise<AccountRow> {
  return alter(tx, caller, id, 'old-token-ended', async () => ({
    old_token_digest: null,
    old_token_until: null,
  }))
}

export async function rotateSecret(
  tx: Tx,
  key: SealingKey,
  caller: Caller,
  id: number,
): Promise<{ secret: string; uid: string }> {
  let secret = ''
  const { uid } = await alter(tx, caller, id, 'secret-rotated', async (before) => {
    const fresh = newSecret(key, before.uid)
    secret = fresh.secret
    return {
      secret_sealed: fresh.sealed,
      old_secret_sealed: before.secret_sealed,
      old_secret_until: inSeconds(SECRET_OVERLAP_SECONDS),
    }
  })
  return { secret, uid }
}

/** Who looked at a secret is worth knowing when one leaks. */
export async function revealSecret(
  tx: Tx,
  key: SealingKey,
  caller: Caller,
  id: number,
): Promise<{ secret: string; uid: string }> {
  const { uid, secret_sealed } = await find(tx, caller, id)
  await record(tx, caller, { action: 'secret-shown', object: 'account', objectId: id })
  return { secret: openSecret(key, uid, secret_sealed), uid }
}
