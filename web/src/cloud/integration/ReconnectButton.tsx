/** Renews the token, the secret and the subscription; by way of Facebook's dialog where nobody is logged in there. */
import { useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { PlugZap } from 'lucide-react'
import { useEffect } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { toast } from '../../ui/Toast.tsx'
import { cloud } from '../api.ts'
import { toFacebook } from '../connect/to-facebook.ts'
import { clearPendingReconnect, pendingReconnect, setPendingReconnect } from './pending-reconnect.ts'
import { useKeep } from './useChange.ts'

/** What a new login at Facebook may mend. */
const ofLogin = ['CL-103', 'CL-104']

export function ReconnectButton({ id, label }: { id: number; label: string }) {
  const { t } = useLingui()
  const problem = useProblem()
  const keep = useKeep()
  const { reconnect: wanted }: { reconnect?: string } = useSearch({ strict: false })
  const reconnect = useMutation({
    mutationFn: () => cloud('POST /api/integrations/:id/reconnect', { params: { id } }),
    onSuccess: (integration) => {
      keep(integration)
      toast(t`Connected again.`, { tone: 'ok' })
    },
    onError: (error) => {
      // Coming from the dialog, it would lead there again and again.
      const isBack = wanted === 'now'
      if (!isBack && error instanceof ApiError && ofLogin.includes(error.code)) {
        setPendingReconnect(id)
        toFacebook()
      } else toast(problem(error), { tone: 'bad' })
    },
  })
  const { mutate } = reconnect
  useEffect(() => {
    if (wanted !== 'now' || pendingReconnect() !== id) return
    clearPendingReconnect()
    mutate()
  }, [wanted, id, mutate])
  return (
    <Button
      size="small"
      icon={<PlugZap aria-hidden />}
      isPending={reconnect.isPending}
      onPress={() => mutate()}
    >
      {label}
    </Button>
  )
}
