/** Setting a password by the one-time link of an invitation or of a forgotten password. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CodeWanted } from '@patchbay/protocol/api/session.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { Suspense, useState } from 'react'
import { ApiError, api } from '../api/api.ts'
import { meQuery } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, LinkButton } from '../ui/Button.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { PasswordField, TextField } from '../ui/TextField.tsx'
import { Alone } from './Alone.tsx'
import { isCodeWanted, SecondStep } from './SecondStep.tsx'
import { useLinkCode } from './useLinkCode.ts'
import { usePersonRules } from './usePersonRules.ts'

export function ChoosePassword() {
  const { t } = useLingui()
  const problem = useProblem()
  const code = useLinkCode()
  const link = useQuery({
    queryKey: ['password-link', code],
    queryFn: ({ signal }) => api('POST /api/password-links/check', { body: { code }, signal }),
    enabled: code !== '',
    retry: false,
    // Once chosen it is used up, and must not be asked for again behind the form.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isUsedUp = code === '' || (link.error instanceof ApiError && link.error.code === 'AU-107')
  return (
    <Alone title={link.data?.kind === 'invitation' ? t`Welcome to Patchbay` : t`Choose a password`}>
      {isUsedUp ? (
        <UsedUp />
      ) : link.error ? (
        <Banner tone="bad" isInset>
          {problem(link.error)}
        </Banner>
      ) : link.data ? (
        <ChooseForm code={code} email={link.data.email} fullname={link.data.fullname} />
      ) : (
        <SkeletonLines lines={4} />
      )}
    </Alone>
  )
}

function UsedUp() {
  const { t } = useLingui()
  return (
    <EmptyState
      icon={<KeyRound aria-hidden />}
      title={t`This link is used up`}
      action={
        <LinkButton href="/forgot" variant="primary">
          <Trans>Send me a new one</Trans>
        </LinkButton>
      }
    >
      <Trans>It works once and for a limited time, and a newer one takes its place.</Trans>
    </EmptyState>
  )
}

function ChooseForm({ code, email, fullname }: { code: string; email: string; fullname: string }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const rules = usePersonRules()
  const [password, setPassword] = useState('')
  const [wasTried, setTried] = useState(false)
  const [wanted, setWanted] = useState<CodeWanted>()
  const enter = () => navigate({ href: '/', replace: true })
  const choose = useMutation({
    mutationFn: () => api('POST /api/password-links', { body: { code, password } }),
    onSuccess: async (answer) => {
      client.clear()
      if (isCodeWanted(answer)) return setWanted(answer)
      client.setQueryData(meQuery.queryKey, answer)
      await enter()
    },
  })
  const fault = rules.password(password, email)
  if (wanted) {
    return (
      <Suspense>
        <SecondStep
          wanted={wanted}
          onSignedIn={() => void enter()}
          onBack={() => void navigate({ href: '/signin' })}
        />
      </Suspense>
    )
  }
  const refused = choose.error instanceof ApiError && choose.error.field === 'password'
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!fault) choose.mutate()
      }}
    >
      <p className="text-text-2">
        <Trans>
          Hello <bdi>{fullname}</bdi>, choose a password and you are signed in.
        </Trans>
      </p>
      {choose.error && !refused ? (
        <Banner tone="bad" isInset>
          {problem(choose.error)}
        </Banner>
      ) : null}
      <TextField label={t`E-mail`} name="email" autoComplete="username" isReadOnly value={email} />
      <PasswordField
        autoFocus
        label={t`Password`}
        name="password"
        autoComplete="new-password"
        isRequired
        value={password}
        onChange={setPassword}
        error={refused ? problem(choose.error) : wasTried ? fault : undefined}
        description={rules.passwordHint}
      />
      <Button type="submit" variant="primary" size="large" isWide isPending={choose.isPending}>
        <Trans>Set the password and sign in</Trans>
      </Button>
    </form>
  )
}
