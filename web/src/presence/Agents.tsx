/** How the agents stand now: state, since when, slots, and what a supervisor can change. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AgentPresence } from '@patchbay/protocol/api/presence.ts'
import { useQuery } from '@tanstack/react-query'
import { Headset, History, Lock, UserCog } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../api/queries.ts'
import { Failed } from '../shell/Failed.tsx'
import { stateNames } from '../shell/presence.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { IconButton } from '../ui/Button.tsx'
import { DataTable } from '../ui/DataTable.tsx'
import { Slots } from '../ui/Mark.tsx'
import { Card, EmptyState, Page, PageHeader } from '../ui/Page.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { StatTile } from '../ui/StatTile.tsx'
import { Elapsed, Remaining } from '../ui/Time.tsx'
import { Periods } from './Periods.tsx'
import { agentsQuery } from './queries.ts'
import { SetState } from './SetState.tsx'
import { effectiveState, Standing } from './Standing.tsx'
import { useWatch } from './useWatch.ts'

const order = Object.keys(stateNames)

export function Agents() {
  return useMe().permissions.includes('presence.others') ? <Board /> : <NoPermission />
}

function Board() {
  const { t, i18n } = useLingui()
  useWatch()
  const agents = useQuery(agentsQuery)
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const rows = agents.data
    ?.filter(({ fullname }) => fullname.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.fullname.localeCompare(b.fullname))
  const count = (state: string) =>
    agents.data?.filter((agent) => effectiveState(agent) === state).length ?? '–'
  return (
    <Page>
      <PageHeader
        title={t`Agents`}
        description={t`Who is here, since when, and with how much to do. It follows by itself.`}
      />
      <div className="grid grid-cols-2 gap-3 narrow:grid-cols-5">
        {Object.entries(stateNames).map(([state, name]) => (
          <StatTile key={state} label={i18n._(name)} value={String(count(state))} />
        ))}
      </div>
      {agents.isError ? (
        <Failed error={agents.error} onRetry={() => void agents.refetch()} />
      ) : (
        <>
          <SearchField label={t`Search agents`} value={search} onChange={setSearch} />
          <Card isFlush>
            <DataTable<AgentPresence, number>
              label={t`Agents`}
              rows={rows}
              rowId={({ id }) => id}
              rowName={({ fullname }) => fullname}
              empty={
                <EmptyState icon={<Headset aria-hidden />} title={t`Nobody`}>
                  <Trans>You see the agents of the accounts to which you were added.</Trans>
                </EmptyState>
              }
              columns={[
                {
                  id: 'name',
                  title: t`Agent`,
                  cell: ({ fullname, teams }) => (
                    <span className="flex min-w-0 items-center gap-3">
                      <Avatar name={fullname} size={28} />
                      <span className="min-w-0">
                        <bdi className="block">{fullname}</bdi>
                        {teams.length > 0 ? (
                          <span className="hint">{teams.map(({ name }) => name).join(', ')}</span>
                        ) : null}
                      </span>
                    </span>
                  ),
                },
                { id: 'state', title: t`State`, cell: (agent) => <Standing agent={agent} /> },
                { id: 'for', title: t`For`, align: 'end', cell: (agent) => <For agent={agent} /> },
                {
                  id: 'slots',
                  title: t`Slots`,
                  priority: 'low',
                  cell: ({ presence }) => <Slots used={presence.slotsUsed} capacity={presence.capacity} />,
                },
                {
                  id: 'by',
                  title: t`Set by`,
                  priority: 'low',
                  cell: ({ presence: { setBy, note } }) =>
                    setBy ? (
                      <span>
                        <bdi>{setBy.fullname}</bdi>
                        {note ? (
                          <span className="hint">
                            <bdi>{note}</bdi>
                          </span>
                        ) : null}
                      </span>
                    ) : null,
                },
                {
                  id: 'actions',
                  title: t`Actions`,
                  isTitleHidden: true,
                  align: 'end',
                  cell: (agent) => <Actions agent={agent} />,
                },
              ]}
            />
          </Card>
        </>
      )}
    </Page>
  )
}

function rank(agent: AgentPresence): number {
  return order.indexOf(effectiveState(agent))
}

function For({ agent: { isHere, lastHeardAt, presence } }: { agent: AgentPresence }) {
  if (!isHere && presence.state !== 'offline') return lastHeardAt ? <Elapsed since={lastHeardAt} /> : null
  if (presence.state === 'wrap-up' && presence.until) return <Remaining until={presence.until} />
  if (presence.cause === 'never') return null
  const isOver = presence.until !== null && Date.parse(presence.until) < Date.now()
  return <Elapsed since={presence.since} className={isOver ? 'text-bad-text' : ''} />
}

function Actions({ agent }: { agent: AgentPresence }) {
  const { t } = useLingui()
  return (
    <span className="inline-flex">
      <SetState
        agent={agent}
        trigger={<IconButton label={t`Set the state of ${agent.fullname}`} icon={<UserCog aria-hidden />} />}
      />
      <Periods
        agent={agent}
        trigger={<IconButton label={t`History of ${agent.fullname}`} icon={<History aria-hidden />} />}
      />
    </span>
  )
}

function NoPermission() {
  const { t } = useLingui()
  return (
    <div className="grid h-full place-items-center">
      <EmptyState icon={<Lock aria-hidden />} title={t`You may not see how others stand`}>
        <Trans>Ask an admin of your organisation for the right to see and set the presence of others.</Trans>
      </EmptyState>
    </div>
  )
}
