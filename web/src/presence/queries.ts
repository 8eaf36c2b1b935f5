/** What the agents' page asks the server. */
import { queryOptions } from '@tanstack/react-query'
import { type Answered, api } from '../api/api.ts'

type Page = Answered<'GET /api/openchannel/agents'>

/** One team is seen at once; beyond so many pages nobody reads. */
const mostPages = 10

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: async ({ signal }) => {
    const rows: Page['rows'] = []
    let cursor: string | null | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer: Page = await api('GET /api/openchannel/agents', {
        query: { limit: 200, ...(cursor ? { cursor } : {}) },
        signal,
      })
      rows.push(...answer.rows)
      cursor = answer.cursor
      if (!cursor) break
    }
    return rows
  },
})

export const periodsQuery = (id: number) =>
  queryOptions({
    queryKey: ['agents', id, 'periods'],
    queryFn: ({ signal }) =>
      api('GET /api/users/:id/presence/periods', { params: { id }, query: { limit: 50 }, signal }),
  })
