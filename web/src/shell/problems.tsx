/** The pages for when there is no page: not found, and something broke. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Compass, Unplug } from 'lucide-react'
import { ApiError } from '../api/api.ts'
import { useProblem } from '../api/useProblem.ts'
import { Button, LinkButton } from '../ui/Button.tsx'
import { EmptyState } from '../ui/Page.tsx'

export function NotFound() {
  const { t } = useLingui()
  return (
    <div className="grid h-full place-items-center">
      <EmptyState
        icon={<Compass aria-hidden />}
        title={t`There is no such page`}
        action={
          <LinkButton href="/" variant="primary">
            <Trans>Go to the inbox</Trans>
          </LinkButton>
        }
      >
        <Trans>The address is mistyped, or what it named was deleted.</Trans>
      </EmptyState>
    </div>
  )
}

export function Broken({ error }: { error: unknown }) {
  const { t } = useLingui()
  const problem = useProblem()
  const isRefused = error instanceof ApiError
  if (isRefused && error.status === 404) return <NotFound />
  return (
    <div className="grid h-full place-items-center">
      <EmptyState
        icon={<Unplug aria-hidden />}
        title={isRefused && error.status === 0 ? t`No connection` : t`This page broke`}
        action={
          <Button variant="primary" onPress={() => location.reload()}>
            <Trans>Reload</Trans>
          </Button>
        }
      >
        <p>{problem(error)}</p>
        {isRefused ? null : (
          <p className="mt-2 font-mono text-small text-text-3">
            {error instanceof Error ? error.message : String(error)}
          </p>
        )}
      </EmptyState>
    </div>
  )
}
