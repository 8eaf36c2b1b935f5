/** New recovery codes in place of all earlier ones; takes a code. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CodeField } from './CodeField.tsx'
import { secondFactorQuery } from './queries.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'

export function NewCodesDialog() {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [code, setCode] = useState('')
  const renew = useMutation({
    mutationFn: (entered: string) =>
      api('POST /api/me/second-factor/recovery-codes', { body: { code: entered } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey }),
    onSettled: () => setCode(''),
  })
  const codes = renew.data?.recoveryCodes
  return (
    <Dialog
      title={codes ? t`Store these codes now` : t`New recovery codes`}
      trigger={
        <Button>
          <Trans>New recovery codes…</Trans>
        </Button>
      }
      isDismissable={!codes}
      onOpenChange={(isOpen) => {
        if (!isOpen) renew.reset()
      }}
      footer={(close) => (
        <Button size="large" variant={codes ? 'primary' : 'secondary'} onPress={close}>
          {codes ? <Trans>I stored them</Trans> : <Trans>Cancel</Trans>}
        </Button>
      )}
    >
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : (
        <div className="flex flex-col gap-4">
          <p className="text-text-2">
            <Trans>All earlier ones stop working.</Trans>
          </p>
          <CodeField
            autoFocus
            value={code}
            onChange={setCode}
            onComplete={(complete) => renew.mutate(complete)}
            isPending={renew.isPending}
            error={renew.error ? problem(renew.error) : undefined}
          />
        </div>
      )}
    </Dialog>
  )
}
