/** The audit log: what was done to one's integrations and one's account, by whom, from what to what. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CloudAuditEntry } from '@patchbay/protocol/api/cloud-audit.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { Back } from '../../shell/Back.tsx'
import { Failed } from '../../shell/Failed.tsx'
import { useListSearch } from '../../shell/list-address.ts'
import { Id } from '../../ui/Bidi.tsx'
import { TextLink } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { Card, EmptyState, Page, PageHeader } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { Time } from '../../ui/Time.tsx'
import { channelNames } from '../common/ChannelMark.tsx'
import { auditQuery, integrationsQuery } from '../queries.ts'
import { useAct } from './acts.ts'
import { Difference } from './Difference.tsx'

const everything = 0

export function Audit() {
  const { t } = useLingui()
  const { current, set } = useListSearch()
  const only = Number(current.integration ?? everything)
  const integrations = useQuery(integrationsQuery).data?.rows ?? []
  const entries = useInfiniteQuery(auditQuery(only || undefined))
  const isThere = new Set(integrations.map(({ id }) => id))
  return (
    <Page>
      <Back href="/" label={t`Integrations`} />
      <PageHeader
        title={t`Audit log`}
        description={t`What was done to your integrations and your account. Nobody can change it.`}
      />
      <Select<number>
        className="max-w-[360px]"
        label={t`Show`}
        value={only}
        onChange={(id) => set({ integration: id === everything ? undefined : String(id) })}
        options={[
          { id: everything, label: t`Everything` },
          ...(only && !isThere.has(only) ? [{ id: only, label: t`Integration ${only}` }] : []),
          ...integrations.map(({ id, kind, page }) => ({
            id,
            label: `${page.name} (${channelNames[kind]})`,
          })),
        ]}
      />
      {entries.isError && !entries.data ? (
        <Failed error={entries.error} onRetry={() => void entries.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<CloudAuditEntry, number>
            label={t`Audit log`}
            rows={entries.data?.pages.flatMap(({ rows }) => rows)}
            rowId={({ id }) => id}
            empty={
              <EmptyState icon={<ScrollText aria-hidden />} title={t`Nothing is written down yet`}>
                <Trans>What you connect, change and end will stand here.</Trans>
              </EmptyState>
            }
            columns={[
              {
                id: 'at',
                title: t`When`,
                width: '1%',
                cell: ({ at }) => <Time value={at} style="stamp" className="whitespace-nowrap" />,
              },
              {
                id: 'what',
                title: t`What`,
                cell: (entry) => <What entry={entry} hasPage={isThere.has(entry.objectId ?? everything)} />,
              },
              { id: 'who', title: t`Who`, cell: (entry) => <Who entry={entry} /> },
              {
                id: 'difference',
                title: t`Before → after`,
                width: '50%',
                cell: (entry) => <Difference entry={entry} />,
              },
            ]}
          />
          <LoadMore
            hasMore={entries.hasNextPage}
            isLoading={entries.isFetchingNextPage}
            onLoadMore={() => void entries.fetchNextPage()}
          />
        </Card>
      )}
    </Page>
  )
}

function What({ entry, hasPage }: { entry: CloudAuditEntry; hasPage: boolean }) {
  const act = useAct()
  const { object, objectId, objectName } = entry
  const name = objectName ?? `#${objectId}`
  return (
    <span className="flex min-w-0 flex-col">
      <span>{act(entry)}</span>
      {object !== 'integration' ? null : hasPage ? (
        <TextLink href={`/integrations/${objectId}`}>
          <bdi>{name}</bdi>
        </TextLink>
      ) : (
        <bdi className="text-text-2">{name}</bdi>
      )}
    </span>
  )
}

function Who({ entry: { by, address } }: { entry: CloudAuditEntry }) {
  const { t } = useLingui()
  const words = { you: t`You`, somebody: t`Another user`, program: t`The cloud itself` }
  return (
    <span className="flex flex-col">
      <span className={by === 'you' ? undefined : 'text-text-2'}>{words[by]}</span>
      {address ? <Id className="text-small text-text-2">{address}</Id> : null}
    </span>
  )
}
