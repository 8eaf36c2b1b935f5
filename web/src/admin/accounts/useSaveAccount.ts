/** Changes an account, and shows the outcome everywhere at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Call } from '../../api/api.ts'
import { accountQuery } from '../common/queries.ts'

export type AccountChange = NonNullable<Call<'PATCH /api/openchannel/accounts/:id'>['body']>

export function useSaveAccount(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: AccountChange) => api('PATCH /api/openchannel/accounts/:id', { params: { id }, body }),
    onSuccess: (account) => {
      client.setQueryData(accountQuery(id).queryKey, account)
      void client.invalidateQueries({ queryKey: ['accounts', 'list'] })
    },
  })
}
