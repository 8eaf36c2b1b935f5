/** The newest interaction of an account: as the socket tells it, else as it was fetched. Its changes make what hangs on it fetch anew. */
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { LiveState } from '../../../live/reduce.ts'
import { useLive } from '../../../live/store.ts'
import { accountQuery, arrivalsQuery, queuesQuery } from '../../common/queries.ts'

export interface Arrival {
  id: number
  state: InboxRow['state']
  queue: string | null
  agent: string | null
  hasAnswer: boolean
}

/** Slow, and only until the first one: the socket is the way, this the net below it. */
const netMs = 5_000

export function useArrival(accountId: number): Arrival | undefined {
  const client = useQueryClient()
  const row = useLive((state) => newestOf(state, accountId))
  const fetched = useQuery({
    ...arrivalsQuery(accountId),
    refetchInterval: ({ state }) => (state.data?.rows.length ? false : netMs),
  }).data?.rows[0]
  const queues = useQuery(queuesQuery).data
  const seen = useRef(row?.seq)
  useEffect(() => {
    if (row?.seq === seen.current) return
    seen.current = row?.seq
    for (const queryKey of [
      accountQuery(accountId).queryKey,
      ['arrivals', accountId],
      ['deliveries', accountId],
    ])
      void client.invalidateQueries({ queryKey })
  }, [row?.seq, accountId, client])
  const isNewer = row && row.id >= (fetched?.id ?? 0)
  if (isNewer) {
    return {
      id: row.id,
      state: row.state,
      queue: row.queue?.name ?? null,
      agent: row.user?.fullname ?? null,
      hasAnswer: row.lastDirection === 'out',
    }
  }
  if (!fetched) return undefined
  return {
    id: fetched.id,
    state: fetched.state,
    queue: queues?.find(({ id }) => id === fetched.OpenchannelQueueId)?.name ?? null,
    agent: null,
    hasAnswer: fetched.lastMessageDirection === 'out',
  }
}

function newestOf(state: LiveState, accountId: number): InboxRow | undefined {
  let newest: InboxRow | undefined
  for (const row of state.rows.values())
    if (row.account.id === accountId && row.id > (newest?.id ?? 0)) newest = row
  return newest
}
