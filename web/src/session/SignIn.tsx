/** Signing in with e-mail and password, and with a second step where one is wanted. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CodeWanted } from '@patchbay/protocol/api/session.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { ApiError, api } from '../api/api.ts'
import { meQuery } from '../api/queries.ts'
import { useProblem } from '../api/useProblem.ts'
import { preferences } from '../shell/preferences.ts'
import { activate } from '../shell/words.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Alone } from './Alone.tsx'
import { safeNext } from './next.ts'
import { isCodeWanted, SecondStep } from './SecondStep.tsx'
import { SignInForm } from './SignInForm.tsx'

const route = getRouteApi('/signin')

export function SignIn() {
  const { t } = useLingui()
  const { next, refused } = route.useSearch()
  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: ({ signal }) => api('GET /api/sign-in', { signal }),
    retry: false,
  })
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblem()
  const [wanted, setWanted] = useState<CodeWanted>()
  const enter = async () => {
    const me = await client.fetchQuery(meQuery)
    if (preferences().locale === null) await activate(me.locale)
    await navigate({ href: safeNext(next), replace: true })
  }
  const signIn = async (body: { email: string; password: string }) => {
    const answer = await api('POST /api/session', { body })
    if (isCodeWanted(answer)) return setWanted(answer)
    client.setQueryData(meQuery.queryKey, answer)
    await enter()
  }
  if (wanted) {
    return (
      <Alone title={wanted.step === 'code' ? t`One more step` : t`Set up your second factor`}>
        <Suspense>
          <SecondStep wanted={wanted} onSignedIn={() => void enter()} onBack={() => setWanted(undefined)} />
        </Suspense>
      </Alone>
    )
  }
  const text = ways.data?.singleSignOn?.button
  return (
    <Alone title={t`Sign in`}>
      {ways.data?.singleSignOn ? (
        <div className="mb-5 flex flex-col gap-4">
          {refused ? (
            <Banner tone="bad" isInset>
              {problem(new ApiError(401, { code: refused }))}
            </Banner>
          ) : null}
          <Button
            variant="primary"
            size="large"
            isWide
            onPress={() => location.assign(`/api/single-sign-on?next=${encodeURIComponent(safeNext(next))}`)}
          >
            {text || t`Sign in with single sign-on`}
          </Button>
          {ways.data.passwordFor === 'admins' ? (
            <p className="text-small text-text-2">
              <Trans>Only admins sign in by password.</Trans>
            </p>
          ) : null}
        </div>
      ) : null}
      <SignInForm signIn={signIn} isSecondary={Boolean(ways.data?.singleSignOn)} />
    </Alone>
  )
}
