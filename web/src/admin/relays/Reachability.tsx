/** How messages reach this server: from outside by its own address, or by way of relays; and what must be open for that. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Relay } from '@patchbay/protocol/api/relays.ts'
import { useQuery } from '@tanstack/react-query'
import { Waypoints } from 'lucide-react'
import { Failed } from '../../shell/Failed.tsx'
import { Id } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { relaysQuery } from '../common/queries.ts'
import { LeaveRelay } from './LeaveRelay.tsx'
import { NewRelay } from './NewRelay.tsx'
import { Tries } from './Tries.tsx'

export function Reachability() {
  const { t } = useLingui()
  const relays = useQuery(relaysQuery)
  const rows = relays.data?.rows
  return (
    <AdminPage
      title={t`Reachability`}
      description={t`Services send their customers' messages to this server. A relay takes them in where nobody can connect to it: the server opens the connection itself.`}
      calls={[
        { key: 'GET /api/relays' },
        { key: 'POST /api/relays', body: { url: 'https://relay.example.com', code: '…' } },
        { key: 'POST /api/reachability' },
      ]}
      actions={rows?.length === 0 ? undefined : <NewRelay isKnown />}
    >
      <Tries />
      {relays.isError ? (
        <Failed error={relays.error} onRetry={() => void relays.refetch()} />
      ) : (
        <Card isFlush title={t`Relays`}>
          <DataTable<Relay, number>
            label={t`Relays`}
            rows={rows}
            rowId={({ id }) => id}
            empty={
              <EmptyState
                icon={<Waypoints aria-hidden />}
                title={t`No relay`}
                action={<NewRelay isKnown={false} />}
              >
                <Trans>
                  Needed only where a firewall lets nobody in. The operator of a relay gives you a code.
                </Trans>
              </EmptyState>
            }
            columns={[
              { id: 'url', title: t`Address`, cell: ({ url }) => <Id>{url}</Id> },
              { id: 'state', title: t`State`, cell: (relay) => <State relay={relay} /> },
              {
                id: 'since',
                title: t`Since`,
                priority: 'low',
                cell: ({ since }) => <Time value={since} />,
              },
              {
                id: 'server',
                title: t`Known there as`,
                priority: 'low',
                cell: ({ serverId }) => <Id isMono>{serverId}</Id>,
              },
              {
                id: 'actions',
                title: t`Actions`,
                isTitleHidden: true,
                align: 'end',
                cell: (relay) => <LeaveRelay relay={relay} />,
              },
            ]}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function State({ relay: { state, error, refused } }: { relay: Relay }) {
  const { t } = useLingui()
  const words = { connected: t`Connected`, connecting: t`Connecting`, refused: t`Refused` }[state]
  const tone = { connected: 'ok', connecting: 'warn', refused: 'bad' } as const
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Tag tone={tone[state]}>{words}</Tag>
      {error ? <span className="text-small text-text-2">{error}</span> : null}
      {refused > 0 ? (
        <span className="text-small text-bad-text">
          {t`Another server has registered ${refused} of the tokens and keys of this one.`}
        </span>
      ) : null}
    </span>
  )
}
