/** The rows of the view that is shown: fetched page by page as one scrolls, and kept true by the socket. */
import type { InboxRow, View } from '@patchbay/protocol/api/interactions.ts'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { api } from '../../api/api.ts'
import { putRows, refetched } from '../../live/reduce.ts'
import { live, subscribe, update, useLive } from '../../live/store.ts'
import { type Filters, placeIn } from '../filters.ts'
import { type Ordered, order, reorder } from './order.ts'

/** While the pointer is over the list its rows stay where they are; so long after it has left they may move. */
const settleMs = 1_000

export interface Rows {
  list: readonly InboxRow[]
  /** `error` has a way to try again in `more`. */
  state: 'loading' | 'ready' | 'error'
  /** Whether older rows are at the server. */
  hasMore: boolean
  more: () => void
  /** Tell when the pointer comes and goes. */
  hold: (isOver: boolean) => void
}

interface Fetched {
  cursor: string | null
  state: Rows['state']
  found: ReadonlySet<number> | undefined
}

export function useRows(view: View, filters: Filters, userId: number): Rows {
  const key = JSON.stringify([view, filters])
  // By value: the address is read anew with every navigation, and a search that stayed the same is not another one.
  const asked = useMemo(() => JSON.parse(key) as [View, Filters], [key])
  const [fetched, setFetched] = useState<Fetched & { key: string }>({ key: '', ...nothing })
  const current = fetched.key === key ? fetched : nothing
  const busy = useRef('')
  const isStale = useLive(({ sync }) => sync === 'stale')

  const load = useCallback(
    async (cursor: string | null) => {
      const [view, filters] = asked
      const ticket = `${key} ${cursor}`
      if (busy.current === ticket) return
      busy.current = ticket
      const isFirst = cursor === null
      try {
        const query = { ...filters, view, limit: 100, ...(cursor === null ? {} : { cursor }) }
        const page = await api('GET /api/openchannel/inbox', { query })
        update((state) => {
          const counted = { ...putRows(state, page.rows), counts: page.counts }
          return isFirst && state.sync === 'stale' ? refetched(counted, page.rows) : counted
        })
        setFetched((before) => ({
          key,
          cursor: page.cursor,
          state: 'ready',
          found: filters.search
            ? new Set([...(isFirst ? [] : (before.found ?? [])), ...page.rows.map(({ id }) => id)])
            : undefined,
        }))
      } catch {
        setFetched((before) => ({ ...(before.key === key ? before : nothing), key, state: 'error' }))
      } finally {
        if (busy.current === ticket) busy.current = ''
      }
    },
    [asked, key],
  )

  useEffect(() => void load(null), [load])
  useEffect(() => {
    if (isStale) void load(null)
  }, [isStale, load])

  const { list, hold } = useOrdered(asked, userId, current.found)
  const { cursor, state } = current
  const more = useCallback(() => {
    if (state === 'error') void load(cursor)
    else if (cursor !== null) void load(cursor)
  }, [cursor, state, load])
  return { list, state, hasMore: cursor !== null, more, hold }
}

const nothing: Fetched = { cursor: null, state: 'loading', found: undefined }

function useOrdered(
  asked: [View, Filters],
  userId: number,
  found: ReadonlySet<number> | undefined,
): { list: readonly InboxRow[]; hold: (isOver: boolean) => void } {
  const held = useRef<{ isOver: boolean; timer?: ReturnType<typeof setTimeout> }>({ isOver: false })
  const source = useMemo(() => {
    const place = placeIn(...asked, userId, found)
    let ordered: Ordered = order(live().rows, place)
    let shown = ordered.list
    return {
      get() {
        const next = reorder(ordered, live().rows, place)
        if (next !== ordered) {
          ordered = next
          shown = held.current.isOver ? inPlace(shown, next) : next.list
        }
        return shown
      },
      release() {
        shown = ordered.list
      },
    }
  }, [asked, userId, found])
  const [, redraw] = useState(0)
  const hold = useCallback(
    (isOver: boolean) => {
      clearTimeout(held.current.timer)
      if (isOver) held.current.isOver = true
      else {
        held.current.timer = setTimeout(() => {
          held.current.isOver = false
          source.release()
          redraw((n) => n + 1)
        }, settleMs)
      }
    },
    [source],
  )
  return { list: useSyncExternalStore(subscribe, source.get), hold }
}

/** The rows of `next` in the order of `shown`; new ones at the end, so that nothing jumps under the pointer. */
export function inPlace(shown: readonly InboxRow[], next: Ordered): readonly InboxRow[] {
  if (next.list === shown) return shown
  const fresh = new Map(next.list.map((row) => [row.id, row]))
  const kept = shown.flatMap(({ id }) => {
    const row = fresh.get(id)
    fresh.delete(id)
    return row ?? []
  })
  const list = [...kept, ...fresh.values()]
  return list.length === shown.length && list.every((row, at) => row === shown[at]) ? shown : list
}
