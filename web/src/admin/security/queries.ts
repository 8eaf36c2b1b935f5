/** What the page of one's own security asks. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/api.ts'

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => api('GET /api/me/second-factor', { signal }),
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api('GET /api/me/sessions', { signal }),
})
