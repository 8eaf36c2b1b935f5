/** What the pages ask the cloud about Facebook and integrations. */
import { queryOptions } from '@tanstack/react-query'
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
