/** All teams. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Team } from '@patchbay/protocol/api/people.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { NameDialog } from '../common/NameDialog.tsx'
import { teamsQuery } from '../common/queries.ts'

export function Teams() {
  const { t } = useLingui()
  const teams = useQuery(teamsQuery)
  const isEmpty = teams.data?.length === 0
  return (
    <AdminPage
      title={t`Teams`}
      description={t`A team stands for its people wherever agents are chosen: in accounts and in queues.`}
      calls={[{ key: 'GET /api/teams' }, { key: 'POST /api/teams', body: { name: 'Nord' } }]}
      actions={isEmpty ? undefined : <NewTeam />}
    >
      {teams.isError ? (
        <Failed error={teams.error} onRetry={() => void teams.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<Team, number>
            label={t`Teams`}
            rows={teams.data}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/admin/teams/${id}`}
            empty={
              <EmptyState icon={<Users aria-hidden />} title={t`No team yet`} action={<NewTeam />}>
                <Trans>
                  With teams you choose ten people at once, and newcomers belong everywhere from the start.
                </Trans>
              </EmptyState>
            }
            columns={[
              { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
              { id: 'people', title: t`People`, align: 'end', cell: ({ userIds }) => userIds.length },
            ]}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function NewTeam() {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <NameDialog
      verb={t`New team`}
      onSave={async (name) => {
        const team = await api('POST /api/teams', { body: { name } })
        await client.invalidateQueries({ queryKey: ['teams'] })
        await navigate({ href: `/admin/teams/${team.id}` })
      }}
    />
  )
}
