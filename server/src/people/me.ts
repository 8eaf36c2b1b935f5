/** What the desk shows the signed-in user of himself. */
import type { Me, PresenceState } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import { allowedBy, type Identity } from '../access/identity.ts'
import type { Context } from '../context.ts'

export async function readMe(
  { db, gatekeeper }: Context,
  userId: number,
  viewer: Identity['viewer'] = null,
): Promise<Me> {
  const row = await db
    .selectFrom('app_user')
    .innerJoin('role', 'role.id', 'app_user.role_id')
    .innerJoin('presence_now', 'presence_now.user_id', 'app_user.id')
    .select(['app_user.id', 'email', 'app_user.name', 'fullname', 'app_user.role', 'locale'])
    .select(['role.preset', 'role.permissions'])
    .select(sql<Omit<PresenceState, 'slotsUsed'>>`presence`.as('presence'))
    .select((of) =>
      of
        .selectFrom('interaction')
        .select(sql<number>`count(*)`.as('slots'))
        .whereRef('interaction.user_id', '=', 'app_user.id')
        .where('closed_at', 'is', null)
        .as('slots_used'),
    )
    .where('app_user.id', '=', userId)
    .executeTakeFirstOrThrow()
  const { id, email, name, fullname, role, locale } = row
  const presence = { ...row.presence, slotsUsed: row.slots_used ?? 0 }
  const warnings = role === 'admin' && !gatekeeper.cookie.isGuarded ? ['insecure-cookie'] : []
  const permissions = [...allowedBy(row)]
  return { id, email, name, fullname, role, permissions, viewer, locale, presence, warnings }
}
