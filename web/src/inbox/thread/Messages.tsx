/** The thread itself: drawn only as far as it is seen, older pages fetched as one scrolls up, kept at its end while one is there. */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { outbox } from '../../live/outbox.ts'
import type { LiveThread } from '../../live/reduce.ts'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { Time } from '../../ui/Time.tsx'
import { Bubble } from './Bubble.tsx'
import { EventLines } from './EventLine.tsx'
import { type Entry, entriesOf } from './entries.ts'
import { PendingBubble } from './PendingBubble.tsx'

/** Within this of the end one is at the end. */
const nearPx = 48

interface MessagesProps {
  id: number
  thread: LiveThread
  firstUnreadSeq: number | null
  isLoadingOlder: boolean
  older: () => void
}

export function Messages({ id, thread, firstUnreadSeq, isLoadingOlder, older }: MessagesProps) {
  const { t } = useLingui()
  const all = outbox.use()
  const pending = useMemo(() => all.filter((item) => item.interactionId === id), [all, id])
  const entries = useMemo(
    () => entriesOf(thread.items, pending, { firstUnreadSeq, dayOf: (at) => new Date(at).toDateString() }),
    [thread.items, pending, firstUnreadSeq],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(entries[index]),
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 8,
    paddingStart: 12,
    paddingEnd: 12,
    initialOffset: Number.MAX_SAFE_INTEGER,
  })

  const isAtEnd = useRef(true)
  const [unseen, setUnseen] = useState(0)
  const lastSeq = thread.items.findLast(({ message }) => message !== undefined)?.seq ?? 0
  const shownSeq = useRef(lastSeq)

  // What stands at the end stays in view; what arrives while one reads above is announced and does not move the page.
  const count = entries.length
  useLayoutEffect(() => {
    if (isAtEnd.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [count, virtual])
  useEffect(() => {
    const fresh = thread.items.filter(
      ({ seq, message }) => seq > shownSeq.current && message?.direction === 'in',
    ).length
    shownSeq.current = lastSeq
    if (!isAtEnd.current && fresh > 0) setUnseen((n) => n + fresh)
  }, [thread.items, lastSeq])

  // Older entries above push the page down by their height: what one reads must stay where it is.
  const firstKey = entries[0]?.key
  const before = useRef({ firstKey, total: virtual.getTotalSize() })
  const total = virtual.getTotalSize()
  useLayoutEffect(() => {
    const element = scroller.current
    const { firstKey: oldKey, total: oldTotal } = before.current
    if (element && oldKey !== firstKey && entries.some(({ key }) => key === oldKey) && !isAtEnd.current) {
      element.scrollTop += total - oldTotal
    }
    before.current = { firstKey, total }
  }, [firstKey, total, entries])

  const toEnd = () => {
    isAtEnd.current = true
    setUnseen(0)
    virtual.scrollToIndex(entries.length - 1, { align: 'end' })
  }

  return (
    <div className="messages-frame">
      <div
        ref={scroller}
        className="messages"
        role="log"
        aria-live="off"
        aria-label={t`Messages`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx
          if (isAtEnd.current && unseen > 0) setUnseen(0)
          if (scrollTop < 400 && thread.more) older()
        }}
      >
        {isLoadingOlder ? <SkeletonLines lines={2} /> : null}
        <div style={{ height: total, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const entry = entries[index]
            if (!entry) return null
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="entry"
                style={{ transform: `translateY(${start}px)` }}
              >
                <One entry={entry} />
              </div>
            )
          })}
        </div>
      </div>
      {unseen > 0 ? (
        <div className="unseen">
          <Button size="small" variant="primary" icon={<ArrowDown aria-hidden />} onPress={toEnd}>
            <Plural value={unseen} one="# new message" other="# new messages" />
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function One({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case 'day':
      return (
        <div className="day">
          <Time value={entry.at} style="day" />
        </div>
      )
    case 'unread':
      return (
        <div className="day" data-unread>
          <Trans>New</Trans>
        </div>
      )
    case 'events':
      return <EventLines items={entry.items} />
    case 'message':
      return <Bubble item={entry.item} endsGroup={entry.endsGroup} />
    case 'pending':
      return <PendingBubble item={entry.item} />
  }
}

function estimate(entry: Entry | undefined): number {
  if (entry?.kind === 'message') {
    const { body, file } = entry.item.message
    return (file ? 72 : 24 + 21 * Math.ceil(body.length / 70)) + (entry.endsGroup ? 24 : 4)
  }
  return entry?.kind === 'pending' ? 64 : 36
}
