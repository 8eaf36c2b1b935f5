/** What administration asks the server, and under which keys it is kept: the first word is what the socket calls the thing. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Call } from '../../api/api.ts'

interface Page<R> {
  rows: R[]
  cursor?: string | null
}

/** Choices must be whole; beyond this many one searches. */
const mostPages = 20

async function allRows<R>(fetchPage: (cursor: string | undefined) => Promise<Page<R>>): Promise<R[]> {
  const rows: R[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await fetchPage(cursor)
    rows.push(...answer.rows)
    if (!answer.cursor) break
    cursor = answer.cursor
  }
  return rows
}

const paged = (limit: number, cursor: string | undefined) => ({ limit, ...(cursor ? { cursor } : {}) })
const searched = (search: string) => (search ? { search } : {})
const next = { initialPageParam: '', getNextPageParam: ({ cursor }: Page<unknown>) => cursor ?? undefined }

export const accountsQuery = (search: string, listId?: number) =>
  infiniteQueryOptions({
    queryKey: ['accounts', 'list', search, listId ?? 0],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/openchannel/accounts', {
        query: {
          ...paged(50, pageParam),
          ...searched(search),
          ...(listId === undefined ? {} : { listId }),
        },
        signal,
      }),
    ...next,
  })

export const allAccountsQuery = queryOptions({
  queryKey: ['accounts', 'all'],
  queryFn: ({ signal }) =>
    allRows((cursor) => api('GET /api/openchannel/accounts', { query: paged(200, cursor), signal })),
})

export const accountQuery = (id: number) =>
  queryOptions({
    queryKey: ['accounts', id],
    queryFn: ({ signal }) => api('GET /api/openchannel/accounts/:id', { params: { id }, signal }),
  })

export const deliveriesQuery = (accountId: number, state?: string) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', accountId, state ?? 'all'],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/openchannel/deliveries', {
        query: { accountId, ...(state ? { state } : {}), ...paged(50, pageParam) },
        signal,
      }),
    ...next,
  })

/** A link breaks without a word, and somebody looks at it. */
const relaysMs = 5_000

export const relaysQuery = queryOptions({
  queryKey: ['relays'],
  queryFn: ({ signal }) => api('GET /api/relays', { signal }),
  refetchInterval: relaysMs,
})

/** It changes without a word, and somebody looks at it. */
const healthMs = 15_000

export const healthQuery = (accountId: number) =>
  queryOptions({
    queryKey: ['health', accountId],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/accounts/:id/health', { params: { id: accountId }, signal }),
    refetchInterval: healthMs,
  })

export const healthsQuery = (accountIds: readonly number[]) =>
  queryOptions({
    queryKey: ['health', 'of', accountIds],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/health', { query: { accountIds: accountIds.slice(-200) }, signal }),
    enabled: accountIds.length > 0,
    refetchInterval: healthMs,
  })

export const echoesQuery = (accountId: number) =>
  queryOptions({
    queryKey: ['echoes', accountId],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/accounts/:id/echoes', { params: { id: accountId }, signal }),
  })

/** The interactions of an account, newest first; a few are enough to see that one arrived. */
export const arrivalsQuery = (accountId: number) =>
  queryOptions({
    queryKey: ['arrivals', accountId],
    queryFn: ({ signal }) =>
      api('GET /api/openchannel/interactions', {
        query: { OpenchannelAccountId: accountId, limit: 1 },
        signal,
      }),
  })

export const queuesQuery = queryOptions({
  queryKey: ['queues', 'all'],
  queryFn: ({ signal }) =>
    allRows((cursor) => api('GET /api/openchannel/queues', { query: paged(200, cursor), signal })),
})

export const queueQuery = (id: number) =>
  queryOptions({
    queryKey: ['queues', id],
    queryFn: ({ signal }) => api('GET /api/openchannel/queues/:id', { params: { id }, signal }),
  })

export const skillsQuery = queryOptions({
  queryKey: ['queues', 'skills'],
  queryFn: async ({ signal }) => (await api('GET /api/openchannel/skills', { signal })).rows,
})

export const intervalsQuery = queryOptions({
  queryKey: ['intervals', 'all'],
  queryFn: ({ signal }) =>
    allRows((cursor) => api('GET /api/intervals', { query: paged(200, cursor), signal })),
})

export const intervalQuery = (id: number) =>
  queryOptions({
    queryKey: ['intervals', id],
    queryFn: ({ signal }) => api('GET /api/intervals/:id', { params: { id }, signal }),
  })

export const usersQuery = queryOptions({
  queryKey: ['users', 'all'],
  queryFn: ({ signal }) => allRows((cursor) => api('GET /api/users', { query: paged(200, cursor), signal })),
})

export const usersPageQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['users', 'list', search],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/users', { query: { ...paged(50, pageParam), ...searched(search) }, signal }),
    ...next,
  })

export const userQuery = (id: number) =>
  queryOptions({
    queryKey: ['users', id],
    queryFn: ({ signal }) => api('GET /api/users/:id', { params: { id }, signal }),
  })

export const teamsQuery = queryOptions({
  queryKey: ['teams', 'all'],
  queryFn: ({ signal }) => allRows((cursor) => api('GET /api/teams', { query: paged(200, cursor), signal })),
})

export const teamUsesQuery = (id: number) =>
  queryOptions({
    queryKey: ['teams', id, 'uses'],
    queryFn: ({ signal }) => api('GET /api/teams/:id/uses', { params: { id }, signal }),
    // Accounts and queues tell of their changes under their own names.
    staleTime: 0,
  })

export const userUsesQuery = (id: number) =>
  queryOptions({
    queryKey: ['users', id, 'uses'],
    queryFn: ({ signal }) => api('GET /api/users/:id/uses', { params: { id }, signal }),
    staleTime: 0,
  })

export const rolesQuery = queryOptions({
  // A changed role is told as changed users.
  queryKey: ['users', 'roles'],
  queryFn: async ({ signal }) => (await api('GET /api/roles', { signal })).rows,
})

export const rightsQuery = (id: number) =>
  queryOptions({
    queryKey: ['users', id, 'rights'],
    queryFn: ({ signal }) => api('GET /api/users/:id/rights', { params: { id }, signal }),
  })

export const auditQuery = (filters: NonNullable<Call<'GET /api/audit'>['query']>) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/audit', { query: { ...filters, ...(pageParam ? { before: pageParam } : {}) }, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ before }: { before: number | null }) => before ?? undefined,
    // Nothing tells of new entries, and who looks wants what is.
    staleTime: 0,
  })

export const tagsQuery = queryOptions({
  queryKey: ['tags', 'all'],
  queryFn: ({ signal }) => allRows((cursor) => api('GET /api/tags', { query: paged(200, cursor), signal })),
})

export const dispositionsQuery = queryOptions({
  queryKey: ['dispositions', 'all'],
  queryFn: ({ signal }) =>
    allRows((cursor) => api('GET /api/dispositions', { query: paged(200, cursor), signal })),
})

export const pausesQuery = queryOptions({
  queryKey: ['pauses', 'all'],
  queryFn: ({ signal }) =>
    allRows((cursor) => api('GET /api/openchannel/pauses', { query: paged(200, cursor), signal })),
})

export const presenceRulesQuery = queryOptions({
  queryKey: ['pauses', 'rules'],
  queryFn: ({ signal }) => api('GET /api/openchannel/presence-rules', { signal }),
})

export const keysQuery = infiniteQueryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal, pageParam }) => api('GET /api/keys', { query: paged(100, pageParam), signal }),
  ...next,
})

export const signInSettingsQuery = queryOptions({
  queryKey: ['sign-in-settings'],
  queryFn: ({ signal }) => api('GET /api/sign-in-settings', { signal }),
})
