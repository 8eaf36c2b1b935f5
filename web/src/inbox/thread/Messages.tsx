/** The thread itself: drawn only as far as it is seen, older pages fetched as one scrolls up, kept at its end while one is there. */
import './messages.css'
import { Plural, useLingui } from '@lingui/react/macro'
import { type Rect, useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { startTransition, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { outbox } from '../../live/outbox.ts'
import type { LiveThread } from '../../live/reduce.ts'
import { Button } from '../../ui/Button.tsx'
import { entryView } from './EntryView.tsx'
import { type Entry, entriesOf } from './entries.ts'
import { useRead } from './useRead.ts'

/** Within this of the end one is at the end. */
const nearPx = 48
/** So near to the start older messages are fetched. */
const olderPx = 600
/** Entries beyond what is seen, so that scrolling finds them drawn. */
const overscan = 6
/** So long after the thread was opened they are drawn: who only passes through never needs them. */
const settleMs = 250
/** Of so many threads the heights and the place are kept, so that going back to one is drawn once. */
const keptThreads = 50
/** How each thread was left; without a place at its end. */
const left = new Map<number, { offset: number | undefined; sizes: VirtualItem[] }>()
/** What is seen of a thread at once: as large as it was last. */
let seen: Rect = { width: 600, height: 600 }

// The observer tells the size soon enough and for nothing; asking for it here would lay the page out once more.
function observeSize<T extends Element>(
  { scrollElement }: Virtualizer<T, Element>,
  tell: (size: Rect) => void,
): (() => void) | undefined {
  if (!scrollElement) return undefined
  const observer = new ResizeObserver(([entry]) => {
    const box = entry?.borderBoxSize[0]
    if (!box) return
    seen = { width: box.inlineSize, height: box.blockSize }
    tell(seen)
  })
  observer.observe(scrollElement, { box: 'border-box' })
  return () => observer.disconnect()
}

interface MessagesProps {
  id: number
  thread: LiveThread
  unread: number
  firstUnreadSeq: number | null
  isLoadingOlder: boolean
  older: () => void
}

export function Messages({ id, thread, unread, firstUnreadSeq, isLoadingOlder, older }: MessagesProps) {
  const { t } = useLingui()
  const { id: userId } = useMe()
  const all = outbox.use()
  const pending = useMemo(() => all.filter((item) => item.interactionId === id), [all, id])
  const entries = useMemo(
    () => entriesOf(thread.items, pending, { firstUnreadSeq, dayOf: (at) => new Date(at).toDateString() }),
    [thread.items, pending, firstUnreadSeq],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const isSettled = useSettled()
  const [isAtEnd, setAtEnd] = useState(true)
  const before = useRef(left.get(id)).current
  const known = useMemo(() => new Map(before?.sizes.map(({ key, size }) => [key, size])), [before])
  const keyOf = useCallback((index: number) => entries[index]?.key ?? index, [entries])
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(entries[index]),
    getItemKey: keyOf,
    overscan: isSettled ? overscan : 0,
    paddingStart: 12,
    paddingEnd: 12,
    // What is read stays where it is when older messages or heights come in above, and the end stays in view for who is there.
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearPx,
    initialRect: seen,
    observeElementRect: observeSize,
    // Near the end already in the first draft, so that the end is drawn once.
    initialOffset: () =>
      before?.offset ??
      Math.max(
        0,
        entries.reduce((sum, entry) => sum + (known.get(entry.key) ?? estimate(entry)), 24 - seen.height),
      ),
    ...(before ? { initialMeasurementsCache: before.sizes } : {}),
  })
  useRead(id, thread.seq, unread, isAtEnd)
  const total = virtual.getTotalSize()
  // Heights that come in late move the end without a scroll.
  useEffect(() => {
    if (total > 0) setAtEnd(virtual.isAtEnd())
  }, [virtual, total])

  const markAt = useMemo(() => entries.findIndex(({ kind }) => kind === 'unread'), [entries])
  const hasJumped = useRef(before?.offset !== undefined)
  // One that was left at its end opens there by itself, as long as what is seen of it is as high and nothing has come.
  const opensAtEnd = useRef(before !== undefined && known.has(entries.at(-1)?.key ?? '')).current
  const expectedHeight = useRef(seen.height).current
  useLayoutEffect(() => {
    if (hasJumped.current || entries.length === 0) return
    hasJumped.current = true
    if (opensAtEnd && scroller.current?.clientHeight === expectedHeight) return
    virtual.scrollToIndex(entries.length - 1, { align: 'end' })
  }, [entries.length, virtual, opensAtEnd, expectedHeight])
  const hasMarked = useRef(false)
  useEffect(() => {
    const element = scroller.current
    if (markAt < 0 || hasMarked.current || !element) return
    hasMarked.current = true
    // When what is new fits below its mark the end shows all of it.
    const rest = virtual.getTotalSize() - (virtual.measurementsCache[markAt]?.start ?? 0)
    if (rest > element.clientHeight) virtual.scrollToIndex(markAt, { align: 'start' })
  }, [markAt, virtual])

  // Own words are always looked at.
  const ownKey = entries.at(-1)?.kind === 'pending' ? entries.at(-1)?.key : undefined
  const lastOwnKey = useRef(ownKey)
  useEffect(() => {
    if (ownKey !== undefined && ownKey !== lastOwnKey.current) virtual.scrollToEnd()
    lastOwnKey.current = ownKey
  }, [ownKey, virtual])

  useEffect(
    () => () => {
      left.delete(id)
      const offset = virtual.isAtEnd() ? undefined : (virtual.scrollOffset ?? 0)
      left.set(id, { offset, sizes: virtual.takeSnapshot() })
      const [oldest] = left.keys()
      if (left.size > keptThreads && oldest !== undefined) left.delete(oldest)
    },
    [id, virtual],
  )

  const offset = virtual.scrollOffset ?? 0
  const wantsOlder = thread.more && !isLoadingOlder && entries.length > 0 && offset < olderPx
  const firstSeq = thread.items[0]?.seq
  useEffect(() => {
    if (wantsOlder && firstSeq !== undefined) older()
  }, [wantsOlder, firstSeq, older])

  return (
    <div className="messages-frame">
      <div
        ref={scroller}
        className="messages"
        role="log"
        aria-live="off"
        aria-label={t`Messages`}
        aria-busy={isLoadingOlder}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={() => setAtEnd(virtual.isAtEnd())}
      >
        <div style={{ height: total, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const entry = entries[index]
            return entry ? (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="entry"
                style={{ transform: `translateY(${start}px)` }}
              >
                {entryView({ entry, interactionId: id, userId })}
              </div>
            ) : null
          })}
        </div>
      </div>
      {isAtEnd ? null : <ToEnd items={thread.items} onPress={() => virtual.scrollToEnd()} />}
    </div>
  )
}

function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setSettled(true)), settleMs)
    return () => clearTimeout(timer)
  }, [])
  return isSettled
}

/** Above the end: what has come since one left it, and the way back. */
function ToEnd({ items, onPress }: { items: LiveThread['items']; onPress: () => void }) {
  const { t } = useLingui()
  const newest = items.at(-1)?.seq ?? 0
  const [seen] = useState(newest)
  const fresh = items.filter(({ seq, message }) => seq > seen && message?.direction === 'in').length
  return (
    <div className="to-end">
      {fresh > 0 ? (
        <Button size="small" variant="primary" icon={<ArrowDown aria-hidden />} onPress={onPress}>
          <Plural value={fresh} one="# new message" other="# new messages" />
        </Button>
      ) : (
        <Button size="small" icon={<ArrowDown aria-hidden />} onPress={onPress}>
          {t`To the end`}
        </Button>
      )}
    </div>
  )
}

function estimate(entry: Entry | undefined): number {
  if (entry?.kind === 'message') {
    const { body, file } = entry.item.message
    return (file ? 72 : 24 + 21 * Math.ceil(body.length / 70)) + (entry.endsGroup ? 24 : 4)
  }
  return entry?.kind === 'pending' ? 64 : 36
}
