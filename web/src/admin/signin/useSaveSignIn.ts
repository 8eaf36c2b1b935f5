/** Saves the ways of signing in; a change that somebody else saved meanwhile is refused. */
import type { SignInSettings, SignInSettingsPatch } from '@patchbay/protocol/api/sign-in.ts'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { signInSettingsQuery } from '../common/queries.ts'

export function useSaveSignIn() {
  const client = useQueryClient()
  return async (
    changes: Omit<SignInSettingsPatch, 'version'>,
    { version }: SignInSettings,
  ): Promise<SignInSettings> => {
    const saved = await api('PATCH /api/sign-in-settings', { body: { ...changes, version } })
    client.setQueryData(signInSettingsQuery.queryKey, saved)
    return saved
  }
}
