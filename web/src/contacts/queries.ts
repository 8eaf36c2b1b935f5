/** What is asked of contacts, and under which keys it is kept. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '../api/api.ts'

export const contactQuery = (id: number) =>
  queryOptions({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => api('GET /api/contacts/:id', { params: { id }, signal }),
  })

export const historyQuery = (contactId: number) =>
  infiniteQueryOptions({
    queryKey: ['contact', contactId, 'history'],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/contacts/:id/interactions', {
        params: { id: contactId },
        query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  })

export const contactsQuery = (filter: { listId: number | undefined; search: string }) =>
  infiniteQueryOptions({
    queryKey: ['contacts', filter],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/contacts', {
        query: {
          limit: 50,
          ...(filter.listId === undefined ? {} : { listId: filter.listId }),
          ...(filter.search ? { search: filter.search } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  })

export const listsQuery = queryOptions({
  queryKey: ['lists'],
  queryFn: ({ signal }) => api('GET /api/lists', { query: { limit: 200 }, signal }),
})

export const fieldsQuery = (listId: number) =>
  queryOptions({
    queryKey: ['lists', listId, 'fields'],
    queryFn: ({ signal }) => api('GET /api/lists/:id/fields', { params: { id: listId }, signal }),
  })
