/** What the address of the inbox says: the view, its filters and the interaction; and how to get to another. */
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { useLocation, useRouter } from '@tanstack/react-router'
import { useMemo, useSyncExternalStore } from 'react'
import { queryOf } from '../api/api.ts'
import { goAhead, onWanted, wantedHref } from './ahead.ts'
import { type Filters, isView, readFilters } from './filters.ts'

/** Drawn again only when what is selected differs, whether the page is asked to go there or has arrived. */
function useAddress(select: (address: Address) => string): string {
  const router = useRouter()
  useLocation({ select: (location) => select(addressNow(location)) })
  return useSyncExternalStore(onWanted, () => select(addressNow(router.state.location)))
}

/** The list that is shown: the same object for as long as it is the same list. */
export function usePlace(): { view: View; filters: Filters } {
  const href = useAddress(({ view, filters }) => hrefOf({ view, filters }))
  return useMemo(() => {
    const { view, filters } = parse(href)
    return { view, filters }
  }, [href])
}

/** The interaction that is open. */
export function useOpenId(): number | undefined {
  const id = useAddress((address) => String(address.id ?? ''))
  return id === '' ? undefined : Number(id)
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
    const here = () => addressNow(router.latestLocation)
    return {
      open: (id, view) => {
        const now = here()
        const href = hrefOf({ ...now, view: view ?? now.view, id })
        if (router.latestLocation.pathname.startsWith('/inbox/')) goAhead(router, href)
        else void router.navigate({ href })
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

function parse(href: string): Address {
  const [pathname = '', search = ''] = href.split('?')
  return read(pathname, search)
}

let last: { href: string; address: Address } | undefined

// Asked for by much that is drawn, and nearly always for the same.
function addressNow({ pathname, searchStr }: { pathname: string; searchStr: string }): Address {
  const href = wantedHref() ?? `${pathname}${searchStr}`
  if (last?.href !== href) last = { href, address: parse(href) }
  return last.address
}
