/** E-mail and password, and the way for who forgot it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useProblem } from '../api/useProblem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, TextLink } from '../ui/Button.tsx'
import { PasswordField, TextField } from '../ui/TextField.tsx'

export interface SignInFormProps {
  signIn: (who: { email: string; password: string }) => Promise<unknown>
  /** Another way stands above it. */
  isSecondary?: boolean
}

export function SignInForm({ signIn, isSecondary = false }: SignInFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const send = useMutation({
    mutationFn: () => signIn({ email: email.trim(), password }),
    onError: () => setPassword(''),
  })
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate()
      }}
    >
      {send.error ? (
        <Banner tone="bad" isInset>
          {problem(send.error)}
        </Banner>
      ) : null}
      <TextField
        autoFocus
        label={t`E-mail`}
        type="email"
        name="email"
        autoComplete="username"
        isRequired
        value={email}
        onChange={setEmail}
      />
      <PasswordField
        label={t`Password`}
        name="password"
        autoComplete="current-password"
        isRequired
        value={password}
        onChange={setPassword}
      />
      <Button
        type="submit"
        variant={isSecondary ? 'secondary' : 'primary'}
        size="large"
        isWide
        isPending={send.isPending}
        isDisabled={!email.trim() || !password}
      >
        <Trans>Sign in</Trans>
      </Button>
      <TextLink href="/forgot">
        <Trans>Forgot password?</Trans>
      </TextLink>
    </form>
  )
}
