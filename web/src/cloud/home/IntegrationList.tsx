/** My integrations: which page goes where, how it stands, and when it last was heard of. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { Id } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Time } from '../../ui/Time.tsx'
import { channelNames } from '../common/ChannelMark.tsx'
import { StateTag } from '../common/StateTag.tsx'

export function IntegrationList({ rows }: { rows: readonly Integration[] }) {
  const { t } = useLingui()
  return (
    <DataTable
      label={t`My integrations`}
      rows={rows}
      rowId={({ id }) => id}
      rowHref={({ id }) => `/integrations/${id}`}
      columns={[
        { id: 'page', title: t`Page`, cell: ({ page }) => <bdi>{page.name}</bdi> },
        { id: 'kind', title: t`Channel`, cell: ({ kind }) => channelNames[kind], width: '110px' },
        { id: 'state', title: t`State`, cell: ({ state }) => <StateTag state={state} />, width: '140px' },
        {
          id: 'health',
          title: t`Health`,
          priority: 'low',
          cell: ({ state, health }) => <Health state={state} health={health} />,
        },
        {
          id: 'last',
          title: t`Last event`,
          width: '110px',
          cell: ({ health }) =>
            health.lastEventAt ? <Time value={health.lastEventAt} /> : <span className="text-text-3">–</span>,
        },
        {
          id: 'server',
          title: t`Server`,
          priority: 'low',
          cell: ({ target }) => (target.serverName ? <bdi>{target.serverName}</bdi> : <Id>{target.host}</Id>),
        },
      ]}
    />
  )
}

function Health({ state, health }: Pick<Integration, 'state' | 'health'>) {
  if (state === 'replaced' || state === 'disconnected') return <span className="text-text-3">–</span>
  if (health.failuresInRow > 0)
    return (
      <span className="text-bad-text">
        <Trans>Deliveries fail</Trans>
      </span>
    )
  if (health.missingPermissions.length > 0)
    return (
      <span className="text-warn-text">
        <Trans>Permissions are missing</Trans>
      </span>
    )
  return <Trans>Good</Trans>
}
