/** Delivers once more what went out; what is under way is tried now instead of at its time. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogRow } from '@patchbay/protocol/api/log.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Button } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/Toast.tsx'

export function Replay({ row }: { row: Pick<LogRow, 'deliveryId' | 'accountId' | 'state' | 'attempt'> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const { deliveryId: id, accountId, state } = row
  const replay = useMutation({
    mutationFn: (id: number) => api('POST /api/openchannel/deliveries/:id/replay', { params: { id } }),
    onSuccess: () => {
      toast(t`Sent once more.`)
      return client.invalidateQueries({ queryKey: ['log', accountId] })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  if (id === null || state === 'pending') return null
  return (
    <Button
      size="small"
      icon={<RotateCw aria-hidden />}
      isPending={replay.isPending}
      onPress={() => replay.mutate(id)}
    >
      <Trans>Replay</Trans>
    </Button>
  )
}
