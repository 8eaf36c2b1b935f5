/** What follows signing in, by whichever way: the language of the person, and the page that was wanted. */
import type { CloudUser } from '@patchbay/protocol/api/cloud-people.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { preferences } from '../../shell/preferences.ts'
import { userQuery } from '../api.ts'
import { activate } from '../words.ts'

export function useEnter(href = '/') {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async (user: CloudUser) => {
    client.clear()
    client.setQueryData(userQuery.queryKey, user)
    if (preferences().locale === null) await activate(user.locale)
    await navigate({ href, replace: true })
  }
}
