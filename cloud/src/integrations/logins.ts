/** Who has logged in at Facebook, and the ways to its dialog that are under way. */
import { open, randomToken, type SealingKey, seal, sha256 } from '@patchbay/kit/crypto.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'

export interface Login {
  token: string
  tokenExpiresAt: Date | null
  facebookUserId: string
  name: string
  granted: string[]
  declined: string[]
}

const ATTEMPT_LIFETIME = sql`interval '15 minutes'`

/** Answers the state for the dialog: it works once, in this session. */
export async function begin(db: Db, sessionId: number): Promise<string> {
  const state = randomToken('')
  await db
    .insertInto('connect_attempt')
    .values({
      digest: sha256(state),
      session_id: sessionId,
      expires_at: sql<Date>`now() + ${ATTEMPT_LIFETIME}`,
    })
    .execute()
  return state
}

/** Whether the state was given to this session and has not been used. It cannot be used again. */
export async function come(db: Db, sessionId: number, state: string): Promise<boolean> {
  const row = await db
    .deleteFrom('connect_attempt')
    .where('digest', '=', sha256(state))
    .where('session_id', '=', sessionId)
    .returning('expires_at')
    .executeTakeFirst()
  return row !== undefined && row.expires_at > new Date()
}

export async function save(
  { db, sealingKey }: Pick<Context, 'db' | 'sealingKey'>,
  userId: number,
  login: Login,
): Promise<void> {
  const fields = {
    token_sealed: seal(sealingKey, rowOf(userId), login.token),
    token_expires_at: login.tokenExpiresAt,
    facebook_user_id: login.facebookUserId,
    name: login.name,
    granted: login.granted,
    declined: login.declined,
    created_at: sql<Date>`now()`,
  }
  await db
    .insertInto('facebook_login')
    .values({ user_id: userId, ...fields })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(fields))
    .execute()
}

/** What it may do, as far as that has changed. */
export async function noteGranted(
  db: Db,
  userId: number,
  { granted, declined }: Pick<Login, 'granted' | 'declined'>,
): Promise<void> {
  await db
    .updateTable('facebook_login')
    .set({ granted, declined })
    .where('user_id', '=', userId)
    .where(sql<boolean>`(granted, declined) is distinct from (${granted}::text[], ${declined}::text[])`)
    .execute()
}

export async function find(db: Db, key: SealingKey, userId: number): Promise<Login | undefined> {
  const row = await db
    .selectFrom('facebook_login')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!row || (row.token_expires_at && row.token_expires_at < new Date())) return undefined
  return {
    token: open(key, rowOf(userId), row.token_sealed),
    tokenExpiresAt: row.token_expires_at,
    facebookUserId: row.facebook_user_id,
    name: row.name,
    granted: row.granted,
    declined: row.declined,
  }
}

export async function forget(db: Db | Tx, userId: number): Promise<void> {
  await db.deleteFrom('facebook_login').where('user_id', '=', userId).execute()
}

/** Every login of one person at Facebook, whichever users of ours they belong to. */
export async function forgetPerson(tx: Tx, facebookUserId: string): Promise<void> {
  await tx.deleteFrom('facebook_login').where('facebook_user_id', '=', facebookUserId).execute()
}

export async function removeEnded(db: Db): Promise<void> {
  await db.deleteFrom('connect_attempt').where('expires_at', '<', sql<Date>`now()`).execute()
  await db.deleteFrom('facebook_login').where('token_expires_at', '<', sql<Date>`now()`).execute()
}

const rowOf = (userId: number): string => `facebook_login:${userId}`
