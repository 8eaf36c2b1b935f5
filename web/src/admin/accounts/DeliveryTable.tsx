/** Answers owed to Reply URLs and how they stand. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { DeliveryRow } from '@patchbay/protocol/api/accounts.ts'
import { Send } from 'lucide-react'
import { TextLink } from '../../ui/Button.tsx'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { DeliveryState } from './DeliveryState.tsx'
import { Replay } from './Replay.tsx'

export interface DeliveryTableProps {
  rows: readonly DeliveryRow[] | undefined
  current?: number
  /** Without errors and actions, for beside something else. */
  isShort?: boolean
}

export function DeliveryTable({ rows, current, isShort = false }: DeliveryTableProps) {
  const { t } = useLingui()
  const short: Column<DeliveryRow>[] = [
    {
      id: 'event',
      title: t`Event`,
      cell: ({ interactionId }) => (
        <span className="whitespace-nowrap">
          <Trans>Reply</Trans>
          {' · '}
          <TextLink className="tabular" href={`/inbox/team/${interactionId}`}>
            {interactionId}
          </TextLink>
        </span>
      ),
    },
    { id: 'state', title: t`Status`, cell: (row) => <DeliveryState delivery={row} /> },
    { id: 'tries', title: t`Tries`, align: 'end', cell: ({ attempts }) => attempts },
    {
      id: 'time',
      title: t`Time`,
      align: 'end',
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
  ]
  const whole: Column<DeliveryRow>[] = [
    ...short.slice(0, 3),
    {
      id: 'last',
      title: t`Last answer`,
      priority: 'low',
      cell: ({ lastStatus, lastError }) => (
        <span className="line-clamp-2 text-text-2" dir="auto" title={lastError ?? undefined}>
          {[lastStatus, lastError].filter((part) => part !== null).join(' · ') || '–'}
        </span>
      ),
    },
    {
      id: 'next',
      title: t`Next try`,
      priority: 'low',
      cell: ({ nextAt }) => (nextAt ? <Time value={nextAt} style="clock" /> : '–'),
    },
    ...short.slice(3),
    {
      id: 'actions',
      title: t`Actions`,
      isTitleHidden: true,
      align: 'end',
      cell: (row) => <Replay delivery={row} />,
    },
  ]
  return (
    <DataTable
      label={t`Deliveries`}
      rows={rows}
      rowId={({ id }) => id}
      columns={isShort ? short : whole}
      {...(current === undefined ? {} : { current })}
      empty={
        <EmptyState icon={<Send aria-hidden />} title={t`Nothing to deliver yet`}>
          <Trans>Every answer of an agent shows here, with what your service said to it.</Trans>
        </EmptyState>
      }
    />
  )
}
