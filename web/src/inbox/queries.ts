/** The names that the inbox offers to choose from. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/api.ts'

const query = { limit: 200 }

/** The tags that an interaction can have. */
export const tagsQuery = queryOptions({
  queryKey: ['tags', 'names'],
  queryFn: () => api('GET /api/tags', { query }),
})

export const accountsQuery = queryOptions({
  queryKey: ['accounts', 'names'],
  queryFn: () => api('GET /api/openchannel/accounts', { query }),
})

export const queuesQuery = queryOptions({
  queryKey: ['queues', 'names'],
  queryFn: () => api('GET /api/openchannel/queues', { query }),
})

export const usersQuery = queryOptions({
  queryKey: ['users', 'names'],
  queryFn: () => api('GET /api/users', { query }),
})
