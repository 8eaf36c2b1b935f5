/** One integration: how it stands, how it fares, what it forwards and where to. */
import { useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { Back } from '../../shell/Back.tsx'
import { Broken } from '../../shell/problems.tsx'
import { useId } from '../../shell/useId.ts'
import { LinkButton } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, Page, PageHeader } from '../../ui/Page.tsx'
import { StateTag } from '../common/StateTag.tsx'
import { integrationQuery } from '../queries.ts'
import { DeleteButton } from './DeleteButton.tsx'
import { Facts } from './Facts.tsx'
import { HopsDiagram } from './HopsDiagram.tsx'
import { LogCard } from './LogCard.tsx'
import { OptionsForm } from './OptionsForm.tsx'
import { PauseButton } from './PauseButton.tsx'
import { StateBanner } from './StateBanner.tsx'
import { TargetCard } from './TargetCard.tsx'

export function IntegrationPage() {
  const { t } = useLingui()
  const integration = useQuery({ ...integrationQuery(useId()), refetchInterval: 10_000 })
  // What was fetched before stays in view while the cloud cannot be reached.
  if (integration.error && !integration.data) return <Broken error={integration.error} />
  return (
    <Page>
      <Back href="/" label={t`Integrations`} />
      {integration.data ? (
        <Details key={integration.data.id} integration={integration.data} />
      ) : (
        <Card>
          <SkeletonLines lines={6} />
        </Card>
      )}
    </Page>
  )
}

/** Those that still hold their page at Facebook. */
const isLive = ({ state }: Integration) => state !== 'replaced' && state !== 'disconnected'

function Details({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const { id, page, state } = integration
  return (
    <>
      <PageHeader
        title={page.name}
        tags={<StateTag state={state} />}
        actions={
          <>
            <LinkButton variant="quiet" href={`/audit?integration=${id}`} icon={<History aria-hidden />}>
              {t`History`}
            </LinkButton>
            {state === 'connected' || state === 'paused' ? <PauseButton integration={integration} /> : null}
            <DeleteButton integration={integration} />
          </>
        }
      />
      <StateBanner integration={integration} />
      <HopsDiagram integration={integration} />
      <div className="grid items-start gap-3 wide:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-3">
          <Facts integration={integration} isLive={isLive(integration)} />
          <LogCard integration={integration} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <TargetCard integration={integration} canChange={isLive(integration)} />
          {isLive(integration) ? <OptionsForm integration={integration} /> : null}
        </div>
      </div>
    </>
  )
}
