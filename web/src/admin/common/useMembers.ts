/**
 * Members that are changed in a picker and saved together. What is kept is who was added and who was taken away, so that it holds beside
 * what somebody else saves meanwhile.
 */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { changesTo, type Members, withChanges } from './members.ts'

type Save = (body: { ids: number[]; version: number }) => Promise<{ version: number }>

export interface MembersOptions {
  saved: Members & { version: number }
  saveAgents: Save
  saveTeams?: Save
  reload: () => Promise<unknown>
  labels: { agents: string; teams: string }
}

const nothing = { agentIds: new Map<number, boolean>(), teamIds: new Map<number, boolean>() }

export function useMembers({ saved, saveAgents, saveTeams, reload, labels }: MembersOptions) {
  const problem = useProblem()
  const [changes, setChanges] = useState(nothing)
  const value = {
    agentIds: withChanges(saved.agentIds, changes.agentIds),
    teamIds: withChanges(saved.teamIds, changes.teamIds),
  }
  const agents = !isSame(value.agentIds, saved.agentIds)
  const teams = !isSame(value.teamIds, saved.teamIds)
  const saving = useMutation({
    mutationFn: async () => {
      try {
        let { version } = saved
        if (agents) ({ version } = await saveAgents({ ids: value.agentIds, version }))
        if (teams && saveTeams) await saveTeams({ ids: value.teamIds, version })
      } catch (error) {
        // Told with the refusal; what is shown then is what both of them want.
        if (error instanceof ApiError && error.code === 'GE-104') await reload()
        throw error
      }
      await reload()
    },
    onSuccess: () => setChanges(nothing),
  })
  return {
    value,
    onChange: (next: Members) =>
      setChanges({
        agentIds: changesTo(saved.agentIds, next.agentIds),
        teamIds: changesTo(saved.teamIds, next.teamIds),
      }),
    bar: {
      changes: [...(agents ? [labels.agents] : []), ...(teams ? [labels.teams] : [])],
      isSaving: saving.isPending,
      error: saving.error ? problem(saving.error) : undefined,
      onSave: () => saving.mutate(),
      onUndo: () => {
        saving.reset()
        setChanges(nothing)
      },
    },
  }
}

/** In whatever order. */
function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}
