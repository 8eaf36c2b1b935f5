/** One interval: when it is open, what the clock there shows now, who uses it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Interval } from '@patchbay/protocol/api/intervals.ts'
import { useQuery } from '@tanstack/react-query'
import { useId } from '../../shell/useId.ts'
import { Button } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { DeleteUsed } from '../common/DeleteUsed.tsx'
import { intervalQuery, intervalsQuery } from '../common/queries.ts'
import { UsedBy } from '../common/UsedBy.tsx'
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
      history={{ object: 'interval', id }}
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
  const intervals = useQuery(intervalsQuery).data ?? []
  return (
    <Card title={t`Used by`} className="max-w-[760px]">
      <UsedBy accounts={accounts} nobody={t`No account limits a step of its routing to this interval yet.`} />
      <DeleteUsed
        of="DELETE /api/intervals/:id"
        id={id}
        others={intervals.map((other) => ({ id: other.id, label: other.name }))}
        keys={['intervals', 'accounts', 'triggers']}
        to="/admin/intervals"
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Delete this interval</Trans>
          </Button>
        }
        title={t`Delete ${name}?`}
        confirm={t`Delete the interval`}
        typeToConfirm={name}
      >
        <Trans>Nothing can be limited to it any more.</Trans>
      </DeleteUsed>
    </Card>
  )
}
