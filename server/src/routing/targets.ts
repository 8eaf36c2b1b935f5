/**
 * What an interaction waits for, exactly one of three:
 *
 * a queue   its members are asked by its strategy
 * an agent  he alone is asked, until the wait is over or he declines
 * a team    its members are asked all at once
 *
 * Of all of them only who sees the interaction's account.
 */
export type Target =
  | { queueId: number; userId?: null; teamId?: null }
  | { queueId?: null; userId: number; teamId?: null }
  | { queueId?: null; userId?: null; teamId: number }

/** The three columns of a row, of which one is set. */
export function targetOf(row: {
  queue_id: number | null
  team_id: number | null
  user_id: number | null
}): Target {
  if (row.queue_id !== null) return { queueId: row.queue_id }
  if (row.team_id !== null) return { teamId: row.team_id }
  if (row.user_id !== null) return { userId: row.user_id }
  throw new Error('waits for nobody')
}

export function isSameTarget(a: Target, b: Target): boolean {
  return targetKey(a) === targetKey(b)
}

export function targetKey({ queueId, userId, teamId }: Target): string {
  return `${queueId ?? ''} ${userId ?? ''} ${teamId ?? ''}`
}
