/** Turning the second factor on: password, authenticator, recovery codes. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { SecondFactorSetUp } from '@patchbay/protocol/api/sign-in.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { PasswordField } from '../../ui/TextField.tsx'
import type { TriggerElement } from '../../ui/useOpener.tsx'
import { AddAuthenticator } from './AddAuthenticator.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

export function TurnOnDialog({ trigger }: { trigger: TriggerElement }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const [setUp, setSetUp] = useState<SecondFactorSetUp>()
  const [codes, setCodes] = useState<readonly string[]>()
  const done = () => {
    setSetUp(undefined)
    setCodes(undefined)
    for (const word of ['second-factor', 'sessions']) void client.invalidateQueries({ queryKey: [word] })
  }
  return (
    <Dialog
      trigger={trigger}
      title={codes ? t`Store these codes now` : t`Turn on the second factor`}
      isDismissable={!codes}
      onOpenChange={(isOpen) => {
        if (!isOpen) done()
      }}
      footer={(close) =>
        codes ? (
          <Button size="large" variant="primary" onPress={close}>
            <Trans>I stored them</Trans>
          </Button>
        ) : (
          <Button size="large" onPress={close}>
            <Trans>Cancel</Trans>
          </Button>
        )
      }
    >
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : setUp ? (
        <AddAuthenticator
          setUp={setUp}
          confirm={async (code) =>
            (await api('POST /api/me/second-factor/confirm', { body: { code } })).recoveryCodes
          }
          onConfirmed={setCodes}
        />
      ) : (
        <AskPassword onBegun={setSetUp} />
      )}
    </Dialog>
  )
}

function AskPassword({ onBegun }: { onBegun: (setUp: SecondFactorSetUp) => void }) {
  const { t } = useLingui()
  const problem = useProblem()
  const [currentPassword, setPassword] = useState('')
  const begin = useMutation({
    mutationFn: () => api('POST /api/me/second-factor', { body: { currentPassword } }),
    onSuccess: onBegun,
  })
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (currentPassword) begin.mutate()
      }}
    >
      <PasswordField
        autoFocus
        label={t`Your password`}
        name="password"
        autoComplete="current-password"
        value={currentPassword}
        onChange={setPassword}
        error={begin.error ? problem(begin.error) : undefined}
      />
      <Button
        type="submit"
        variant="primary"
        size="large"
        className="self-start"
        isPending={begin.isPending}
        isDisabled={!currentPassword}
      >
        <Trans>Go on</Trans>
      </Button>
    </form>
  )
}
