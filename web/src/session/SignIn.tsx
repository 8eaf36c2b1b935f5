/** Signing in with e-mail and password. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { meQuery } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { preferences } from '../shell/preferences.ts'
import { activate } from '../shell/words.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, TextLink } from '../ui/Button.tsx'
import { PasswordField, TextField } from '../ui/TextField.tsx'
import { Alone } from './Alone.tsx'
import { safeNext } from './next.ts'

const route = getRouteApi('/signin')

export function SignIn() {
  const { t } = useLingui()
  const { next } = route.useSearch()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => api('POST /api/session', { body: { email: email.trim(), password } }),
    onSuccess: async (me) => {
      client.setQueryData(meQuery.queryKey, me)
      if (preferences().locale === null) await activate(me.locale)
      await navigate({ href: safeNext(next), replace: true })
    },
    onError: () => setPassword(''),
  })
  return (
    <Alone title={t`Sign in`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate()
        }}
      >
        {signIn.error ? (
          <Banner tone="bad" isInset>
            {problem(signIn.error)}
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
          variant="primary"
          size="large"
          isWide
          isPending={signIn.isPending}
          isDisabled={!email.trim() || !password}
        >
          <Trans>Sign in</Trans>
        </Button>
        <TextLink href="/forgot">
          <Trans>Forgot password?</Trans>
        </TextLink>
      </form>
    </Alone>
  )
}
