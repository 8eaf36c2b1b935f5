/** The rows of the delivery log. */
import { useLingui } from '@lingui/react/macro'
import type { LogRow } from '@patchbay/protocol/api/log.ts'
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { TextLink } from '../../../ui/Button.tsx'
import { type Column, DataTable } from '../../../ui/DataTable.tsx'
import { Time } from '../../../ui/Time.tsx'
import { duration } from '../../../ui/time.ts'
import { LogStateTag } from './LogStateTag.tsx'
import { useEventWord } from './words.ts'

export interface LogTableProps {
  rows: readonly LogRow[] | undefined
  hrefOf: (row: LogRow) => string
  current?: string | undefined
  /** For beside something else: what, how it stands, when. */
  isShort?: boolean
  empty: ReactNode
}

export function LogTable({ rows, hrefOf, current, isShort = false, empty }: LogTableProps) {
  const { t, i18n } = useLingui()
  const eventWord = useEventWord()
  const state: Column<LogRow> = {
    id: 'state',
    title: t`Status`,
    cell: (row) =>
      isShort ? (
        <LogStateTag row={row} />
      ) : (
        <span className="flex items-center gap-2">
          <LogStateTag row={row} />
          <Remark row={row} />
        </span>
      ),
  }
  const attempt: Column<LogRow> = {
    id: 'attempt',
    title: t`Attempt`,
    align: 'end',
    ...(isShort ? {} : { priority: 'low' as const }),
    cell: ({ direction, attempt, attempts }) =>
      direction === 'in' ? <Dash /> : attempt === 0 ? <Dash /> : t`${attempt} of ${attempts}`,
  }
  const whole: Column<LogRow>[] = [
    { id: 'time', title: t`Time`, width: '1%', cell: ({ at }) => <Stamp at={at} /> },
    {
      id: 'direction',
      title: t`Direction`,
      priority: 'low',
      cell: ({ direction }) => <Direction of={direction} />,
    },
    {
      id: 'event',
      title: t`Event`,
      cell: ({ event, direction }) => (
        <span className="flex items-center gap-1 whitespace-nowrap">
          <span className="narrow:hidden">
            <DirectionIcon of={direction} />
          </span>
          {eventWord(event)}
        </span>
      ),
    },
    {
      id: 'interaction',
      title: t`Interaction`,
      priority: 'low',
      cell: ({ interactionId }) =>
        interactionId === null ? (
          <Dash />
        ) : (
          <TextLink className="tabular" href={`/inbox/team/${interactionId}`}>
            {interactionId}
          </TextLink>
        ),
    },
    state,
    attempt,
    {
      id: 'duration',
      title: t`Duration`,
      align: 'end',
      priority: 'low',
      cell: ({ durationMs }) => (durationMs === null ? <Dash /> : duration(durationMs, i18n.locale)),
    },
  ]
  const short: Column<LogRow>[] = [
    {
      id: 'event',
      title: t`Event`,
      cell: ({ event, direction, interactionId }) => (
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          <DirectionIcon of={direction} />
          {[eventWord(event), interactionId].filter((part) => part !== null).join(' · ')}
        </span>
      ),
    },
    state,
    attempt,
    { id: 'time', title: t`Time`, align: 'end', cell: ({ at }) => <Stamp at={at} /> },
  ]
  return (
    <DataTable
      label={t`Deliveries`}
      rows={rows}
      rowId={({ id }) => id}
      rowHref={hrefOf}
      {...(current === undefined ? {} : { current })}
      columns={isShort ? short : whole}
      empty={empty}
    />
  )
}

/** Why it failed, or what was unusual about what was taken. */
function Remark({ row }: { row: LogRow }) {
  const text = row.note ?? (row.state === 'delivered' ? null : row.reason)
  if (!text) return null
  return (
    <span
      className="hidden max-w-[320px] truncate text-small text-text-2 narrow:inline"
      dir="auto"
      title={text}
    >
      {text}
    </span>
  )
}

function Stamp({ at }: { at: string }) {
  return <Time value={at} style="stamp" className="whitespace-nowrap" />
}

function DirectionIcon({ of }: { of: LogRow['direction'] }) {
  const { t } = useLingui()
  const Icon = of === 'in' ? ArrowDownLeft : ArrowUpRight
  return (
    <>
      <Icon aria-hidden className="flip-rtl text-text-2" />
      <span className="visually-hidden">{of === 'in' ? t`In` : t`Out`}</span>
    </>
  )
}

function Direction({ of }: { of: LogRow['direction'] }) {
  const { t } = useLingui()
  const Icon = of === 'in' ? ArrowDownLeft : ArrowUpRight
  return (
    <span className="flex items-center gap-1.5 text-text-2">
      <Icon aria-hidden className="flip-rtl" />
      {of === 'in' ? t`In` : t`Out`}
    </span>
  )
}

function Dash() {
  return <span className="text-text-3">–</span>
}
