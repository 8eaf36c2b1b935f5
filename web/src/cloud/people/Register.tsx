/** Registering: e-mail and password, then the code that proves the address. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Alone } from '../../session/Alone.tsx'
import { usePersonRules } from '../../session/usePersonRules.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button, TextLink } from '../../ui/Button.tsx'
import { PasswordField, TextField } from '../../ui/TextField.tsx'
import { cloud } from '../api.ts'
import { useAsked } from './useAsked.ts'
import { useEnter } from './useEnter.ts'
import { VerifyForm } from './VerifyForm.tsx'

export function Register() {
  const { i18n, t } = useLingui()
  const enter = useEnter()
  const [asked, setAsked] = useAsked('register')
  const [email, setEmail] = useState(asked?.email ?? '')
  const [password, setPassword] = useState('')
  const ask = useMutation({
    mutationFn: () =>
      cloud('POST /api/register', {
        body: { email: email.trim(), password, locale: i18n.locale === 'it' ? 'it' : 'en' },
      }),
    onSuccess: () => setAsked({ email: email.trim(), at: Date.now() }),
  })
  if (asked) {
    return (
      <Alone title={t`Enter the code`}>
        <VerifyForm
          asked={asked}
          verify={async (code) => {
            const user = await cloud('POST /api/verify', { body: { email: asked.email, code } })
            setAsked(undefined)
            await enter(user)
          }}
          onBack={() => setAsked(undefined)}
          // The password is needed for it, and is gone with the page that it was typed on.
          again={
            password ? { isPending: ask.isPending, error: ask.error, send: () => ask.mutate() } : undefined
          }
        />
      </Alone>
    )
  }
  return (
    <Alone title={t`Register`}>
      <RegisterForm
        {...{ email, setEmail, password, setPassword }}
        isPending={ask.isPending}
        error={ask.error}
        onSend={() => ask.mutate()}
      />
      <p className="mt-5 border-t border-border pt-4 text-text-2">
        <Trans>
          Registered already? <TextLink href="/signin">Sign in</TextLink>
        </Trans>
      </p>
    </Alone>
  )
}

interface RegisterFormProps {
  email: string
  setEmail: (email: string) => void
  password: string
  setPassword: (password: string) => void
  isPending: boolean
  error: unknown
  onSend: () => void
}

function RegisterForm({
  email,
  setEmail,
  password,
  setPassword,
  isPending,
  error,
  onSend,
}: RegisterFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const rules = usePersonRules()
  const [wasTried, setTried] = useState(false)
  const faults = { email: rules.email(email), password: rules.password(password, email) }
  const refused = error instanceof ApiError ? error.field : undefined
  const faultOf = (field: keyof typeof faults) =>
    refused === field ? problem(error) : wasTried ? faults[field] : undefined
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!faults.email && !faults.password) onSend()
      }}
    >
      <p className="text-text-2">
        <Trans>Connect your pages and accounts to your contact centre. We mail you a code first.</Trans>
      </p>
      {error && !(refused && refused in faults) ? (
        <Banner tone="bad" isInset>
          {problem(error)}
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
        error={faultOf('email')}
      />
      <PasswordField
        label={t`Password`}
        name="password"
        autoComplete="new-password"
        isRequired
        value={password}
        onChange={setPassword}
        error={faultOf('password')}
        description={rules.passwordHint}
      />
      <Button type="submit" variant="primary" size="large" isWide isPending={isPending}>
        <Trans>Send me the code</Trans>
      </Button>
    </form>
  )
}
