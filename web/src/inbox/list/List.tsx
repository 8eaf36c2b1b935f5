/** The rows, drawn only as far as they are seen, and moved through by keyboard. */
import { useLingui } from '@lingui/react/macro'
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { drafts } from '../../live/drafts.ts'
import { useLive } from '../../live/store.ts'
import { warm } from '../../live/threads.ts'
import { usePreferences } from '../../shell/preferences.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { useMedia } from '../../ui/useMedia.ts'
import { useGo, useOpenId } from '../address.ts'
import { useFocusWish, wishFocus } from '../focus.ts'
import { remember } from '../neighbour.ts'
import { useIsNarrow } from '../useLayout.ts'
import { EmptyList } from './EmptyList.tsx'
import { ListRow, rowId } from './ListRow.tsx'
import type { Rows } from './useRows.ts'

/** Rows beyond what is seen, so that scrolling finds them drawn. */
const overscan = 6
/** So long the pointer rests on a row before its thread is fetched ahead. */
const restMs = 60
const pageRows = 8
/** Where each list was left. */
const offsets = new Map<string, number>()

interface ListProps {
  /** The view and its filters. */
  listKey: string
  rows: Rows
  view: View
  isFiltered: boolean
}

export function List({ listKey, rows, view, isFiltered }: ListProps) {
  const { t } = useLingui()
  const { id: userId } = useMe()
  const openId = useOpenId()
  const { open } = useGo()
  const { list, state, hasMore, more, hold } = rows
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight()
  // The same for the same rows: with another one all ten thousand would be measured anew.
  const keyOf = useCallback((index: number) => list[index]?.id ?? index, [list])
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan,
    initialOffset: offsets.get(listKey) ?? 0,
    onChange: ({ scrollOffset }) => {
      if (scrollOffset !== null) offsets.set(listKey, scrollOffset)
    },
  })
  useLayoutEffect(() => {
    if (rowHeight > 0) virtual.measure()
  }, [rowHeight, virtual])

  const written = drafts.use()
  const viewers = useLive((one) => (openId === undefined ? undefined : one.viewers.get(openId)))
  const typist = viewers?.find(({ id, typing }) => typing && id !== userId)?.fullname
  const { current, go } = useMoves(list, openId, open, (index) => virtual.scrollToIndex(index))
  useFocusWish('list', undefined, () => scroller.current?.focus())

  const items = virtual.getVirtualItems()
  const isDrawn = items.some(({ key }) => key === current)
  const isNearEnd = (items.at(-1)?.index ?? 0) >= list.length - 20
  useEffect(() => {
    if (hasMore && isNearEnd && state === 'ready') more()
  }, [hasMore, isNearEnd, state, more])

  const near = useRef<ReturnType<typeof setTimeout>>(undefined)
  const onNear = useCallback((id: number) => {
    clearTimeout(near.current)
    near.current = setTimeout(warm, restMs, id)
  }, [])

  if (list.length === 0) {
    return (
      <EmptyList
        view={view}
        state={hasMore && state === 'ready' ? 'loading' : state}
        isFiltered={isFiltered}
        onRetry={more}
      />
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: pageRows,
      PageUp: -pageRows,
      Home: -list.length,
      End: list.length,
    }
    const step = steps[event.key]
    if (step !== undefined) go(step)
    else if (event.key === 'Enter' && current !== undefined) {
      if (current !== openId) open(current)
      wishFocus('composer', current)
    } else return
    event.preventDefault()
  }
  return (
    <div
      ref={scroller}
      className="rows"
      role="listbox"
      aria-label={t`Interactions`}
      tabIndex={0}
      aria-activedescendant={current !== undefined && isDrawn ? rowId(current) : undefined}
      onPointerEnter={({ pointerType }) => pointerType !== 'touch' && hold(true)}
      onPointerLeave={() => hold(false)}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = list[index]
          if (!row) return null
          return (
            <ListRow
              key={row.id}
              row={row}
              position={index + 1}
              setSize={hasMore ? -1 : list.length}
              isSelected={row.id === openId}
              isCurrent={row.id === current}
              draft={written[row.id]}
              showsAgent={view === 'team' || view === 'closed'}
              typing={row.id === openId ? typist : undefined}
              top={start}
              onOpen={open}
              onNear={onNear}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Moving through the list opens what it comes to, unless only the list has room. */
function useMoves(
  list: Rows['list'],
  openId: number | undefined,
  open: (id: number) => void,
  scrollTo: (index: number) => void,
) {
  const isNarrow = useIsNarrow()
  const [reached, setReached] = useState<number>()
  const current = openId ?? (list.some(({ id }) => id === reached) ? reached : undefined)
  const at = list.findIndex(({ id }) => id === current)
  useEffect(() => remember(list, openId), [list, openId])
  // What follows is probably next.
  const following = at >= 0 ? list[at + 1]?.id : undefined
  useEffect(() => {
    if (following === undefined || openId === undefined) return
    const timer = setTimeout(warm, restMs * 4, following)
    return () => clearTimeout(timer)
  }, [following, openId])

  const go = (step: number) => {
    const index = Math.min(list.length - 1, Math.max(0, at + step))
    const next = list[index]
    if (!next || next.id === openId) return
    scrollTo(index)
    if (isNarrow && openId === undefined) setReached(next.id)
    else open(next.id)
  }
  useShortcut('next', () => go(1))
  useShortcut('previous', () => go(-1))
  useShortcut('nextWhileTyping', () => go(1))
  useShortcut('previousWhileTyping', () => go(-1))
  return { current, go }
}

/** As the style sheet has it for this density and this pointer. */
function useRowHeight(): number {
  const { density } = usePreferences()
  const isTouch = useMedia('(pointer: coarse)')
  return density === 'compact' && !isTouch ? 56 : 76
}
