/** All intervals: their hours, whether they are open now, who uses them. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Interval } from '@patchbay/protocol/api/intervals.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import { api } from '../../api/api.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { AdminPage } from '../common/AdminPage.tsx'
import { NameDialog } from '../common/NameDialog.tsx'
import { intervalQuery, intervalsQuery } from '../common/queries.ts'
import { dayNames, rangeInWords, usualRange } from './hours.ts'

export function Intervals() {
  const { t, i18n } = useLingui()
  const intervals = useQuery(intervalsQuery)
  const isEmpty = intervals.data?.length === 0
  const names = dayNames(i18n.locale, 'short')
  return (
    <AdminPage
      title={t`Intervals`}
      description={t`Business hours by name. A step of an account's routing can be limited to one.`}
      calls={[
        { key: 'GET /api/intervals' },
        {
          key: 'POST /api/intervals',
          body: { name: 'Office', timeZone: 'Europe/Rome', ranges: [usualRange] },
        },
      ]}
      actions={isEmpty ? undefined : <NewInterval />}
    >
      {intervals.isError ? (
        <Failed error={intervals.error} onRetry={() => void intervals.refetch()} />
      ) : isEmpty ? (
        <Card>
          <EmptyState icon={<Clock aria-hidden />} title={t`No interval yet`} action={<NewInterval />}>
            <Trans>Without one every step of a routing holds at any time.</Trans>
          </EmptyState>
        </Card>
      ) : (
        <Card isFlush>
          <DataTable<Interval, number>
            label={t`Intervals`}
            rows={intervals.data}
            rowId={({ id }) => id}
            rowHref={({ id }) => `/admin/intervals/${id}`}
            columns={[
              { id: 'name', title: t`Name`, cell: ({ name }) => <Name>{name}</Name> },
              {
                id: 'now',
                title: t`Now`,
                cell: ({ isOpen }) =>
                  isOpen ? <Tag tone="ok">{t`Open`}</Tag> : <Tag tone="neutral">{t`Closed`}</Tag>,
              },
              {
                id: 'hours',
                title: t`Hours`,
                cell: ({ always, ranges }) =>
                  always ? t`Always` : ranges.map((range) => rangeInWords(range, names)).join('; ') || '–',
              },
              { id: 'zone', title: t`Time zone`, priority: 'low', cell: ({ timeZone }) => timeZone },
              {
                id: 'accounts',
                title: t`Accounts`,
                priority: 'low',
                cell: ({ accounts }) => <Name>{accounts.map(({ name }) => name).join(', ') || '–'}</Name>,
              },
            ]}
          />
        </Card>
      )}
    </AdminPage>
  )
}

function NewInterval() {
  const { t } = useLingui()
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <NameDialog
      verb={t`New interval`}
      description={t`Such as Office, Night or Christmas. It begins with the working week in your time zone.`}
      onSave={async (name) => {
        const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
        const interval = await api('POST /api/intervals', { body: { name, timeZone, ranges: [usualRange] } })
        client.setQueryData(intervalQuery(interval.id).queryKey, interval)
        void client.invalidateQueries({ queryKey: intervalsQuery.queryKey })
        await navigate({ href: `/admin/intervals/${interval.id}` })
      }}
    />
  )
}
