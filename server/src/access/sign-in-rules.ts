/** By which ways a user may sign in: what his role demands, what he turned on himself, and whether a password opens anything. */
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

export interface SignInRules {
  hasSecondFactor: boolean
  needsSecondFactor: boolean
  /** He came through single sign-on before, and that is on. */
  usesSingleSignOn: boolean
  /** Not even at the desk. */
  isPasswordRefused: boolean
}

export async function rulesOf(db: Db | Tx, userId: number): Promise<SignInRules> {
  const row = await db
    .selectFrom('app_user')
    .innerJoin('sign_in_setting', (join) => join.onTrue())
    .leftJoin('second_factor', (join) =>
      join
        .onRef('second_factor.user_id', '=', 'app_user.id')
        .on('second_factor.confirmed_at', 'is not', null),
    )
    .select(['app_user.role', 'app_user.sso_subject', 'second_factor.user_id as factor_of'])
    .leftJoin('sign_in_role', 'sign_in_role.role_id', 'app_user.role_id')
    .select(['sign_in_role.role_id as demanding', 'password_for', 'sso_enabled'])
    .where('app_user.id', '=', userId)
    .executeTakeFirstOrThrow()
  return {
    hasSecondFactor: row.factor_of !== null,
    needsSecondFactor: row.demanding !== null,
    usesSingleSignOn: row.sso_enabled && row.sso_subject !== null,
    isPasswordRefused: row.sso_enabled && row.password_for === 'admins' && row.role !== 'admin',
  }
}

/** Whether his role demands a second factor that he has not. */
export async function lacksSecondFactor(db: Db | Tx, userId: number): Promise<boolean> {
  const { hasSecondFactor, needsSecondFactor } = await rulesOf(db, userId)
  return needsSecondFactor && !hasSecondFactor
}

/** Users, of those whose role needs a second factor, who have none and signed in by password alone. */
export async function sessionsWithoutFactor(db: Db | Tx): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`
    select distinct session.user_id from session
    join app_user on app_user.id = session.user_id
    join sign_in_role on sign_in_role.role_id = app_user.role_id
    where session.via = 'password'`.execute(db)
  return rows.map(({ user_id }) => user_id)
}
