/** The interactions of a contact, newest first. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { HistoryRow } from '@patchbay/protocol/api/contacts.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useProblem } from '../api/useProblem.ts'
import { TextLink } from '../ui/Button.tsx'
import { LoadMore } from '../ui/LoadMore.tsx'
import { SkeletonLines, Tag } from '../ui/Mark.tsx'
import { Time } from '../ui/Time.tsx'
import { historyQuery } from './queries.ts'

export function ContactHistory({ contactId }: { contactId: number }) {
  const problem = useProblem()
  const history = useInfiniteQuery(historyQuery(contactId))
  const rows = history.data?.pages.flatMap((page) => page.rows)
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium text-text-2">
        <Trans>History</Trans>
      </h3>
      {history.isPending ? <SkeletonLines lines={4} /> : null}
      {history.isError ? <p className="text-bad-text">{problem(history.error)}</p> : null}
      {rows?.length === 0 ? (
        <p className="text-text-3">
          <Trans>No interactions yet.</Trans>
        </p>
      ) : null}
      {rows && rows.length > 0 ? (
        <ul className="flex flex-col">
          {rows.map((row) => (
            <Line key={row.id} row={row} />
          ))}
        </ul>
      ) : null}
      <LoadMore
        hasMore={history.hasNextPage}
        isLoading={history.isFetchingNextPage}
        onLoadMore={() => void history.fetchNextPage()}
      />
    </section>
  )
}

function Line({ row }: { row: HistoryRow }) {
  const { t } = useLingui()
  const view = row.state === 'closed' ? 'closed' : row.agent ? 'team' : 'waiting'
  return (
    <li className="flex min-w-0 items-center gap-2 border-border border-t py-2">
      <div className="min-w-0 flex-1">
        <TextLink
          href={`/inbox/${view}/${row.id}`}
          className="block truncate text-text no-underline hover:underline"
        >
          <span dir="auto">{row.preview || t`Interaction ${row.id}`}</span>
        </TextLink>
        <p className="truncate text-small text-text-2">
          <bdi>{row.account.name}</bdi>
          {row.agent ? (
            <>
              {' · '}
              <bdi>{row.agent.fullname}</bdi>
            </>
          ) : null}
          {' · '}
          <Time value={row.lastMessageAt} style="day" />
        </p>
      </div>
      <State row={row} />
    </li>
  )
}

function State({ row }: { row: HistoryRow }) {
  const { t } = useLingui()
  if (row.state === 'closed') return <Tag tone="ok">{row.disposition ?? t`Closed`}</Tag>
  if (row.state === 'assigned') return <Tag tone="info">{t`In conversation`}</Tag>
  return <Tag tone="warn">{t`Waiting`}</Tag>
}
