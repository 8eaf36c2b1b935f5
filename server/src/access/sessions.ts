/** Sessions: opaque tokens of which only the digest is kept; they end after 12 hours without use, and after 30 days in any case. */

import type { Chores } from '@patchbay/kit/chores.ts'
import { randomToken, sha256 } from '@patchbay/kit/crypto.ts'
import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../db.ts'
import { endChallenges, removeEndedChallenges } from './challenges.ts'
import { sessionPrefix } from './credential.ts'
import { type Identity, identity, toUser } from './identity.ts'

/** Whom the desk shows: its owner, or for a while the one as whom he looks at it. */
export const seenUserId = sql<number>`case when session.viewed_until > now() then session.viewed_user_id else session.user_id end`
const idleEnd = sql<Date>`least(created_at + interval '30 days', now() + interval '12 hours')`

export interface NewSession {
  userId: number
  address: string
  userAgent: string | undefined
  /** What was proven. */
  via?: SignInWay
}

export type SignInWay = 'password' | 'second-factor' | 'single-sign-on'

/** Answers the token for the cookie. */
export async function start(tx: Db | Tx, session: NewSession): Promise<string> {
  const token = randomToken(sessionPrefix)
  await tx
    .insertInto('session')
    .values({
      digest: sha256(token),
      user_id: session.userId,
      expires_at: sql`now() + interval '12 hours'`,
      address: session.address,
      user_agent: session.userAgent?.slice(0, 500) ?? null,
      ...(session.via && { via: session.via }),
    })
    .execute()
  return token
}

export async function find(db: Db, token: string): Promise<Identity | null> {
  const row = await db
    .selectFrom('session')
    .innerJoin('app_user as owner', 'owner.id', 'session.user_id')
    .innerJoin('app_user', (join) => join.on(sql<SqlBool>`app_user.id = ${seenUserId}`))
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .select(identity)
    .select(['owner.id as owner_id', 'owner.fullname as owner_fullname', 'session.viewed_until'])
    .where('session.digest', '=', sha256(token))
    .where('session.expires_at', '>', sql<Date>`now()`)
    .where('owner.disabled_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const viewer = row.owner_id === row.id ? null : { id: row.owner_id, fullname: row.owner_fullname }
  return { user: toUser(row), viewer, scopes: null, keyId: null, expiresAt: viewer && row.viewed_until }
}

/** For some minutes the session shows the desk of another user. Answers until when. */
export async function view(tx: Tx, token: string, userId: number, minutes: number): Promise<Date> {
  const { viewed_until } = await tx
    .updateTable('session')
    .set({ viewed_user_id: userId, viewed_until: sql`now() + make_interval(mins => ${minutes})` })
    .where('digest', '=', sha256(token))
    .returning('viewed_until')
    .executeTakeFirstOrThrow()
  return viewed_until ?? new Date()
}

/** The users' sessions show their own desks again: all of them, or the one of the token. */
export async function endViews(tx: Tx, userIds: readonly number[], token?: string): Promise<void> {
  await tx
    .updateTable('session')
    .set({ viewed_user_id: null, viewed_until: null })
    .where(sql<SqlBool>`user_id = any(${userIds}::bigint[])`)
    .where('viewed_user_id', 'is not', null)
    .$if(token !== undefined, (query) => query.where('digest', '=', sha256(token ?? '')))
    .execute()
}

/** Answers whose it was. */
export async function end(tx: Db | Tx, token: string): Promise<number | undefined> {
  const row = await tx
    .deleteFrom('session')
    .where('digest', '=', sha256(token))
    .returning('user_id')
    .executeTakeFirst()
  return row?.user_id
}

/** Ends the user's sessions, but for the one he is speaking through, and sign-ins that are half done. */
export async function endAll(tx: Db | Tx, userId: number, exceptToken?: string): Promise<void> {
  await tx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .$if(exceptToken !== undefined, (query) => query.where('digest', '!=', sha256(exceptToken ?? '')))
    .execute()
  await endChallenges(tx, userId)
}

/** Answers whether the user had such a session. */
export async function endOne(tx: Db | Tx, userId: number, id: number): Promise<boolean> {
  const row = await tx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The user's, the one used last first. */
export async function list(db: Db, userId: number, currentToken: string) {
  const current = sha256(currentToken)
  const rows = await db
    .selectFrom('session')
    .select(['id', 'digest', 'via', 'address', 'user_agent', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ digest, ...row }) => ({ ...row, isCurrent: digest.equals(current) }))
}

/** The one that speaks has shown its second factor. */
export async function raise(tx: Tx, token: string): Promise<void> {
  await tx.updateTable('session').set({ via: 'second-factor' }).where('digest', '=', sha256(token)).execute()
}

/** Moves the idle end of sessions that were used. */
export async function touch(db: Db, digests: readonly Buffer[]): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_used_at: sql`now()`, expires_at: idleEnd })
    .where('digest', 'in', digests)
    .execute()
}

/** Ended sessions open nothing; they are only swept out. */
export function sessionChores({ db }: { db: Db }): Chores {
  return {
    'remove-ended-sessions': {
      every: '41 * * * *',
      async run() {
        await db.deleteFrom('session').where('expires_at', '<', sql<Date>`now()`).execute()
        await removeEndedChallenges(db)
      },
    },
  }
}
