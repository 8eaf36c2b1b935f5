/** What the pages ask the cloud about Facebook and integrations. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { cloud } from './api.ts'

export const facebookQuery = queryOptions({
  queryKey: ['facebook'],
  queryFn: ({ signal }) => cloud('GET /api/facebook', { signal }),
})

export const pagesQuery = queryOptions({
  queryKey: ['pages'],
  queryFn: ({ signal }) => cloud('GET /api/pages', { signal }),
  // What Facebook says changes with what one does there, in another window.
  staleTime: 0,
})

export const integrationsQuery = queryOptions({
  queryKey: ['integrations'],
  queryFn: ({ signal }) => cloud('GET /api/integrations', { signal }),
  staleTime: 5_000,
})

export const integrationQuery = (id: number) =>
  queryOptions({
    queryKey: ['integrations', id],
    queryFn: ({ signal }) => cloud('GET /api/integrations/:id', { params: { id }, signal }),
    staleTime: 5_000,
  })

export type Shown = 'messages' | 'open' | 'all'

export const logQuery = (id: number, show: Shown) =>
  queryOptions({
    queryKey: ['integrations', id, 'log', show],
    queryFn: ({ signal }) =>
      cloud('GET /api/integrations/:id/log', { params: { id }, query: { show }, signal }),
    staleTime: 0,
  })

export const logPagesQuery = (id: number, show: Shown) =>
  infiniteQueryOptions({
    queryKey: ['integrations', id, 'log-pages', show],
    queryFn: ({ signal, pageParam }) =>
      cloud('GET /api/integrations/:id/log', {
        params: { id },
        query: { show, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
    staleTime: 0,
  })

export const auditQuery = (integrationId: number | undefined) =>
  infiniteQueryOptions({
    queryKey: ['audit', integrationId],
    queryFn: ({ signal, pageParam }) =>
      cloud('GET /api/audit', {
        query: { ...(integrationId && { integrationId }), ...(pageParam && { before: pageParam }) },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: ({ before }: { before: number | null }) => before ?? undefined,
    staleTime: 0,
  })

export const wayQuery = (id: number, entryId: number) =>
  queryOptions({
    queryKey: ['integrations', id, 'way', entryId],
    queryFn: ({ signal }) =>
      cloud('GET /api/integrations/:id/log/:entryId', { params: { id, entryId }, signal }),
    staleTime: 0,
  })
