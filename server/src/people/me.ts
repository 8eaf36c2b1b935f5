/** What the desk shows the signed-in user of himself. */
import type { Me } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'

export async function readMe({ db, gatekeeper }: Context, userId: number): Promise<Me> {
  const row = await db
    .selectFrom('app_user')
    .leftJoin('presence', 'presence.user_id', 'app_user.id')
    .select(['id', 'email', 'name', 'fullname', 'role', 'locale', 'capacity', 'created_at'])
    .select(['presence.state', 'presence.reason', 'presence.since'])
    .select((of) =>
      of
        .selectFrom('interaction')
        .select(sql<number>`count(*)`.as('slots'))
        .whereRef('interaction.user_id', '=', 'app_user.id')
        .where('closed_at', 'is', null)
        .as('slots_used'),
    )
    .where('id', '=', userId)
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
  return { id, email, name, fullname, role, locale, presence, warnings }
}
