/** One entry of the log beside its list, with an address of its own: what happened, why, every attempt, and what can be done about it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { LogEntry } from '@patchbay/protocol/api/log.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api/api.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { LinkButton } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Drawer } from '../../../ui/Dialog.tsx'
import { SkeletonLines } from '../../../ui/Mark.tsx'
import { Time } from '../../../ui/Time.tsx'
import { AttemptLine } from './AttemptLine.tsx'
import { EntryDiagnosis } from './EntryDiagnosis.tsx'
import { Exchange } from './Exchange.tsx'
import { LogStateTag } from './LogStateTag.tsx'
import { Replay } from './Replay.tsx'
import { useLogAddress } from './useLogAddress.ts'
import { useEventWord } from './words.ts'

/** What is under way changes without a word. */
const pendingMs = 2_000

export const entryQuery = (accountId: number, entryId: string) =>
  queryOptions({
    queryKey: ['log', accountId, 'entry', entryId],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/accounts/:id/log/:entryId', { params: { id: accountId, entryId }, signal }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data?.row.state === 'pending' ? pendingMs : false),
  })

export function EntryDrawer() {
  const { t } = useLingui()
  const { entryId = '' } = useParams({ strict: false })
  const { accountId, hrefOf } = useLogAddress()
  const navigate = useNavigate()
  const eventWord = useEventWord()
  const entry = useQuery(entryQuery(accountId, entryId))
  const row = entry.data?.row
  const close = () => void navigate({ href: hrefOf(), resetScroll: false })
  return (
    <Drawer
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) close()
      }}
      size="large"
      title={
        row
          ? [eventWord(row.event), row.interactionId ? t`interaction ${row.interactionId}` : null]
              .filter((part) => part !== null)
              .join(' · ')
          : t`Request`
      }
    >
      {entry.isError ? <Failed error={entry.error} onRetry={() => void entry.refetch()} /> : null}
      {entry.data ? (
        <Entry key={entryId} entry={entry.data} />
      ) : entry.isError ? null : (
        <SkeletonLines lines={8} />
      )}
    </Drawer>
  )
}

export function Entry({ entry }: { entry: LogEntry }) {
  const { t } = useLingui()
  const { row, attempts, diagnosis, curl } = entry
  const [chosen, setChosen] = useState<number>()
  // Until one is chosen it is the newest, also when another comes.
  const attempt = attempts.find((one) => one.attempt === chosen) ?? newestOf(attempts)
  return (
    <div className="flex flex-col gap-4">
      <p className="flex flex-wrap items-center gap-2 text-text-2">
        <LogStateTag row={row} />
        <span>
          <Whose row={row} />
        </span>
        <span aria-hidden>·</span>
        <Time value={row.at} style="long" />
      </p>
      <EntryDiagnosis row={row} diagnosis={diagnosis} />
      <div className="flex flex-wrap gap-2">
        <Replay row={row} />
        <CopyButton label={t`Copy as curl`} text={curl} />
        <CopyButton label={t`Copy link`} text={() => location.href} />
        {row.interactionId === null ? null : (
          <LinkButton
            size="small"
            href={`/inbox/team/${row.interactionId}`}
            icon={<ExternalLink aria-hidden />}
          >
            <Trans>Open interaction</Trans>
          </LinkButton>
        )}
      </div>
      {row.direction === 'out' ? (
        <AttemptLine row={row} attempts={attempts} current={attempt?.attempt} onChoose={setChosen} />
      ) : null}
      {attempt ? <Exchange key={attempt.attempt} attempt={attempt} /> : null}
    </div>
  )
}

function Whose({ row: { direction, event, askedBy } }: Pick<LogEntry, 'row'>) {
  if (direction === 'in') return <Trans>From your service</Trans>
  if (askedBy === null) return <Trans>To your service</Trans>
  return event === 'trigger' ? (
    <Trans>
      By the trigger <bdi>{askedBy}</bdi>
    </Trans>
  ) : (
    <Trans>
      By step <bdi>{askedBy}</bdi> of the actions
    </Trans>
  )
}

function newestOf(attempts: LogEntry['attempts']): LogEntry['attempts'][number] | undefined {
  return attempts.reduce<LogEntry['attempts'][number] | undefined>(
    (newest, one) => (newest && newest.attempt > one.attempt ? newest : one),
    undefined,
  )
}
