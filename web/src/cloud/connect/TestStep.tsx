/** Step five: a message is waited for, and its way is shown as it goes. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Failed } from '../../shell/Failed.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { LiveTest } from '../integration/LiveTest.tsx'
import { integrationQuery } from '../queries.ts'
import { StepCard } from './StepCard.tsx'

export function TestStep({ id, replyUrl }: { id: number; replyUrl: string }) {
  const { t } = useLingui()
  const integration = useQuery(integrationQuery(id))
  const { data } = integration
  return (
    <StepCard
      title={t`Does it work?`}
      actions={
        <LinkButton variant="primary" href={`/integrations/${id}`}>
          <Trans>Done</Trans>
        </LinkButton>
      }
    >
      {integration.isError ? (
        <Failed error={integration.error} onRetry={() => void integration.refetch()} />
      ) : data ? (
        <>
          <Banner tone="ok" isInset>
            <Trans>
              <bdi>{data.page.name}</bdi> is connected.
            </Trans>
          </Banner>
          <section className="flex flex-col gap-2">
            <h3 className="text-h4">
              <Trans>Let the answers out</Trans>
            </h3>
            <p className="text-text-2">
              {data.target.serverName ? (
                <Trans>
                  This has to be the Reply URL of the account. The Connect tab, where the code was made,
                  offers to set it.
                </Trans>
              ) : (
                <Trans>
                  Set this as the Reply URL of the account, under Admin, Accounts, Settings. Without it the
                  contact centre cannot answer.
                </Trans>
              )}
            </p>
            <CopyField label={t`Reply URL`} isLabelHidden value={replyUrl} />
          </section>
          <section className="flex flex-col gap-2">
            <h3 className="text-h4">
              {data.kind === 'instagram' ? (
                <Trans>Send a message to your account now</Trans>
              ) : (
                <Trans>Send a message to your page now</Trans>
              )}
            </h3>
            <LiveTest integration={data} />
          </section>
        </>
      ) : (
        <SkeletonLines lines={5} />
      )}
    </StepCard>
  )
}
