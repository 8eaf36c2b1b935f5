/** People and teams: who is meant by both together. */
import type { Team } from '@patchbay/protocol/api/people.ts'

export interface Members {
  agentIds: readonly number[]
  teamIds: readonly number[]
}

/** The ids of all who are meant, each once. */
export function peopleOf(
  { agentIds, teamIds }: Members,
  teams: readonly Pick<Team, 'id' | 'userIds'>[],
): Set<number> {
  const ofTeams = teams.filter(({ id }) => teamIds.includes(id)).flatMap(({ userIds }) => userIds)
  return new Set([...agentIds, ...ofTeams])
}

/** Members of a queue who are no agents of the account: its interactions never ring them. */
export function strangersOf(
  queue: Members,
  account: Members,
  teams: readonly Pick<Team, 'id' | 'userIds'>[],
): number[] {
  const known = peopleOf(account, teams)
  return [...peopleOf(queue, teams)].filter((id) => !known.has(id))
}

/** Who comes (true) and who goes (false). */
export function changesTo(saved: readonly number[], wanted: readonly number[]): Map<number, boolean> {
  return new Map([
    ...wanted.filter((id) => !saved.includes(id)).map((id) => [id, true] as const),
    ...saved.filter((id) => !wanted.includes(id)).map((id) => [id, false] as const),
  ])
}

export function withChanges(saved: readonly number[], changes: ReadonlyMap<number, boolean>): number[] {
  const coming = [...changes].flatMap(([id, comes]) => (comes && !saved.includes(id) ? [id] : []))
  return [...saved.filter((id) => changes.get(id) !== false), ...coming]
}
