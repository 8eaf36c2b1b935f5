/** In which states an agent was, newest first. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AgentPresence, PresencePeriod } from '@patchbay/protocol/api/presence.ts'
import { useQuery } from '@tanstack/react-query'
import { Failed } from '../shell/Failed.tsx'
import { stateNames, usePauseWords } from '../shell/presence.ts'
import { DataTable } from '../ui/DataTable.tsx'
import { Drawer } from '../ui/Dialog.tsx'
import { Elapsed, Time } from '../ui/Time.tsx'
import { span } from '../ui/time.ts'
import type { TriggerElement } from '../ui/useOpener.tsx'
import { periodsQuery } from './queries.ts'

export function Periods({ agent, trigger }: { agent: AgentPresence; trigger: TriggerElement }) {
  const { t } = useLingui()
  return (
    <Drawer trigger={trigger} size="medium" title={t`History of ${agent.fullname}`}>
      {() => <List agentId={agent.id} />}
    </Drawer>
  )
}

function List({ agentId }: { agentId: number }) {
  const { t } = useLingui()
  const periods = useQuery(periodsQuery(agentId))
  if (periods.isError) return <Failed error={periods.error} onRetry={() => void periods.refetch()} />
  return (
    <DataTable<PresencePeriod, number>
      label={t`History`}
      rows={periods.data?.rows}
      rowId={({ id }) => id}
      empty={
        <p className="text-text-2">
          <Trans>Nothing is known yet.</Trans>
        </p>
      }
      columns={[
        { id: 'state', title: t`State`, cell: (period) => <What period={period} /> },
        {
          id: 'since',
          title: t`From`,
          align: 'end',
          cell: ({ since }) => (
            <>
              <Time value={since} style="day" /> <Time value={since} style="clock" />
            </>
          ),
        },
        {
          id: 'for',
          title: t`For`,
          align: 'end',
          cell: ({ since, until }) =>
            until ? (
              <span className="tabular">{span(Date.parse(until) - Date.parse(since))}</span>
            ) : (
              <Elapsed since={since} />
            ),
        },
      ]}
    />
  )
}

function What({ period: { state, reason, setBy, note, cause } }: { period: PresencePeriod }) {
  const { i18n } = useLingui()
  const words = usePauseWords()
  return (
    <span>
      {i18n._(stateNames[state])}
      {reason ? (
        <>
          {' · '}
          <bdi>{words(reason)}</bdi>
        </>
      ) : null}
      {setBy ? (
        <span className="hint">
          <Trans>
            by <bdi>{setBy.fullname}</bdi>
          </Trans>{' '}
          <bdi>{note}</bdi>
        </span>
      ) : null}
      {cause === 'silent' ? (
        <span className="hint">
          <Trans>Not heard of</Trans>
        </span>
      ) : null}
      {cause === 'signed-out' ? (
        <span className="hint">
          <Trans>Signed out</Trans>
        </span>
      ) : null}
    </span>
  )
}
