/** A new password: the e-mail address first, then the mailed code and the password. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Alone } from '../../session/Alone.tsx'
import { usePersonRules } from '../../session/usePersonRules.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button, TextLink } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { cloud } from '../api.ts'
import { ResetForm } from './ResetForm.tsx'
import { useAsked } from './useAsked.ts'

export function Forgot() {
  const { t } = useLingui()
  const problem = useProblem()
  const rules = usePersonRules()
  const [asked, setAsked] = useAsked('reset')
  const [email, setEmail] = useState(asked?.email ?? '')
  const [wasTried, setTried] = useState(false)
  const ask = useMutation({
    mutationFn: () => cloud('POST /api/password-resets', { body: { email: email.trim() } }),
    onSuccess: () => setAsked({ email: email.trim(), at: Date.now() }),
  })
  const fault = rules.email(email)
  return (
    <Alone title={asked ? t`Choose a new password` : t`Forgot password`}>
      {asked ? (
        <ResetForm
          asked={asked}
          again={{ send: () => ask.mutate(), isPending: ask.isPending, error: ask.error }}
          onBack={() => setAsked(undefined)}
          onDone={() => setAsked(undefined)}
        />
      ) : (
        <form
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            setTried(true)
            if (!fault) ask.mutate()
          }}
        >
          <p className="text-text-2">
            <Trans>We mail you a code with which you set a new password.</Trans>
          </p>
          {ask.error ? (
            <Banner tone="bad" isInset>
              {problem(ask.error)}
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
            error={wasTried ? fault : undefined}
          />
          <Button type="submit" variant="primary" size="large" isWide isPending={ask.isPending}>
            <Trans>Send me the code</Trans>
          </Button>
          <TextLink href="/signin">
            <Trans>Back to signing in</Trans>
          </TextLink>
        </form>
      )}
    </Alone>
  )
}
