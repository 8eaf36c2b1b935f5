/** Posts a sample message to the account's own Receive URL, as its service would. */
import { useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { toast } from '../../../ui/Toast.tsx'
import { sampleMessage } from './samples.ts'

export function useSample(account: Pick<Account, 'id' | 'mapKey'> | undefined) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const { mutate, data, isPending } = useMutation({
    // `isTold`: by a toast, where no place of the page shows the outcome.
    mutationFn: async ({ account, isTold }: { account: Pick<Account, 'id' | 'mapKey'>; isTold: boolean }) => {
      const { from, body } = sampleMessage(account.mapKey)
      const trial = await api('POST /api/openchannel/accounts/:id/try-receive', {
        params: { id: account.id },
        body: { from, body },
      })
      return { trial, isTold }
    },
    onSuccess: ({ trial, isTold }, { account }) => {
      for (const key of ['accounts', 'arrivals'])
        void client.invalidateQueries({ queryKey: [key, account.id] })
      const { interactionId, status, durationMs } = trial
      if (interactionId === null) {
        if (isTold) toast(t`The Receive URL answered ${status}.`, { tone: 'bad' })
        return
      }
      if (isTold)
        toast(t`Arrived as interaction ${interactionId} in ${durationMs} ms.`, {
          tone: 'ok',
          action: {
            label: t`Open`,
            onPress: () => void navigate({ href: `/inbox/waiting/${interactionId}` }),
          },
        })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  const run = ({ isTold }: { isTold: boolean }) => {
    if (account) mutate({ account, isTold })
  }
  return { run, isPending, trial: data?.trial }
}
