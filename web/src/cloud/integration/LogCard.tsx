/** What came and went through an integration lately: when, which way, what, and how it stands. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { CloudLogEntry } from '@patchbay/protocol/api/cloud-log.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ArrowUpDown } from 'lucide-react'
import { useState } from 'react'
import { Failed } from '../../shell/Failed.tsx'
import { Button } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { LoadMore } from '../../ui/LoadMore.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Card, EmptyState } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { Time } from '../../ui/Time.tsx'
import { channelNames } from '../common/ChannelMark.tsx'
import { Fault } from '../common/Fault.tsx'
import { logPagesQuery, wayQuery } from '../queries.ts'
import { LogState, useWhat } from './log-words.tsx'
import { WayLines } from './WayLines.tsx'
import { hopsOf } from './way.ts'

const askEveryMs = 10_000

export function LogCard({ integration: { id, kind, target } }: { integration: Integration }) {
  const { t } = useLingui()
  const what = useWhat()
  const [show, setShow] = useState<'messages' | 'open' | 'all'>('messages')
  const [opened, setOpened] = useState<number>()
  const log = useInfiniteQuery({ ...logPagesQuery(id, show), refetchInterval: askEveryMs })
  return (
    <Card
      isFlush
      title={t`Log`}
      meta={
        <Select
          label={t`Show`}
          isLabelHidden
          value={show}
          onChange={setShow}
          options={[
            { id: 'messages' as const, label: t`Messages and answers` },
            { id: 'open' as const, label: t`What waits or failed` },
            { id: 'all' as const, label: t`Everything` },
          ]}
        />
      }
    >
      {log.isError && !log.data ? (
        <Failed error={log.error} onRetry={() => void log.refetch()} />
      ) : (
        <DataTable<CloudLogEntry, number>
          label={t`Log`}
          rows={log.data?.pages.flatMap(({ rows }) => rows)}
          rowId={(entry) => entry.id}
          empty={
            <EmptyState
              icon={<ArrowUpDown aria-hidden />}
              title={show === 'open' ? t`Nothing waits and nothing failed` : t`Nothing came yet`}
            />
          }
          columns={[
            {
              id: 'time',
              title: t`Time`,
              width: '1%',
              cell: ({ arrivedAt }) => <Time value={arrivedAt} style="stamp" className="whitespace-nowrap" />,
            },
            {
              id: 'what',
              title: t`What`,
              width: '1%',
              cell: (entry) =>
                entry.what === 'message' ? (
                  <Button variant="text" size="small" className="-ms-2" onPress={() => setOpened(entry.id)}>
                    {what(entry)}
                  </Button>
                ) : (
                  <span className="whitespace-nowrap">{what(entry)}</span>
                ),
            },
            { id: 'state', title: t`State`, cell: (entry) => <LogState entry={entry} /> },
            {
              id: 'attempts',
              title: t`Attempts`,
              align: 'end',
              priority: 'low',
              width: '1%',
              cell: ({ attempts }) => attempts,
            },
          ]}
        />
      )}
      <LoadMore
        hasMore={log.hasNextPage}
        isLoading={log.isFetchingNextPage}
        onLoadMore={() => void log.fetchNextPage()}
      />
      <p className="hint border-t border-border px-4 py-3">
        <Trans>
          Kept for seven days, without the texts: those are deleted as soon as a message has arrived or is
          given up.
        </Trans>
      </p>
      <Dialog
        title={t`The way of this message`}
        isOpen={opened !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setOpened(undefined)
        }}
      >
        {opened === undefined ? null : (
          <OneWay integrationId={id} entryId={opened} host={target.host} channel={channelNames[kind]} />
        )}
      </Dialog>
    </Card>
  )
}

interface OneWayProps {
  integrationId: number
  entryId: number
  host: string
  channel: string
}

function OneWay({ integrationId, entryId, host, channel }: OneWayProps) {
  const way = useQuery(wayQuery(integrationId, entryId))
  if (way.isError) return <Fault error={way.error} />
  return way.data ? (
    <WayLines hops={hopsOf(way.data)} host={host} channel={channel} />
  ) : (
    <SkeletonLines lines={5} />
  )
}
