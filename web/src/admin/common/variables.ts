/** The variables that conditions and texts may name: those that everything has, and the custom fields of a list. */
import { flowVariables } from '@patchbay/protocol/api/actions.ts'
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { api } from '../../api/api.ts'

export interface Variable {
  id: string
  /** What it is called beside its name: that of a custom field. */
  description?: string
}

/** What the steps of a flow set while it runs. */
export const FlowSets = createContext<{ names: readonly string[]; isOpen: boolean }>({
  names: [],
  /** A bot sets what it likes. */
  isOpen: false,
})

export function useVariables(listId: number | undefined): readonly Variable[] {
  const { names } = useContext(FlowSets)
  const fields = useQuery({
    queryKey: ['lists', 'fields', listId ?? 0],
    queryFn: ({ signal }) => api('GET /api/lists/:id/fields', { params: { id: listId ?? 0 }, signal }),
    enabled: listId !== undefined,
  }).data
  return [
    ...flowVariables.map((id) => ({ id })),
    ...names.map((id) => ({ id })),
    ...(fields?.rows ?? []).map(({ id, name }) => ({ id: `contact.cf_${id}`, description: name })),
  ]
}
