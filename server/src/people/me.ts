/** What the desk shows the signed-in user of himself. */
import type { Me } from '@patchbay/protocol/api/session.ts'
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
    .leftJoin('presence', 'presence.user_id', 'app_user.id')
    .select(['app_user.id', 'email', 'app_user.name', 'fullname', 'app_user.role', 'locale', 'capacity'])
    .select(['app_user.created_at', 'role.preset', 'role.permissions'])
    .select(['presence.state', 'presence.reason', 'presence.since'])
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
  const presence = {
    state: row.state ?? 'offline',
    reason: row.reason,
    since: (row.since ?? row.created_at).toISOString(),
    slotsUsed: row.slots_used ?? 0,
    capacity: row.capacity,
  }
  const warnings = role === 'admin' && !gatekeeper.cookie.isGuarded ? ['insecure-cookie'] : []
  const permissions = [...allowedBy(row)]
  return { id, email, name, fullname, role, permissions, viewer, locale, presence, warnings }
}
