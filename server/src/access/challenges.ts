/**
 * Sign-ins of which one step is still to come: somebody's password was right, and his second factor is wanted.
 *
 * open   made by a right password; lives five minutes and takes five codes
 * ended  by the session that it opened, by its end, or with all sessions of the user
 */
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { challengePrefix } from './credential.ts'
import { type Identity, identity, toUser } from './identity.ts'

export type ChallengeStep = 'code' | 'set-up'

const MOST_TRIES = 5

/** Answers the challenge itself, which is kept nowhere. */
export async function startChallenge(
  db: Db | Tx,
  userId: number,
  step: ChallengeStep,
): Promise<{ challenge: string; expiresAt: Date }> {
  const challenge = randomToken(challengePrefix)
  const { expires_at } = await db
    .insertInto('sign_in_challenge')
    .values({
      digest: sha256(challenge),
      user_id: userId,
      purpose: step,
      expires_at: sql`now() + interval '5 minutes'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { challenge, expiresAt: expires_at }
}

/** Whose sign-in it is, while it is open for such a step. */
export async function findChallenge(
  db: Db | Tx,
  challenge: string,
  step: ChallengeStep,
): Promise<Identity['user'] | undefined> {
  const row = await db
    .selectFrom('sign_in_challenge')
    .innerJoin('app_user', 'app_user.id', 'sign_in_challenge.user_id')
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .select(identity)
    .where('digest', '=', sha256(challenge))
    .where('purpose', '=', step)
    .where('tries', '<=', MOST_TRIES)
    .where('expires_at', '>', sql<Date>`now()`)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return row && toUser(row)
}

/** Counts one code, in a statement of its own, so that codes tried at the same time are counted as well. */
export async function countTry(db: Db, challenge: string): Promise<void> {
  await db
    .updateTable('sign_in_challenge')
    .set({ tries: sql`tries + 1` })
    .where('digest', '=', sha256(challenge))
    .execute()
}

/** Answers whether it was still there: of two at once one opens a session. */
export async function useChallenge(tx: Tx, challenge: string): Promise<boolean> {
  const row = await tx
    .deleteFrom('sign_in_challenge')
    .where('digest', '=', sha256(challenge))
    .returning('user_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function endChallenges(tx: Db | Tx, userId: number): Promise<void> {
  await tx.deleteFrom('sign_in_challenge').where('user_id', '=', userId).execute()
}

export async function removeEndedChallenges(db: Db): Promise<void> {
  await db.deleteFrom('sign_in_challenge').where('expires_at', '<', sql<Date>`now()`).execute()
}
