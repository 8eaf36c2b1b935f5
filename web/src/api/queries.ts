/** The cache of what the server said, and the question that every screen asks: who am I. */
import { QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { type Answered, ApiError, api } from './api.ts'

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

/** The shell asks once for all below it: many ask, and each question of its own would be work in every render. */
export const Me = createContext<Answered<'GET /api/me'> | null>(null)

/** The signed-in user; only below the shell, which has fetched it. */
export function useMe() {
  const me = useContext(Me)
  if (me === null) throw new Error('who is signed in is known below the shell only')
  return me
}

/** Whether the user may take work and change it: not when somebody else looks at his desk. */
export function useMayAnswer() {
  const { permissions, viewer } = useMe()
  return viewer === null && permissions.includes('openchannel.answer')
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
