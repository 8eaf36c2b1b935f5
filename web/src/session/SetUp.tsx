/** Making the first admin with the link that the program prints at its first start. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { ApiError, api } from '../api/api.ts'
import { meQuery } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, LinkButton } from '../ui/Button.tsx'
import { SkeletonLines } from '../ui/Mark.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { PasswordField, TextField } from '../ui/TextField.tsx'
import { Alone } from './Alone.tsx'
import { usePersonRules } from './usePersonRules.ts'

const route = getRouteApi('/setup')

export function SetUp() {
  const { t } = useLingui()
  const { code = '' } = route.useSearch()
  const check = useQuery({
    queryKey: ['setup', code],
    queryFn: ({ signal }) => api('GET /api/setup', { query: { code }, signal }),
  })
  return (
    <Alone title={t`Set up Patchbay`}>
      {check.isPending ? (
        <SkeletonLines lines={4} />
      ) : check.data?.open === false ? (
        <UsedUp />
      ) : (
        <SetUpForm code={code} />
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
        <LinkButton href="/signin" variant="primary">
          <Trans>Sign in</Trans>
        </LinkButton>
      }
    >
      <Trans>The first admin exists already, or the program has printed a newer link since.</Trans>
    </EmptyState>
  )
}

function SetUpForm({ code }: { code: string }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const rules = usePersonRules()
  const [fullname, setFullname] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [wasTried, setTried] = useState(false)
  const setUp = useMutation({
    mutationFn: () =>
      api('POST /api/setup', {
        body: { code, email: email.trim(), password, name: fullname.trim(), fullname: fullname.trim() },
      }),
    onSuccess: async (me) => {
      client.setQueryData(meQuery.queryKey, me)
      await navigate({ href: '/', replace: true })
    },
  })
  const faults = {
    fullname: fullname.trim() ? undefined : t`Write your name.`,
    email: rules.email(email),
    password: rules.password(password, email),
  }
  const refused = setUp.error instanceof ApiError ? setUp.error.field : undefined
  const faultOf = (field: keyof typeof faults) =>
    refused === field ? problem(setUp.error) : wasTried ? faults[field] : undefined
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!faults.fullname && !faults.email && !faults.password) setUp.mutate()
      }}
    >
      <p className="text-text-2">
        <Trans>You become the first admin. Colleagues are added afterwards.</Trans>
      </p>
      {setUp.error && !(refused && refused in faults) ? (
        <Banner tone="bad" isInset>
          {problem(setUp.error)}
        </Banner>
      ) : null}
      <TextField
        autoFocus
        label={t`Name`}
        name="name"
        autoComplete="name"
        isRequired
        value={fullname}
        onChange={setFullname}
        error={faultOf('fullname')}
      />
      <TextField
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
      <Button type="submit" variant="primary" size="large" isWide isPending={setUp.isPending}>
        <Trans>Make the admin and sign in</Trans>
      </Button>
    </form>
  )
}
