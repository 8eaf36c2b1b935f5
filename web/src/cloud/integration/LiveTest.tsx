/** Waits for a message and shows its way with times: from Facebook here, to the contact centre and its queue, and the answer back. */
import { Trans } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQuery } from '@tanstack/react-query'
import { channelNames } from '../common/ChannelMark.tsx'
import { Fault } from '../common/Fault.tsx'
import { logQuery, wayQuery } from '../queries.ts'
import { WayLines } from './WayLines.tsx'
import { hopsOf, isWhole } from './way.ts'

const askEveryMs = 2_000

export function LiveTest({ integration }: { integration: Integration }) {
  const { id, kind, page, target } = integration
  // What was before the test began is none of it; by the order of the log, since clocks differ.
  const before = useQuery({
    ...logQuery(id, 'all'),
    queryKey: ['test', id],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const last = before.data && (before.data.rows[0]?.id ?? 0)
  const log = useQuery({
    ...logQuery(id, 'messages'),
    enabled: last !== undefined,
    refetchInterval: (query) => (firstIn(query.state.data, last) ? false : askEveryMs),
  })
  const entry = firstIn(log.data, last)
  const way = useQuery({
    ...wayQuery(id, entry?.id ?? 0),
    enabled: entry !== undefined,
    refetchInterval: (query) => (isWhole(query.state.data) ? false : askEveryMs),
  })
  return (
    <>
      <p className="text-text-2">
        {kind === 'instagram' ? (
          <Trans>
            Write to <bdi>{page.name}</bdi> from another account on Instagram.
          </Trans>
        ) : (
          <Trans>
            Write to the page from an account at Facebook that does not administer it: what the page’s own
            people post is not forwarded.
          </Trans>
        )}
      </p>
      <Fault error={before.error ?? log.error ?? way.error} />
      <div role="status">
        <WayLines hops={hopsOf(way.data)} host={target.host} channel={channelNames[kind]} />
      </div>
    </>
  )
}

type Log = Awaited<ReturnType<NonNullable<ReturnType<typeof logQuery>['queryFn']>>>

/** The oldest message in that is newer than the test. */
const firstIn = (log: Log | undefined, last: number | undefined) =>
  last === undefined ? undefined : log?.rows.findLast(({ id, direction }) => direction === 'in' && id > last)
