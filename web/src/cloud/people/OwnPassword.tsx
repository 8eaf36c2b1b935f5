/** A new password for oneself. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { usePersonRules } from '../../session/usePersonRules.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { PasswordField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { cloud, useUser } from '../api.ts'

export function OwnPassword() {
  const { t } = useLingui()
  const { email } = useUser()
  const problem = useProblem()
  const rules = usePersonRules()
  const [currentPassword, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [wasTried, setTried] = useState(false)
  const change = useMutation({
    mutationFn: () => cloud('POST /api/me/password', { body: { currentPassword, password } }),
    onSuccess: () => {
      setCurrent('')
      setPassword('')
      setTried(false)
      toast(t`The password is changed. You are signed out everywhere else.`, { tone: 'ok' })
    },
  })
  const { error } = change
  const isWrong = error instanceof ApiError && error.code === 'AU-101'
  const isWeak = error instanceof ApiError && error.field === 'password'
  const faults = {
    current: currentPassword ? undefined : t`Write it.`,
    password: rules.password(password, email),
  }
  return (
    <Card title={t`Password`}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (!faults.current && !faults.password) change.mutate()
        }}
      >
        {error && !isWrong && !isWeak ? (
          <Banner tone="bad" isInset>
            {problem(error)}
          </Banner>
        ) : null}
        <PasswordField
          className="max-w-[360px]"
          label={t`Current password`}
          name="current-password"
          autoComplete="current-password"
          value={currentPassword}
          onChange={setCurrent}
          error={isWrong ? t`Not your password.` : wasTried ? faults.current : undefined}
        />
        <PasswordField
          className="max-w-[360px]"
          label={t`New password`}
          name="new-password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          error={isWeak ? problem(error) : wasTried ? faults.password : undefined}
          description={rules.passwordHint}
        />
        <Button type="submit" className="self-start" isPending={change.isPending}>
          <Trans>Change the password</Trans>
        </Button>
      </form>
    </Card>
  )
}
