/** A user as the database holds him, and as he is shown. */
import type { User } from '@patchbay/protocol/api/people.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../db.ts'

/** Who lost the lease of his browser counts as offline, whatever he had set. */
const presence = sql<
  User['presence']
>`case when presence.lease_until > now() then presence.state else 'offline' end`
const teams = sql<User['teams']>`coalesce(
  (select json_agg(json_build_object('id', team.id, 'name', team.name) order by lower(team.name))
   from team join team_member on team_member.team_id = team.id where team_member.user_id = app_user.id), '[]')`

const secondFactor = sql<boolean>`exists (
  select from second_factor where second_factor.user_id = app_user.id and confirmed_at is not null)`

export function selectUsers(db: Db | Tx) {
  return db
    .selectFrom('app_user')
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .leftJoin('presence', 'presence.user_id', 'app_user.id')
    .select(['app_user.id', 'email', 'app_user.name', 'fullname', 'app_user.role', 'capacity', 'disabled_at'])
    .select(['app_user.created_at', 'role.id as roleId', 'role.name as roleName'])
    .select(sql<boolean>`password_hash is null and sso_subject is null`.as('invited'))
    .select([presence.as('presence'), teams.as('teams'), secondFactor.as('secondFactor')])
    .select(sql<boolean>`sso_subject is not null`.as('singleSignOn'))
    .select('app_user.version')
}

export type UserRow = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>

export function toUser(row: UserRow): User {
  const { disabled_at, created_at, ...user } = row
  return { ...user, disabled: disabled_at !== null, createdAt: created_at.toISOString() }
}
