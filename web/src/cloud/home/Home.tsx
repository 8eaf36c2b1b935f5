/** What can be connected, and what is. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Code, Plug } from 'lucide-react'
import { Failed } from '../../shell/Failed.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, EmptyState, Page, PageHeader } from '../../ui/Page.tsx'
import { ChannelMark } from '../common/ChannelMark.tsx'
import { draftStep, useDraft } from '../connect/draft.ts'
import { facebookQuery, integrationsQuery } from '../queries.ts'
import { Connector } from './Connector.tsx'
import { IntegrationList } from './IntegrationList.tsx'

export function Home() {
  const { t } = useLingui()
  const integrations = useQuery({ ...integrationsQuery, refetchInterval: 30_000 })
  const facebook = useQuery(facebookQuery)
  const rows = integrations.data?.rows
  const isClosed = facebook.data?.isSetUp === false
  return (
    <Page>
      <PageHeader title={t`Integrations`} />
      <Unfinished />
      <Card isFlush title={t`My integrations`} meta={rows?.length ? rows.length : undefined}>
        {integrations.isError ? (
          <Failed error={integrations.error} onRetry={() => void integrations.refetch()} />
        ) : rows === undefined ? (
          <div className="p-4">
            <SkeletonLines lines={3} />
          </div>
        ) : rows.length === 0 ? (
          <EmptyState icon={<Plug aria-hidden />} title={t`Nothing is connected yet`}>
            <Trans>
              Choose a connector below. Messages to your page then reach your contact centre, and its answers
              reach your customers.
            </Trans>
          </EmptyState>
        ) : (
          <IntegrationList rows={rows} />
        )}
      </Card>
      <section className="flex flex-col gap-3" aria-labelledby="connectors">
        <h2 id="connectors" className="text-h3">
          <Trans>Connect something</Trans>
        </h2>
        <div className="grid gap-3 narrow:grid-cols-2">
          <Connector
            icon={<ChannelMark kind="facebook" />}
            name={t`Facebook and Instagram`}
            action={
              isClosed ? undefined : (
                <LinkButton href="/connect" variant={rows?.length === 0 ? 'primary' : 'secondary'}>
                  <Trans>Connect a page</Trans>
                </LinkButton>
              )
            }
          >
            {isClosed ? (
              <Trans>Facebook is not set up here yet. Who runs this site has to do that.</Trans>
            ) : (
              <Trans>
                Messenger, posts on the wall and comments of a page that you administer, and the direct
                messages of its Instagram account.
              </Trans>
            )}
          </Connector>
          <Connector
            icon={<Code aria-hidden />}
            name={t`Build your own`}
            action={
              <LinkButton href="/build">
                <Trans>See how</Trans>
              </LinkButton>
            }
          >
            <Trans>Any service that can make an HTTP call: two addresses, nothing to install.</Trans>
          </Connector>
        </div>
      </section>
    </Page>
  )
}

function Unfinished() {
  const draft = useDraft()
  const step = draftStep(draft)
  if (!draft.page || !step) return null
  const { name } = draft.page
  return (
    <Banner
      tone="info"
      isInset
      action={
        <LinkButton size="small" href={`/connect?step=${step}`}>
          <Trans>Continue</Trans>
        </LinkButton>
      }
    >
      <Trans>
        You have begun to connect <bdi>{name}</bdi>.
      </Trans>
    </Banner>
  )
}
