/** Sessions: opaque tokens of which only the digest is kept; they end after 12 hours without use, and after 30 days in any case. */
import type { Chores } from '@patchbay/kit/chores.ts'
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import type { Caller } from './endpoint.ts'

const PREFIX = 'pcs_'
const TOUCH_AFTER = sql`interval '1 minute'`

export interface NewSession {
  userId: number
  address: string
  userAgent: string | undefined
}

/** Answers the token for the cookie. */
export async function start(tx: Db | Tx, { userId, address, userAgent }: NewSession): Promise<string> {
  const token = randomToken(PREFIX)
  await tx
    .insertInto('session')
    .values({
      digest: sha256(token),
      user_id: userId,
      expires_at: sql`now() + interval '12 hours'`,
      address,
      user_agent: userAgent?.slice(0, 500) ?? null,
    })
    .execute()
  return token
}

/** Null for a token that opens nothing, or no longer. Its use moves the idle end. */
export async function find(db: Db, token: string, address: string): Promise<Caller | null> {
  if (!token.startsWith(PREFIX)) return null
  const digest = sha256(token)
  const row = await db
    .selectFrom('session')
    .innerJoin('app_user', 'app_user.id', 'session.user_id')
    .select(['session.id as session_id', 'app_user.id', 'app_user.email', 'app_user.locale'])
    .select(sql<boolean>`session.last_used_at < now() - ${TOUCH_AFTER}`.as('is_stale'))
    .where('session.digest', '=', digest)
    .where('session.expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  if (!row) return null
  if (row.is_stale) {
    await db
      .updateTable('session')
      .set({
        last_used_at: sql`now()`,
        expires_at: sql`least(created_at + interval '30 days', now() + interval '12 hours')`,
      })
      .where('digest', '=', digest)
      .execute()
  }
  const { id, email, locale } = row
  return { user: { id, email, locale }, sessionId: row.session_id, address }
}

export async function end(db: Db, token: string): Promise<void> {
  await db.deleteFrom('session').where('digest', '=', sha256(token)).execute()
}

/** Ends the user's sessions, but for the one he is speaking through. */
export async function endAll(tx: Tx, userId: number, exceptId?: number): Promise<void> {
  await tx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .$if(exceptId !== undefined, (query) => query.where('id', '!=', exceptId ?? 0))
    .execute()
}

/** Ended sessions open nothing; they are only swept out. */
export function sessionChores({ db }: { db: Db }): Chores {
  return {
    'remove-ended-sessions': {
      every: '41 * * * *',
      async run() {
        await db.deleteFrom('session').where('expires_at', '<', sql<Date>`now()`).execute()
      },
    },
  }
}
