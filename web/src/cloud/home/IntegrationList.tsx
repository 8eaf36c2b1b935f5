/** My integrations: which page goes where, how it stands, and when it last was heard of. */
import { useLingui } from '@lingui/react/macro'
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
        {
          id: 'page',
          title: t`Page or account`,
          cell: ({ page }) => <bdi className="[overflow-wrap:anywhere]">{page.name}</bdi>,
        },
        {
          id: 'kind',
          title: t`Channel`,
          priority: 'low',
          cell: ({ kind }) => channelNames[kind],
          width: '110px',
        },
        { id: 'state', title: t`State`, cell: ({ state }) => <StateTag state={state} />, width: '1%' },
        {
          id: 'health',
          title: t`Health`,
          priority: 'low',
          width: '170px',
          cell: ({ state, health }) => <Health state={state} health={health} />,
        },
        {
          id: 'last',
          title: t`Last event`,
          priority: 'low',
          width: '1%',
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
  const { t } = useLingui()
  if (state === 'replaced' || state === 'disconnected') return <span className="text-text-3">–</span>
  const fault =
    state === 'reconnect' || health.wrongSecretSince
      ? t`Has to be reconnected`
      : health.failuresInRow > 0
        ? t`Deliveries fail`
        : undefined
  if (fault) return <span className="text-bad-text">{fault}</span>
  if (health.missingPermissions.length > 0)
    return <span className="text-warn-text">{t`Permissions are missing`}</span>
  return t`Good`
}
