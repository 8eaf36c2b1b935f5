/** The mailed code and the new password, sent together. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { usePersonRules } from '../../session/usePersonRules.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CodeField } from '../../ui/CodeField.tsx'
import { PasswordField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { cloud } from '../api.ts'
import { CodeSent } from './CodeSent.tsx'
import { SendAgain } from './SendAgain.tsx'
import type { Asked } from './useAsked.ts'
import { useEnter } from './useEnter.ts'
import { codeDigits } from './VerifyForm.tsx'

export interface ResetFormProps {
  asked: Asked
  again: { send: () => void; isPending: boolean; error: unknown }
  onBack: () => void
  onDone: () => void
}

export function ResetForm({ asked, again, onBack, onDone }: ResetFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const rules = usePersonRules()
  const enter = useEnter()
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const [wasTried, setTried] = useState(false)
  const set = useMutation({
    mutationFn: () => cloud('PUT /api/password-resets', { body: { email: asked.email, code, password } }),
    onSuccess: async (user) => {
      onDone()
      toast(t`The password is changed. You are signed out everywhere else.`, { tone: 'ok' })
      await enter(user)
    },
  })
  const isWhole = code.length === codeDigits
  const fault = rules.password(password, asked.email)
  const { error } = set
  const isCodeWrong = error instanceof ApiError && error.code === 'CL-102'
  const isWeak = error instanceof ApiError && error.field === 'password'
  const other = (isCodeWrong || isWeak ? null : error) ?? again.error
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (isWhole && !fault) set.mutate()
      }}
    >
      <CodeSent email={asked.email} onBack={onBack} />
      {other ? (
        <Banner tone="bad" isInset>
          {problem(other)}
        </Banner>
      ) : null}
      <CodeField
        autoFocus
        label={t`Code`}
        description={t`The ${codeDigits} digits of the mail, if somebody has registered with this address.`}
        digits={codeDigits}
        value={code}
        onChange={setCode}
        onComplete={() => set.reset()}
        isPending={set.isPending}
        error={isCodeWrong ? problem(error) : wasTried && !isWhole ? t`Write all of its digits.` : undefined}
      />
      <PasswordField
        label={t`New password`}
        name="password"
        autoComplete="new-password"
        isRequired
        value={password}
        onChange={setPassword}
        error={isWeak ? problem(error) : wasTried ? fault : undefined}
        description={rules.passwordHint}
      />
      <Button type="submit" variant="primary" size="large" isWide isPending={set.isPending}>
        <Trans>Set the password and sign in</Trans>
      </Button>
      <SendAgain sentAt={asked.at} isPending={again.isPending} onSend={again.send} />
    </form>
  )
}
