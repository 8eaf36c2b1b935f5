/** The rows of the delivery log: pages as far as one scrolled, and while it is live what comes on top. */
import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../../api/api.ts'
import { type LogFilters, logQuery } from './filters.ts'
import { pageSize, waiting, withHead } from './tail.ts'

/** Somebody looks at it and waits: this is the time until a row shows. */
const tailMs = 2_000

const pagesQuery = (accountId: number, filters: LogFilters) =>
  infiniteQueryOptions({
    queryKey: ['log', accountId, 'pages', filters],
    queryFn: ({ signal, pageParam }) => fetchPage(accountId, filters, signal, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  })

/** The newest page alone. */
export const headQuery = (accountId: number, filters: LogFilters = {}) =>
  queryOptions({
    queryKey: ['log', accountId, 'head', filters],
    queryFn: ({ signal }) => fetchPage(accountId, filters, signal),
  })

function fetchPage(accountId: number, filters: LogFilters, signal: AbortSignal, cursor = '') {
  return api('GET /api/openchannel/accounts/:id/log', {
    params: { id: accountId },
    query: { ...logQuery(filters, Date.now()), limit: pageSize, ...(cursor ? { cursor } : {}) },
    signal,
  })
}

/** `isHeld`: somebody points at the rows, so new ones wait. */
export function useLog(accountId: number, filters: LogFilters, isLive: boolean, isHeld: boolean) {
  const client = useQueryClient()
  const pages = useInfiniteQuery({
    ...pagesQuery(accountId, filters),
    placeholderData: (before) => before,
    staleTime: 0,
  })
  const head = useQuery({
    ...headQuery(accountId, filters),
    enabled: isLive && pages.isSuccess && !pages.isPlaceholderData,
    refetchInterval: tailMs,
    staleTime: 0,
  }).data
  const { queryKey } = pagesQuery(accountId, filters)
  const take = (hold: boolean) => {
    if (head) client.setQueryData(queryKey, (shown) => shown && withHead(shown, head, hold))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `take` is made anew by every drawing
  useEffect(() => {
    if (isLive) take(isHeld)
  }, [head, isHeld, isLive])
  return {
    rows: pages.data?.pages.flatMap(({ rows }) => rows),
    waiting: isLive && head && pages.data ? waiting(pages.data, head) : 0,
    showWaiting: () => take(false),
    error: pages.isError ? pages.error : undefined,
    retry: () => void pages.refetch(),
    more: {
      hasMore: pages.hasNextPage,
      isLoading: pages.isFetchingNextPage,
      onLoadMore: () => void pages.fetchNextPage(),
    },
  }
}
