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
import { clearPendingReconnect, pendingReconnect } from './pending-reconnect.ts'
import { useKeep } from './useChange.ts'

/** What a new login at Facebook may mend: nobody is logged in, or too little was ticked. */
function isOfLogin({ code, field }: ApiError): boolean {
  return code === 'CL-103' || code === 'CL-104' || (code === 'CL-105' && field === 'pageId')
}

export function ReconnectButton({ id, label }: { id: number; label: string }) {
  const { t } = useLingui()
  const problem = useProblem()
  const keep = useKeep()
  const { reconnect: wanted }: { reconnect?: string } = useSearch({ strict: false })
  // Coming from the dialog, it would lead there again and again.
  const isBack = wanted === 'now'
  const reconnect = useMutation({
    mutationFn: () => cloud('POST /api/integrations/:id/reconnect', { params: { id } }),
    onSuccess: (integration) => {
      keep(integration)
      toast(t`Connected again.`, { tone: 'ok' })
    },
    onError: (error) => {
      if (!isBack && error instanceof ApiError && isOfLogin(error))
        toFacebook({ again: error.code !== 'CL-103', reconnecting: id })
    },
  })
  const { mutate, error } = reconnect
  const isLeaving = !isBack && error instanceof ApiError && isOfLogin(error)
  useEffect(() => {
    if (wanted !== 'now' || pendingReconnect() !== id) return
    clearPendingReconnect()
    mutate()
  }, [wanted, id, mutate])
  return (
    <>
      <Button
        size="small"
        icon={<PlugZap aria-hidden />}
        isPending={reconnect.isPending || isLeaving}
        onPress={() => mutate()}
      >
        {label}
      </Button>
      {error && !isLeaving ? (
        <p role="alert" className="basis-full ps-6 font-medium [overflow-wrap:anywhere]">
          {problem(error)}
        </p>
      ) : null}
    </>
  )
}
