/** The rows of the view that is shown: fetched page by page as one scrolls, and kept true by the socket. */
import type { InboxRow, View } from '@patchbay/protocol/api/interactions.ts'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { api } from '../../api/api.ts'
import { isFollowed } from '../../live/connection.ts'
import { type LiveState, putRows, refetched, sinceReset } from '../../live/reduce.ts'
import { live, subscribe, update, useLive } from '../../live/store.ts'
import { type Filters, type Known, placeIn } from '../filters.ts'
import { inPlace, type Ordered, order, reorder } from './order.ts'

/** While the pointer is over the list its rows stay where they are; so long after it has left they may move. */
const settleMs = 1_000
const pageSize = 100
/** So long some desks wait longer than others with what all of them need. */
const spreadMs = 1_000
/** Rows that were read just before the change are on their way, and would bring the old name back. */
const afterMs = 1_000

export interface Rows {
  list: readonly InboxRow[]
  /** `error` has a way to try again in `more`. */
  state: 'loading' | 'ready' | 'error'
  /** Whether more rows are at the server. */
  hasMore: boolean
  more: () => void
  /** Tell when the pointer comes and goes. */
  hold: (isOver: boolean) => void
}

interface Fetched {
  key: string
  cursor: string | null
  state: Rows['state']
  known: Known
}

const nothingKnown: Known = {}

/** `key` is the view and the filters as text, the same for the same. */
export function useRows(key: string, userId: number): Rows {
  // By value: the address is read anew with every navigation, and a search that stayed the same is not another one.
  const asked = useMemo(() => JSON.parse(key) as [View, Filters], [key])
  const [latest, setFetched] = useState<Fetched>()
  const fetched = latest?.key === key ? latest : undefined
  const busy = useRef('')
  const isStale = useLive(({ sync }) => sync === 'stale')

  const load = useCallback(
    async (cursor: string | null) => {
      const ticket = `${key} ${cursor}`
      if (busy.current === ticket) return
      busy.current = ticket
      try {
        const [view, filters] = asked
        const query = { ...filters, view, limit: pageSize, ...(cursor === null ? {} : { cursor }) }
        const page = await sinceReset(live, () => api('GET /api/openchannel/inbox', { query }))
        update((state) => {
          // The socket's own numbers are never older.
          const counted = { ...putRows(state, page.rows), counts: state.counts ?? page.counts }
          if (cursor !== null || state.sync !== 'stale') return counted
          return refetched(counted, [...page.rows, ...followedRows(state)])
        })
        setFetched((before) => ({
          key,
          cursor: page.cursor,
          state: 'ready',
          known: learn(cursor !== null && before?.key === key ? before.known : nothingKnown, page, filters),
        }))
      } catch {
        setFetched((before) => ({
          ...(before?.key === key ? before : { key, cursor: null, known: nothingKnown }),
          state: 'error',
        }))
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
  useNames(asked)

  const { list, hold } = useOrdered(asked, userId, fetched?.known ?? nothingKnown)
  const cursor = fetched?.cursor ?? null
  const state = fetched?.state ?? 'loading'
  const more = useCallback(() => {
    if (state === 'error' || cursor !== null) void load(cursor)
  }, [cursor, state, load])
  return { list, state, hasMore: cursor !== null, more, hold }
}

/** A name in rows has changed elsewhere (of a queue, an account, a tag, a colleague): what is seen first is fetched again, and stays in its place. */
function useNames([view, filters]: [View, Filters]): void {
  const times = useLive(
    ({ changed }) =>
      (changed.accounts ?? 0) + (changed.queues ?? 0) + (changed.tags ?? 0) + (changed.users ?? 0),
  )
  const told = useRef(times)
  useEffect(() => {
    if (told.current === times) return
    const timer = setTimeout(
      () => {
        told.current = times
        const query = { ...filters, view, limit: pageSize }
        sinceReset(live, () => api('GET /api/openchannel/inbox', { query })).then(
          ({ rows }) => update((state) => putRows(state, rows)),
          // The old name stays until the row changes.
          () => undefined,
        )
      },
      afterMs + Math.random() * spreadMs,
    )
    return () => clearTimeout(timer)
  }, [times, view, filters])
}

/** The interaction that is open may stand in another view; its own fetch says whether it is still there. */
function followedRows({ rows }: LiveState): InboxRow[] {
  return [...rows.values()].filter(({ id }) => isFollowed(id))
}

function learn(
  before: Known,
  page: { rows: readonly InboxRow[]; cursor: string | null },
  filters: Filters,
): Known {
  return {
    edge: page.cursor === null ? undefined : (page.rows.at(-1) ?? before.edge),
    found: filters.search ? new Set([...(before.found ?? []), ...page.rows.map(({ id }) => id)]) : undefined,
  }
}

function useOrdered(
  asked: [View, Filters],
  userId: number,
  known: Known,
): { list: readonly InboxRow[]; hold: (isOver: boolean) => void } {
  const held = useRef<{ isOver: boolean; timer?: ReturnType<typeof setTimeout> }>({ isOver: false })
  const source = useMemo(() => {
    const place = placeIn(...asked, userId, known)
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
  }, [asked, userId, known])
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
  useEffect(() => () => clearTimeout(held.current.timer), [])
  return { list: useSyncExternalStore(subscribe, source.get), hold }
}
