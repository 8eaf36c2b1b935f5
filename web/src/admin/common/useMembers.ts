/** Members that are changed in a picker and saved together; untouched, they follow what the server says. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import type { Members } from './members.ts'

export interface MembersOptions {
  saved: Members
  save: (value: Members, changed: { agents: boolean; teams: boolean }) => Promise<unknown>
  labels: { agents: string; teams: string }
}

export function useMembers({ saved, save, labels }: MembersOptions) {
  const problem = useProblem()
  const [chosen, setChosen] = useState<Members>()
  const value = chosen ?? saved
  const agents = !isSame(value.agentIds, saved.agentIds)
  const teams = !isSame(value.teamIds, saved.teamIds)
  const saving = useMutation({
    mutationFn: () => save(value, { agents, teams }),
    onSuccess: () => setChosen(undefined),
  })
  return {
    value,
    onChange: setChosen,
    bar: {
      changes: [...(agents ? [labels.agents] : []), ...(teams ? [labels.teams] : [])],
      isSaving: saving.isPending,
      error: saving.error ? problem(saving.error) : undefined,
      onSave: () => saving.mutate(),
      onUndo: () => {
        saving.reset()
        setChosen(undefined)
      },
    },
  }
}

/** In whatever order. */
function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}
