/** The tags that an interaction can have. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/api.ts'

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: () => api('GET /api/tags', { query: { limit: 200 } }),
})
