/** Saves the ways of signing in; a change that somebody else saved meanwhile is refused. */
import { useQueryClient } from '@tanstack/react-query'
import { type Answered, api } from '../../api/api.ts'
import { signInSettingsQuery } from '../common/queries.ts'

type Key = 'PATCH /api/sign-in-settings'

export function useSaveSignIn() {
  const client = useQueryClient()
  return async (
    changes: Partial<Omit<Answered<Key>, 'version'>>,
    base: Answered<Key>,
  ): Promise<Answered<Key>> => {
    const saved = await api('PATCH /api/sign-in-settings', { body: { ...changes, version: base.version } })
    client.setQueryData(signInSettingsQuery.queryKey, saved)
    return saved
  }
}
