/** Which view of the inbox is shown and how it is narrowed: read from the address, so that it can be sent, kept and gone back to. */
import type { InboxRow, Sort, View } from '@patchbay/protocol/api/interactions.ts'
import type { Static } from 'typebox'
import { compareIn, viewOf } from '../live/reduce.ts'
import type { Place } from './list/order.ts'

export const views: readonly View[] = ['mine', 'waiting', 'team', 'closed']
export const sorts: readonly Static<typeof Sort>[] = ['newest', 'oldest', 'longest-waiting']

export interface Filters {
  sort?: Static<typeof Sort>
  accountId?: number
  queueId?: number
  tagId?: number
  unread?: true
  search?: string
}

/** Whatever stands in the address becomes usable filters. */
export function readFilters(search: Record<string, unknown>): Filters {
  const { sort, accountId, queueId, tagId, unread, search: text } = search
  const known = sorts.find((one) => one === sort)
  const id = (value: unknown) =>
    Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined
  const pairs = {
    sort: known,
    accountId: id(accountId),
    queueId: id(queueId),
    tagId: id(tagId),
    unread: unread === true || unread === 'true' ? (true as const) : undefined,
    search: typeof text === 'string' && text.trim() ? text : undefined,
  }
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined))
}

export function isView(value: string): value is View {
  return views.some((view) => view === value)
}

export function filterCount({ sort: _, search: __, ...filters }: Filters): number {
  return Object.keys(filters).length
}

export interface Known {
  /** The rows that the server found by a search. */
  found?: ReadonlySet<number> | undefined
  /** The last row fetched while the server has more: what comes after it is known only by chance. */
  edge?: InboxRow | undefined
}

/** Where a row stands in what is shown. */
export function placeIn(view: View, filters: Filters, userId: number, { found, edge }: Known = {}): Place {
  const { accountId, queueId, tagId, unread, sort } = filters
  const compare = compareIn(view, sort)
  return {
    belongs: (row: InboxRow) =>
      viewOf(row, userId) === view &&
      (accountId === undefined || row.account.id === accountId) &&
      (queueId === undefined || row.queue?.id === queueId) &&
      (tagId === undefined || row.tags.some(({ id }) => id === tagId)) &&
      (unread === undefined || row.unread > 0) &&
      (found === undefined || found.has(row.id)) &&
      (edge === undefined || compare(row, edge) <= 0),
    compare,
  }
}
