/** The page for an address that is none. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Compass } from 'lucide-react'
import { LinkButton } from '../ui/Button.tsx'
import { EmptyState } from '../ui/Page.tsx'

export function Nowhere() {
  const { t } = useLingui()
  return (
    <main className="grid h-full place-items-center">
      <EmptyState
        icon={<Compass aria-hidden />}
        title={t`There is no such page`}
        action={
          <LinkButton href="/" variant="primary">
            <Trans>Go to your integrations</Trans>
          </LinkButton>
        }
      >
        <Trans>The address is mistyped, or what it named was deleted.</Trans>
      </EmptyState>
    </main>
  )
}
