/** Changes a user, and shows the outcome everywhere. */
import { useQueryClient } from '@tanstack/react-query'
import { api, type Call } from '../../api/api.ts'
import { userQuery } from '../common/queries.ts'

export type UserChange = NonNullable<Call<'PATCH /api/users/:id'>['body']>

export function useSaveUser(id: number) {
  const client = useQueryClient()
  return async (body: UserChange) => {
    const fresh = await api('PATCH /api/users/:id', { params: { id }, body })
    client.setQueryData(userQuery(id).queryKey, fresh)
    for (const kind of ['list', 'all']) void client.invalidateQueries({ queryKey: ['users', kind] })
    return fresh
  }
}
