/** The cache of what the server said, and the question that every screen asks: who am I. */
import { QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { ApiError, api } from './api.ts'

/** A refusal stays a refusal; only what may pass by itself is asked again. */
function isPassing(error: unknown) {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 502)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api('GET /api/me', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The signed-in user; only below the shell, which has fetched it. */
export function useMe() {
  return useSuspenseQuery(meQuery).data
}

/** Signs out here and at the server, and forgets all that was fetched. */
export function useSignOut() {
  const client = useQueryClient()
  return async () => {
    await api('DELETE /api/session')
    client.clear()
    location.assign('/signin')
  }
}
