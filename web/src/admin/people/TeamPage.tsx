/** One team: its name and its people. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Team } from '@patchbay/protocol/api/people.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { notFound } from '@tanstack/react-router'
import { api } from '../../api/api.ts'
import { useId } from '../../shell/useId.ts'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { Button } from '../../ui/Button.tsx'
import { FormText } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { MemberPicker } from '../common/MemberPicker.tsx'
import { teamsQuery, teamUsesQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { UseList } from '../common/UseList.tsx'
import { useMembers } from '../common/useMembers.ts'
import { useSavedForm } from '../common/useSavedForm.ts'

export function TeamPage() {
  const { t } = useLingui()
  const id = useId()
  const teams = useQuery(teamsQuery)
  if (!teams.data) return <Waiting error={teams.error} />
  const team = teams.data.find((one) => one.id === id)
  if (!team) throw notFound()
  return (
    <AdminPage
      back={{ href: '/admin/teams', label: t`Teams` }}
      history={{ object: 'team', id }}
      title={team.name}
      calls={[
        { key: 'PATCH /api/teams/:id', params: { id }, body: { name: team.name } },
        { key: 'PUT /api/teams/:id/users', params: { id }, body: { ids: team.userIds } },
      ]}
    >
      <Rename key={id} team={team} reload={teams.refetch} />
      <People key={`people ${id}`} team={team} />
      <Uses team={team} />
      <Remove team={team} teams={teams.data} />
    </AdminPage>
  )
}

function Rename({ team, reload }: { team: Team; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const saved = useSavedForm({
    entity: team,
    read: ({ name }: Team) => ({ name }),
    stampOf: ({ version }) => version,
    save: async ({ name = team.name }, { id, version }) => {
      const fresh = await api('PATCH /api/teams/:id', {
        params: { id },
        body: { name: name.trim(), version },
      })
      await client.invalidateQueries({ queryKey: ['teams'] })
      return fresh
    },
    reload,
  })
  return (
    <Card className="max-w-[560px]">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <FormText
          {...{ control: saved.form.control, name: 'name' }}
          label={t`Name`}
          rules={{ validate: (value) => Boolean(value.trim()) || t`Write a name.` }}
        />
      </form>
      <SavedFormBar saved={saved} labels={{ name: t`Name` }} />
    </Card>
  )
}

function People({ team }: { team: Team }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const members = useMembers({
    saved: { agentIds: team.userIds, teamIds: [], version: team.version },
    labels: { agents: t`People`, teams: t`Teams` },
    saveAgents: (body) => api('PUT /api/teams/:id/users', { params: { id: team.id }, body }),
    reload: async () => {
      void client.invalidateQueries({ queryKey: ['users'] })
      await client.invalidateQueries({ queryKey: ['teams'] })
    },
  })
  const guard = useLeaveGuard(members.bar.changes.length > 0)
  return (
    <>
      <MemberPicker
        isWithoutTeams
        value={members.value}
        onChange={members.onChange}
        title={t`People of this team`}
        empty={<Trans>Nobody yet.</Trans>}
      />
      <SaveBar {...members.bar} />
      {guard}
    </>
  )
}

function Uses({ team }: { team: Team }) {
  const { t } = useLingui()
  const uses = useQuery(teamUsesQuery(team.id)).data?.rows.filter(({ place }) => place !== 'users')
  if (!uses) return null
  return (
    <Card title={t`Used by`} className="max-w-[560px]">
      {uses.length > 0 ? (
        <UseList uses={uses} isAgents />
      ) : (
        <p className="text-text-2">{t`No account and no queue has this team yet.`}</p>
      )}
    </Card>
  )
}

function Remove({ team, teams }: { team: Team; teams: readonly Team[] }) {
  const { t } = useLingui()
  return (
    <Card title={t`Delete`}>
      <p className="text-text-2">
        <Trans>Its people stay; they lose the accounts and queues that they had by this team alone.</Trans>
      </p>
      <DeleteUsed
        of="DELETE /api/teams/:id"
        id={team.id}
        others={teams.map(({ id, name }) => ({ id, label: name }))}
        keys={['teams', 'users', 'accounts', 'queues']}
        to="/admin/teams"
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this team</Trans>
          </Button>
        }
        title={t`Delete ${team.name}?`}
        confirm={t`Delete the team`}
        typeToConfirm={team.name}
      >
        <Trans>Its people stay; they lose the accounts and queues that they had by this team alone.</Trans>
      </DeleteUsed>
    </Card>
  )
}
