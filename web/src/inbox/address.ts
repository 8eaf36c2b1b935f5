/** What the address of the inbox says: the view, its filters and the interaction; and how to get to another. */
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { queryOf } from '../api/api.ts'
import { type Filters, isView, readFilters } from './filters.ts'

export interface Address {
  view: View
  id: number | undefined
  filters: Filters
  /** `undefined` for the id is the list alone. */
  hrefOf: (change: { view?: View; id?: number | undefined; filters?: Filters }) => string
  open: (id: number | undefined, view?: View) => void
  filter: (filters: Filters) => void
}

export function useAddress(): Address {
  const { pathname, searchStr } = useLocation()
  const navigate = useNavigate()
  const { view, id, filters } = useMemo(() => read(pathname, searchStr), [pathname, searchStr])
  const hrefOf = useCallback<Address['hrefOf']>(
    (change) => href({ view, id, filters, ...change }),
    [view, id, filters],
  )
  const open = useCallback(
    (next: number | undefined, inView: View = view) =>
      void navigate({ href: href({ view: inView, id: next, filters }) }),
    [navigate, view, filters],
  )
  const filter = useCallback(
    (next: Filters) => void navigate({ href: href({ view, id, filters: next }), replace: true }),
    [navigate, view, id],
  )
  return { view, id, filters, hrefOf, open, filter }
}

export function read(pathname: string, search: string): Pick<Address, 'view' | 'id' | 'filters'> {
  const [, place, view = '', id = ''] = pathname.split('/')
  // On another page the search is that page's own.
  if (place !== 'inbox') return { view: 'mine', id: undefined, filters: {} }
  return {
    view: isView(view) ? view : 'mine',
    id: /^[1-9]\d{0,15}$/.test(id) ? Number(id) : undefined,
    filters: readFilters(Object.fromEntries(new URLSearchParams(search))),
  }
}

function href({ view, id, filters }: { view: View; id?: number | undefined; filters: Filters }): string {
  return `/inbox/${view}${id === undefined ? '' : `/${id}`}${queryOf({ ...filters })}`
}
