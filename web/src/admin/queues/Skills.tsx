/** All skills: who has them, which queues ask for them, their names. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Skill } from '@patchbay/protocol/api/skills.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Award, Pencil, Trash2 } from 'lucide-react'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { IconButton } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { NameDialog } from '../common/NameDialog.tsx'
import { skillsQuery } from '../common/queries.ts'
import { NewSkill } from './NewSkill.tsx'

export function Skills() {
  const { t } = useLingui()
  const skills = useQuery(skillsQuery)
  const isEmpty = skills.data?.length === 0
  return (
    <AdminPage
      title={t`Skills`}
      description={t`What agents can do, with a level from 1 to 10. A queue that asks for some rings only those who have them.`}
      calls={[
        { key: 'GET /api/openchannel/skills' },
        { key: 'POST /api/openchannel/skills', body: { name: 'Italian' } },
      ]}
      actions={isEmpty ? undefined : <NewSkill />}
    >
      {skills.isError ? (
        <Failed error={skills.error} onRetry={() => void skills.refetch()} />
      ) : (
        <Card isFlush>
          <DataTable<Skill, number>
            label={t`Skills`}
            rows={skills.data}
            rowId={({ id }) => id}
            empty={
              <EmptyState icon={<Award aria-hidden />} title={t`No skill yet`} action={<NewSkill />}>
                <Trans>Such as Italian, Contracts or Returns.</Trans>
              </EmptyState>
            }
            columns={[
              { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
              { id: 'agents', title: t`Agents`, align: 'end', cell: ({ agents }) => agents.length },
              {
                id: 'queues',
                title: t`Queues that ask for it`,
                priority: 'low',
                cell: ({ queues }) => <Name>{queues.map(({ name }) => name).join(', ') || '–'}</Name>,
              },
              {
                id: 'actions',
                title: t`Actions`,
                isTitleHidden: true,
                align: 'end',
                cell: (skill) => <Actions skill={skill} all={skills.data ?? []} />,
              },
            ]}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function Actions({ skill: { id, name }, all }: { skill: Skill; all: readonly Skill[] }) {
  const { t } = useLingui()
  const client = useQueryClient()
  return (
    <span className="inline-flex">
      <NameDialog
        verb={t`Rename ${name}`}
        name={name}
        trigger={<IconButton label={t`Rename ${name}`} icon={<Pencil aria-hidden />} />}
        onSave={async (name) => {
          await api('PATCH /api/openchannel/skills/:id', { params: { id }, body: { name } })
          await client.invalidateQueries({ queryKey: ['queues'] })
        }}
      />
      <DeleteUsed
        of="DELETE /api/openchannel/skills/:id"
        id={id}
        others={all.map(({ id, name }) => ({ id, label: name }))}
        keys={['queues']}
        trigger={<IconButton label={t`Delete ${name}`} icon={<Trash2 aria-hidden />} />}
        title={t`Delete ${name}?`}
        confirm={t`Delete the skill`}
      >
        <Trans>Agents lose it.</Trans>
      </DeleteUsed>
    </span>
  )
}
