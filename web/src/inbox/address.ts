/** What the address of the inbox says: the view, its filters and the interaction; and how to get to another. */
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { useLocation, useRouter } from '@tanstack/react-router'
import { useMemo } from 'react'
import { queryOf } from '../api/api.ts'
import { type Filters, isView, readFilters } from './filters.ts'

/** The list that is shown: the same object for as long as it is the same list. */
export function usePlace(): { view: View; filters: Filters } {
  const view = useLocation({ select: ({ pathname }) => read(pathname, '').view })
  const search = useLocation({ select: ({ searchStr }) => searchStr })
  return useMemo(() => ({ view, filters: read(`/inbox/${view}`, search).filters }), [view, search])
}

/** The interaction that is open. */
export function useOpenId(): number | undefined {
  return useLocation({ select: ({ pathname }) => read(pathname, '').id })
}

/** Ways to another place, the same functions for ever: from where one is when they are called. */
export function useGo(): {
  /** `undefined` is the list alone. */
  open: (id: number | undefined, view?: View) => void
  filter: (filters: Filters) => void
  /** Whether this one is still open: what was asked for it may be answered when one has gone on. */
  isAt: (id: number) => boolean
} {
  const router = useRouter()
  return useMemo(() => {
    const here = () => {
      const { pathname, searchStr } = router.latestLocation
      return read(pathname, searchStr)
    }
    return {
      open: (id, view) => {
        const now = here()
        void router.navigate({ href: hrefOf({ ...now, view: view ?? now.view, id }) })
      },
      isAt: (id) => here().id === id,
      filter: (filters) => void router.navigate({ href: hrefOf({ ...here(), filters }), replace: true }),
    }
  }, [router])
}

export interface Address {
  view: View
  id: number | undefined
  filters: Filters
}

export function read(pathname: string, search: string): Address {
  const [, place, view = '', id = ''] = pathname.split('/')
  // On another page the search is that page's own.
  if (place !== 'inbox') return { view: 'mine', id: undefined, filters: {} }
  return {
    view: isView(view) ? view : 'mine',
    id: /^[1-9]\d{0,15}$/.test(id) ? Number(id) : undefined,
    filters: readFilters(Object.fromEntries(new URLSearchParams(search))),
  }
}

export function hrefOf({
  view,
  id,
  filters,
}: {
  view: View
  id?: number | undefined
  filters: Filters
}): string {
  return `/inbox/${view}${id === undefined ? '' : `/${id}`}${queryOf({ ...filters })}`
}
