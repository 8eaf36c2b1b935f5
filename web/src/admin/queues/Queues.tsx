/** All queues: how they ring, who is in them, who waits. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Split } from 'lucide-react'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { useTypedSearch } from '../../shell/list-address.ts'
import { Name } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { peopleOf } from '../common/members.ts'
import { NameDialog } from '../common/NameDialog.tsx'
import { queueQuery, queuesQuery, teamsQuery } from '../common/queries.ts'

export function Queues() {
  const { t } = useLingui()
  const { search, typed, type } = useTypedSearch()
  const queues = useQuery(queuesQuery)
  const teams = useQuery(teamsQuery).data ?? []
  // Those of a group stand together, those of none first.
  const rows = queues.data
    ?.filter(({ name, group }) => `${name} ${group}`.toLowerCase().includes(search.toLowerCase()))
    .sort((a, b) => a.group.localeCompare(b.group))
  const strategies = {
    rrmemory: t`One after the other`,
    leastrecent: t`Longest without one`,
    fewestactive: t`Fewest at hand`,
    beepall: t`All at once`,
  }
  const isEmpty = queues.data?.length === 0
  return (
    <AdminPage
      title={t`Queues`}
      description={t`A queue rings its members when an interaction waits in it.`}
      calls={[
        { key: 'GET /api/openchannel/queues' },
        { key: 'POST /api/openchannel/queues', body: { name: 'Sales' } },
      ]}
      actions={isEmpty ? undefined : <NewQueue />}
    >
      {queues.isError ? (
        <Failed error={queues.error} onRetry={() => void queues.refetch()} />
      ) : isEmpty ? (
        <Card>
          <EmptyState icon={<Split aria-hidden />} title={t`No queue yet`} action={<NewQueue />}>
            <Trans>
              Without a queue nothing rings: agents take new interactions from Waiting themselves.
            </Trans>
          </EmptyState>
        </Card>
      ) : (
        <>
          <SearchField
            label={t`Search queues`}
            value={typed}
            onChange={type}
            className="w-full max-w-[360px]"
          />
          <Card isFlush>
            <DataTable<Queue, number>
              label={t`Queues`}
              rows={rows}
              rowId={({ id }) => id}
              rowHref={({ id }) => `/admin/queues/${id}`}
              empty={<EmptyState title={t`No queue is called so`} />}
              columns={[
                { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
                {
                  id: 'strategy',
                  title: t`Rings`,
                  priority: 'low',
                  cell: ({ strategy }) => strategies[strategy],
                },
                {
                  id: 'timeout',
                  title: t`Each for`,
                  align: 'end',
                  priority: 'low',
                  cell: ({ agentTimeoutSeconds }) => t`${agentTimeoutSeconds} s`,
                },
                {
                  id: 'members',
                  title: t`Members`,
                  align: 'end',
                  cell: (queue) => peopleOf(queue, teams).size,
                },
                {
                  id: 'accounts',
                  title: t`Accounts`,
                  priority: 'low',
                  cell: ({ accounts }) => <Name>{accounts.map(({ name }) => name).join(', ') || '–'}</Name>,
                },
                {
                  id: 'group',
                  title: t`Group`,
                  priority: 'low',
                  cell: ({ group }) => <Name>{group || '–'}</Name>,
                },
                { id: 'free', title: t`Free`, align: 'end', cell: ({ free }) => free },
                { id: 'waiting', title: t`Waiting`, align: 'end', cell: ({ waiting }) => waiting },
              ]}
            />
          </Card>
        </>
      )}
    </AdminPage>
  )
}

function NewQueue() {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <NameDialog
      verb={t`New queue`}
      description={t`Such as Sales, Support or Returns. Members and ringing come next.`}
      onSave={async (name) => {
        const queue = await api('POST /api/openchannel/queues', { body: { name } })
        client.setQueryData(queueQuery(queue.id).queryKey, queue)
        void client.invalidateQueries({ queryKey: queuesQuery.queryKey })
        await navigate({ href: `/admin/queues/${queue.id}` })
      }}
    />
  )
}
