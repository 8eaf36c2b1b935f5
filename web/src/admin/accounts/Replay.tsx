/** Delivers once more what did not arrive. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { toast } from '../../ui/Toast.tsx'

export function Replay({ delivery }: { delivery: DeliveryRow }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const replay = useMutation({
    mutationFn: () => api('POST /api/openchannel/deliveries/:id/replay', { params: { id: delivery.id } }),
    onSuccess: () => {
      toast(t`Sent once more.`)
      return client.invalidateQueries({ queryKey: ['deliveries', delivery.accountId] })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  // What is under way comes by itself.
  if (delivery.state === 'pending') return null
  return (
    <Button
      size="small"
      icon={<RotateCw aria-hidden />}
      isPending={replay.isPending}
      onPress={() => replay.mutate()}
    >
      <Trans>Replay</Trans>
    </Button>
  )
}
