/**
 * The second factor of a user: an authenticator that shows a new code every thirty seconds, and ten recovery codes.
 *
 * none       signing in takes the password alone
 * beginning  a secret was made and shown; nothing asks for it yet, and beginning again makes another
 * on         confirmed by a first code; signing in takes a code, each once
 */
import { open, type SealingKey, seal } from '@patchbay/kit/crypto.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { SecondFactor, SecondFactorSetUp } from '@patchbay/protocol/api/sign-in.ts'
import { sql } from 'kysely'
import { rulesOf } from '../../access/sign-in-rules.ts'
import type { Db, Tx } from '../../db.ts'
import { newRecoveryCodes, newSecret, plainCode, recoveryDigest, stepOf, uriOf } from './codes.ts'

const MOST_FAILURES = 10
const FAILURES_MINUTES = 15

export async function readSecondFactor(db: Db | Tx, userId: number): Promise<SecondFactor> {
  const { needsSecondFactor } = await rulesOf(db, userId)
  const row = await db
    .selectFrom('second_factor')
    .select('confirmed_at')
    .select((of) =>
      of
        .selectFrom('recovery_code')
        .select(sql<number>`count(*)`.as('left'))
        .whereRef('recovery_code.user_id', '=', 'second_factor.user_id')
        .as('codes_left'),
    )
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  return {
    on: row !== undefined,
    since: row?.confirmed_at?.toISOString() ?? null,
    recoveryCodesLeft: row?.codes_left ?? 0,
    required: needsSecondFactor,
  }
}

/** Takes the place of a set-up that was begun and not confirmed. Throws AU-111 when one is on. */
export async function begin(
  db: Db,
  key: SealingKey,
  user: { id: number; email: string },
  publicUrl: string,
): Promise<SecondFactorSetUp> {
  const secret = newSecret()
  const fields = { secret_sealed: seal(key, placeOf(user.id), secret), created_at: sql<Date>`now()` }
  const row = await db
    .insertInto('second_factor')
    .values({ user_id: user.id, ...fields })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet(fields).where('second_factor.confirmed_at', 'is', null),
    )
    .returning('user_id')
    .executeTakeFirst()
  if (!row) throw new Refusal('AU-111', 'The second factor is on already.')
  return { secret, uri: uriOf(secret, user.email, new URL(publicUrl).hostname) }
}

/** Turns on what was begun, after `countAttempt`. Throws AU-108 or AU-111; answers the recovery codes, kept as digests alone. */
export async function confirm(tx: Tx, key: SealingKey, userId: number, code: string): Promise<string[]> {
  await requireCode(tx, key, userId, code, 'beginning')
  await tx
    .updateTable('second_factor')
    .set({ confirmed_at: sql`now()` })
    .where('user_id', '=', userId)
    .execute()
  return replaceRecoveryCodes(tx, userId)
}

/** Counts a code as wrong until `requireCode` finds it right, for all nodes together. Throws AU-102 or AU-111. */
export async function countAttempt(db: Db, userId: number, state: 'beginning' | 'on'): Promise<void> {
  const isOld = sql<boolean>`failures_since < now() - make_interval(mins => ${FAILURES_MINUTES})`
  const row = await db
    .updateTable('second_factor')
    .set({
      failures: sql`case when ${isOld} then 1 else failures + 1 end`,
      failures_since: sql`case when ${isOld} then now() else failures_since end`,
    })
    .where('user_id', '=', userId)
    .where('confirmed_at', state === 'on' ? 'is not' : 'is', null)
    .returning(['failures', 'failures_since'])
    .executeTakeFirst()
  if (!row) throw new Refusal('AU-111')
  const until = row.failures_since.getTime() + FAILURES_MINUTES * 60_000
  if (row.failures > MOST_FAILURES)
    throw new Refusal('AU-102', undefined, { retryAfterSeconds: (until - Date.now()) / 1000 })
}

/** Uses the code up: the same one is refused ever after, at every node. Throws AU-108. */
export async function requireCode(
  tx: Tx,
  key: SealingKey,
  userId: number,
  code: string,
  state: 'beginning' | 'on' = 'on',
): Promise<void> {
  // The row is locked, so that of two equal codes at the same time one comes second.
  const row = await tx
    .selectFrom('second_factor')
    .select(['secret_sealed', 'last_step'])
    .where('user_id', '=', userId)
    .where('confirmed_at', state === 'on' ? 'is not' : 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('AU-111')
  const step = stepOf(open(key, placeOf(userId), row.secret_sealed), plainCode(code))
  const isNew = step !== null && step > row.last_step
  // Asked in any case: a code of either kind takes the same time.
  const recovery = await tx
    .deleteFrom('recovery_code')
    .where('user_id', '=', userId)
    .where('digest', '=', recoveryDigest(code))
    .returning('user_id')
    .executeTakeFirst()
  if (!isNew && !recovery) throw new Refusal('AU-108')
  await tx
    .updateTable('second_factor')
    .set({ failures: 0, ...(isNew && { last_step: step }) })
    .where('user_id', '=', userId)
    .execute()
}

/** All earlier ones are void. */
export async function replaceRecoveryCodes(tx: Tx, userId: number): Promise<string[]> {
  const codes = newRecoveryCodes()
  await tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
  await tx
    .insertInto('recovery_code')
    .values(codes.map((code) => ({ user_id: userId, digest: recoveryDigest(code) })))
    .execute()
  return codes
}

/** Answers whether one was on. */
export async function remove(tx: Tx, userId: number): Promise<boolean> {
  const row = await tx
    .deleteFrom('second_factor')
    .where('user_id', '=', userId)
    .returning('confirmed_at')
    .executeTakeFirst()
  return row?.confirmed_at != null
}

function placeOf(userId: number): string {
  return `second_factor:${userId}`
}
