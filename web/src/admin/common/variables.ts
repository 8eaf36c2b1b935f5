/** The variables that conditions and texts may name: those that everything has, and the custom fields of a list. */
import { flowVariables } from '@patchbay/protocol/api/actions.ts'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/api.ts'

export interface Variable {
  id: string
  /** What it is called beside its name: that of a custom field. */
  description?: string
}

export function useVariables(listId: number | undefined): readonly Variable[] {
  const fields = useQuery({
    queryKey: ['lists', 'fields', listId ?? 0],
    queryFn: ({ signal }) => api('GET /api/lists/:id/fields', { params: { id: listId ?? 0 }, signal }),
    enabled: listId !== undefined,
  }).data
  return [
    ...flowVariables.map((id) => ({ id })),
    ...(fields?.rows ?? []).map(({ id, name }) => ({ id: `contact.cf_${id}`, description: name })),
  ]
}
