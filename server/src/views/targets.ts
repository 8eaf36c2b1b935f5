/** The names of what interactions wait for, as events and refusals say them. */
import type { Db, Tx } from '../db.ts'
import { queueNames } from '../routing/entries.ts'
import { type Target, targetKey } from '../routing/targets.ts'
import { fullnames } from './agents.ts'

/** Part of an event's data: one of `queue`, `agent` and `team`. */
export type TargetName = { queue: string } | { agent: string } | { team: string }

/** By `targetKey`; missing is what does not exist. */
export async function targetNames(
  db: Db | Tx,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, TargetName>> {
  const idsOf = (key: 'queueId' | 'userId' | 'teamId') => [
    ...new Set(targets.flatMap((target) => target[key] ?? [])),
  ]
  const [queueIds, userIds, teamIds] = [idsOf('queueId'), idsOf('userId'), idsOf('teamId')]
  const names = new Map<string, TargetName>()
  for (const [queueId, queue] of await queueNames(db, queueIds)) names.set(targetKey({ queueId }), { queue })
  if (userIds.length > 0)
    for (const [userId, agent] of await fullnames(db, userIds)) names.set(targetKey({ userId }), { agent })
  if (teamIds.length > 0)
    for (const [teamId, team] of await teamNames(db, teamIds)) names.set(targetKey({ teamId }), { team })
  return names
}

async function teamNames(db: Db | Tx, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
