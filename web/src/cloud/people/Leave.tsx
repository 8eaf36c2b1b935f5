/** The end of an account, for which the password is asked once more. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { PasswordField } from '../../ui/TextField.tsx'
import { cloud } from '../api.ts'

export function Leave() {
  const { t } = useLingui()
  const problem = useProblem()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const leave = useMutation({
    mutationFn: () => cloud('DELETE /api/me', { body: { password } }),
    onSuccess: () => {
      client.clear()
      location.assign('/signin')
    },
  })
  const { error } = leave
  return (
    <Confirm
      title={t`Delete your account?`}
      confirm={t`Delete the account`}
      isDisabled={!password}
      onConfirm={() => leave.mutateAsync()}
      trigger={<Button className="self-start">{t`Delete the account…`}</Button>}
    >
      <div className="flex flex-col gap-4">
        <p>
          <Trans>
            Your integrations end, and what the cloud knows about you is deleted. This cannot be taken back.
          </Trans>
        </p>
        <PasswordField
          autoFocus
          label={t`Password`}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          error={
            error
              ? error instanceof ApiError && error.code === 'AU-101'
                ? t`Not your password.`
                : problem(error)
              : undefined
          }
        />
      </div>
    </Confirm>
  )
}
