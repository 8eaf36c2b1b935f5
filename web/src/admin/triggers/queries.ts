/** What the pages of triggers ask the server. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/api.ts'

export const triggersQuery = queryOptions({
  queryKey: ['triggers', 'all'],
  queryFn: ({ signal }) => api('GET /api/openchannel/triggers', { signal }),
  select: ({ rows }) => rows,
})

export const triggerQuery = (id: number) =>
  queryOptions({
    queryKey: ['triggers', id],
    queryFn: ({ signal }) => api('GET /api/openchannel/triggers/:id', { params: { id }, signal }),
  })
