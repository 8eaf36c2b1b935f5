/** Signing in with e-mail and password. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useSearch } from '@tanstack/react-router'
import { Alone } from '../../session/Alone.tsx'
import { safeNext } from '../../session/next.ts'
import { SignInForm } from '../../session/SignInForm.tsx'
import { TextLink } from '../../ui/Button.tsx'
import { cloud } from '../api.ts'
import { useEnter } from './useEnter.ts'

export function SignIn() {
  const { t } = useLingui()
  const { next }: { next?: string } = useSearch({ strict: false })
  const enter = useEnter(safeNext(next))
  return (
    <Alone title={t`Sign in`}>
      <SignInForm signIn={async (body) => enter(await cloud('POST /api/session', { body }))} />
      <p className="mt-5 border-t border-border pt-4 text-text-2">
        <Trans>
          New here? <TextLink href="/register">Register</TextLink>
        </Trans>
      </p>
    </Alone>
  )
}
