/** One interval: when it is open, what the clock there shows now, who uses it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Interval } from '@patchbay/protocol/api/intervals.ts'
import { useQuery } from '@tanstack/react-query'
import { useId } from '../../shell/useId.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { intervalQuery } from '../common/queries.ts'
import { UsedBy } from '../common/UsedBy.tsx'
import { useRemove } from '../common/useRemove.ts'
import { usualRange } from './hours.ts'
import { IntervalForm } from './IntervalForm.tsx'

export function IntervalPage() {
  const { t } = useLingui()
  const id = useId()
  const interval = useQuery(intervalQuery(id))
  if (!interval.data) return <Waiting error={interval.error} />
  const { name, isOpen } = interval.data
  return (
    <AdminPage
      back={{ href: '/admin/intervals', label: t`Intervals` }}
      title={name}
      tags={isOpen ? <Tag tone="ok">{t`Open now`}</Tag> : <Tag tone="neutral">{t`Closed now`}</Tag>}
      calls={[
        { key: 'GET /api/intervals/:id', params: { id } },
        { key: 'PATCH /api/intervals/:id', params: { id }, body: { ranges: [usualRange] } },
      ]}
    >
      <IntervalForm key={id} interval={interval.data} reload={interval.refetch} />
      <Uses interval={interval.data} />
    </AdminPage>
  )
}

function Uses({ interval: { id, name, accounts } }: { interval: Interval }) {
  const { t } = useLingui()
  const remove = useRemove('DELETE /api/intervals/:id', id, { keys: ['intervals'], to: '/admin/intervals' })
  const users = accounts.map((account) => account.name).join(', ')
  return (
    <Card title={t`Used by`} className="max-w-[760px]">
      <UsedBy accounts={accounts} nobody={t`No account limits a step of its routing to this interval yet.`} />
      <Confirm
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this interval</Trans>
          </Button>
        }
        title={t`Delete ${name}?`}
        confirm={t`Delete the interval`}
        typeToConfirm={name}
        onConfirm={remove}
      >
        {accounts.length > 0 ? (
          <Trans>It cannot go while these use it: {users}. Take it out of their routing first.</Trans>
        ) : (
          <Trans>No step of any routing is limited to it.</Trans>
        )}
      </Confirm>
    </Card>
  )
}
