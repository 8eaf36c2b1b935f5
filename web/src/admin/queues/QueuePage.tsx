/** One queue: how it rings, who is in it, who uses it. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useId } from '../../shell/useId.ts'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { Button } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { MemberPicker } from '../common/MemberPicker.tsx'
import { queueQuery, queuesQuery } from '../common/queries.ts'
import { UsedBy } from '../common/UsedBy.tsx'
import { useMembers } from '../common/useMembers.ts'
import { MemberSkills } from './MemberSkills.tsx'
import { QueueForm } from './QueueForm.tsx'
import { QueueNow } from './QueueNow.tsx'

/** Who waits and who is free changes without a word, and somebody looks at it. */
const nowMs = 5_000

export function QueuePage() {
  const { t } = useLingui()
  const id = useId()
  const queue = useQuery({ ...queueQuery(id), refetchInterval: nowMs })
  if (!queue.data) return <Waiting error={queue.error} />
  const { name, waiting } = queue.data
  return (
    <AdminPage
      back={{ href: '/admin/queues', label: t`Queues` }}
      history={{ object: 'queue', id }}
      title={name}
      tags={
        <Tag tone={waiting > 0 ? 'info' : 'neutral'}>
          <Plural value={waiting} _0="Nobody waits" one="# waits" other="# wait" />
        </Tag>
      }
      calls={[
        { key: 'GET /api/openchannel/queues/:id', params: { id } },
        { key: 'PATCH /api/openchannel/queues/:id', params: { id }, body: { agentTimeoutSeconds: 20 } },
        { key: 'PUT /api/openchannel/queues/:id/agents', params: { id }, body: { ids: [1] } },
      ]}
    >
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_260px]">
        <QueueForm key={id} queue={queue.data} reload={queue.refetch} />
        <QueueNow queue={queue.data} />
      </div>
      <Membership key={`members ${id}`} queue={queue.data} />
      <MemberSkills queue={queue.data} />
      <Uses queue={queue.data} />
    </AdminPage>
  )
}

function Membership({ queue }: { queue: Queue }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const params = { id: queue.id }
  const members = useMembers({
    saved: queue,
    labels: { agents: t`Members`, teams: t`Teams` },
    saveAgents: (body) => api('PUT /api/openchannel/queues/:id/agents', { params, body }),
    saveTeams: (body) => api('PUT /api/openchannel/queues/:id/teams', { params, body }),
    reload: () => client.invalidateQueries({ queryKey: ['queues'] }),
  })
  const guard = useLeaveGuard(members.bar.changes.length > 0)
  return (
    <>
      <MemberPicker
        value={members.value}
        onChange={members.onChange}
        title={t`Members of this queue`}
        empty={<Trans>Nobody yet: the queue rings nobody.</Trans>}
      />
      <SaveBar {...members.bar} />
      {guard}
    </>
  )
}

function Uses({ queue }: { queue: Queue }) {
  const { t } = useLingui()
  const queues = useQuery(queuesQuery).data ?? []
  return (
    <Card title={t`Used by`}>
      <UsedBy accounts={queue.accounts} nobody={t`No account names this queue in its routing yet.`} />
      <DeleteUsed
        of="DELETE /api/openchannel/queues/:id"
        id={queue.id}
        others={queues.map(({ id, name }) => ({ id, label: name }))}
        keys={['queues', 'accounts', 'triggers', 'dispositions']}
        to="/admin/queues"
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this queue</Trans>
          </Button>
        }
        title={t`Delete ${queue.name}?`}
        confirm={t`Delete the queue`}
        typeToConfirm={queue.name}
      >
        <p>
          <Plural value={queue.waiting} _0="Nobody waits in it." one="# waits in it." other="# wait in it." />
        </p>
      </DeleteUsed>
    </Card>
  )
}
