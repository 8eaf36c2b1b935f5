/** The way to the cloud, and what every page asks it: who am I. */
import type { CloudUser } from '@patchbay/protocol/api/cloud-people.ts'
import type { CloudApi } from '@patchbay/protocol/cloud.ts'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { type ApiOf, ask } from '../api/api.ts'

/** Throws ApiError. An answer without a body (204) is null. */
export const cloud: ApiOf<CloudApi> = ask

export const userQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => cloud('GET /api/me', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** Who is signed in; only below the frame, which has fetched it. */
export function useUser(): CloudUser {
  return useSuspenseQuery(userQuery).data
}
