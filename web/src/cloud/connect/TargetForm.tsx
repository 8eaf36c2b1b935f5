/** A Receive URL and a key, tried before they are taken. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField, TextField } from '../../ui/TextField.tsx'
import { cloud } from '../api.ts'
import { Checks } from '../common/Checks.tsx'
import { Fault } from '../common/Fault.tsx'

export interface Address {
  receiveUrl: string
  apiKey: string
}

export interface TargetFormProps {
  saved?: Address | undefined
  /** The word on the button that goes on once both are good. */
  submit: string
  /** May answer a promise, whose failure is shown. */
  onChecked: (address: Address) => unknown
  back?: ReactNode
}

export function TargetForm({ saved, submit, onChecked, back }: TargetFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [receiveUrl, setReceiveUrl] = useState(saved?.receiveUrl ?? '')
  const [apiKey, setApiKey] = useState(saved?.apiKey ?? '')
  const [wasTried, setTried] = useState(false)
  const address = { receiveUrl: receiveUrl.trim(), apiKey: apiKey.trim() }
  const check = useMutation({
    mutationFn: () => cloud('POST /api/targets/check', { body: address }),
  })
  const goOn = useMutation({
    mutationFn: async () => {
      const result = check.data?.ok ? check.data : await check.mutateAsync()
      if (result.ok) await onChecked(address)
    },
  })
  const error = goOn.error ?? check.error
  const field = error instanceof ApiError ? error.field : undefined
  const isOfUrl = field === 'receiveUrl' || (error instanceof ApiError && error.code === 'CL-106')
  const missing = {
    receiveUrl: address.receiveUrl ? undefined : t`Paste it here.`,
    apiKey: address.apiKey ? undefined : t`Paste it here.`,
  }
  const ready = (run: () => void) => {
    setTried(true)
    if (!missing.receiveUrl && !missing.apiKey) run()
  }
  const change = (set: (value: string) => void) => (value: string) => {
    set(value)
    check.reset()
    goOn.reset()
  }
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        ready(() => goOn.mutate())
      }}
    >
      {isOfUrl || field === 'apiKey' ? null : <Fault error={error} />}
      <TextField
        label={t`Receive URL`}
        description={t`From the Connect tab of the account, the whole address with its token.`}
        name="receive-url"
        type="url"
        autoComplete="off"
        isMono
        value={receiveUrl}
        onChange={change(setReceiveUrl)}
        error={isOfUrl ? problem(error) : wasTried ? missing.receiveUrl : undefined}
      />
      <PasswordField
        label={t`API key`}
        description={t`From “My keys” in the contact centre, with the scopes “attachments” and “accounts:secret”.`}
        name="api-key"
        autoComplete="off"
        isMono
        value={apiKey}
        onChange={change(setApiKey)}
        error={field === 'apiKey' ? problem(error) : wasTried ? missing.apiKey : undefined}
      />
      {check.data ? <Checks result={check.data} /> : null}
      <div className="flex flex-wrap justify-end gap-2 border-t border-border pt-4">
        {back}
        <Button isPending={check.isPending && !goOn.isPending} onPress={() => ready(() => check.mutate())}>
          <Trans>Check</Trans>
        </Button>
        <Button type="submit" variant="primary" isPending={goOn.isPending}>
          {submit}
        </Button>
      </div>
    </form>
  )
}
