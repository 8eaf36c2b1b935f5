/** How users stand, as they see it themselves. */
import type { PresenceState } from '@patchbay/protocol/api/session.ts'
import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Without `slotsUsed`, which the board knows. */
export async function presencesOf(
  db: Db,
  userIds: readonly number[],
): Promise<Map<number, Omit<PresenceState, 'slotsUsed'>>> {
  if (userIds.length === 0) return new Map()
  const { rows } = await sql<{
    id: number
    state: PresenceState['state']
    reason: string | null
    since: Date
    capacity: number
  }>`
    select u.id, coalesce(p.state, 'offline') as state, p.reason, coalesce(p.since, u.created_at) as since, u.capacity
    from app_user u left join presence p on p.user_id = u.id where u.id = any(${userIds}::bigint[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, since, ...rest }) => [id, { ...rest, since: since.toISOString() }]))
}
