/** How an interaction can be closed, kept for its account and queue: at hand before one asks to close it. */
import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../api/api.ts'
import { live } from '../../live/store.ts'

const freshMs = 60_000

export function endingsQuery(id: number) {
  const row = live().rows.get(id)
  return queryOptions({
    queryKey: ['dispositions', 'of', row?.account.id ?? `#${id}`, row?.queue?.id ?? null],
    queryFn: () => api('GET /api/openchannel/interactions/:id/dispositions', { params: { id } }),
    staleTime: freshMs,
  })
}

/** Whether it is known that there is nothing to ask. */
export function hasNone(client: QueryClient, id: number): boolean {
  const { queryKey } = endingsQuery(id)
  const isOld = client.getQueryState(queryKey)?.isInvalidated ?? true
  return !isOld && client.getQueryData(queryKey)?.rows.length === 0
}

/** So long after an interaction was opened, when nothing else is to do. */
const warmAfterMs = 600

/** Has them at hand for the interaction that is shown. */
export function useEndings(id: number, isOpen: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!isOpen) return
    const timer = setTimeout(() => void client.prefetchQuery(endingsQuery(id)), warmAfterMs)
    return () => clearTimeout(timer)
  }, [client, id, isOpen])
}
