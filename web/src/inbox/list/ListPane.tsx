/** The list pane: views with counts, sort and filter, offers, and the rows, drawn only as far as they are seen. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef } from 'react'
import { useMe } from '../../api/queries.ts'
import { drafts } from '../../live/drafts.ts'
import { useLive } from '../../live/store.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { TabLinks } from '../../ui/Tabs.tsx'
import { useAddress } from '../address.ts'
import { filterCount } from '../filters.ts'
import { Offers } from '../offers/Offers.tsx'
import { warm } from '../thread/useThread.ts'
import { FilterBar } from './FilterBar.tsx'
import { ListRow, rowId } from './ListRow.tsx'
import { type Rows, useRows } from './useRows.ts'

/** Rows beyond what is seen, so that scrolling finds them drawn. */
const overscan = 6

export function ListPane() {
  const { t } = useLingui()
  const me = useMe()
  const { view, filters, hrefOf } = useAddress()
  const counts = useLive((state) => state.counts)
  const rows = useRows(view, filters, me.id)
  const item = (id: View, label: string, count?: number) => ({
    label,
    href: hrefOf({ view: id, id: undefined }),
    count,
  })
  return (
    <section className="list-pane" aria-label={t`Interactions`}>
      <header className="list-head">
        <h1 className="text-h3">
          <Trans>My inbox</Trans>
        </h1>
        <TabLinks
          label={t`Views`}
          current={hrefOf({ view, id: undefined })}
          items={[
            item('mine', t`Mine`, counts?.mine),
            item('waiting', t`Waiting`, counts?.waiting),
            item('team', t`Team`, counts?.team),
            item('closed', t`Closed`),
          ]}
        />
        <FilterBar />
      </header>
      <Offers />
      <List
        key={view}
        rows={rows}
        view={view}
        isFiltered={filterCount(filters) > 0 || filters.search !== undefined}
      />
    </section>
  )
}

function List({ rows, view, isFiltered }: { rows: Rows; view: View; isFiltered: boolean }) {
  const { t } = useLingui()
  const { id: selected, open } = useAddress()
  const { list, state, hasMore, more, hold } = rows
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight(scroller)
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight.current,
    getItemKey: (index) => list[index]?.id ?? index,
    overscan,
  })
  const written = drafts.use()
  const viewers = useLive((one) => one.viewers)
  const at = list.findIndex((row) => row.id === selected)

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const isNearEnd = last >= list.length - 20
  useEffect(() => {
    if (hasMore && isNearEnd && state === 'ready') more()
  }, [hasMore, isNearEnd, state, more])

  const go = useCallback(
    (step: number) => {
      const next = list[Math.min(list.length - 1, Math.max(0, at + step))]
      if (!next) return
      open(next.id)
      virtual.scrollToIndex(Math.min(list.length - 1, Math.max(0, at + step)))
    },
    [list, at, open, virtual],
  )
  useShortcut('next', () => go(1))
  useShortcut('previous', () => go(-1))
  useShortcut('nextWhileTyping', () => go(1))
  useShortcut('previousWhileTyping', () => go(-1))

  const near = useRef<ReturnType<typeof setTimeout>>(undefined)
  const onNear = useCallback((id: number) => {
    clearTimeout(near.current)
    near.current = setTimeout(() => warm(id), 60)
  }, [])

  if (list.length === 0) {
    if (state === 'loading')
      return (
        <div className="p-4">
          <SkeletonLines lines={8} />
        </div>
      )
    if (state === 'error') {
      return (
        <EmptyState
          title={t`The list could not be fetched`}
          action={<Button onPress={more}>{t`Try again`}</Button>}
        />
      )
    }
    return isFiltered ? (
      <EmptyState title={t`Nothing matches`}>
        <Trans>Change the search or the filters.</Trans>
      </EmptyState>
    ) : (
      <EmptyList view={view} />
    )
  }
  return (
    <div
      ref={scroller}
      className="rows"
      role="listbox"
      aria-label={t`Interactions`}
      tabIndex={0}
      aria-activedescendant={at >= 0 ? rowId(list[at]?.id ?? 0) : undefined}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onKeyDown={(event) => {
        const steps: Record<string, number> = {
          ArrowDown: 1,
          ArrowUp: -1,
          PageDown: 8,
          PageUp: -8,
          Home: -list.length,
          End: list.length,
        }
        const step = steps[event.key]
        if (step === undefined || event.altKey) return
        event.preventDefault()
        go(step)
      }}
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
              isSelected={row.id === selected}
              draft={written[row.id]}
              showsAgent={view !== 'mine'}
              typing={viewers.get(row.id)?.find(({ typing }) => typing)?.fullname}
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

function EmptyList({ view }: { view: View }) {
  const { t } = useLingui()
  switch (view) {
    case 'mine':
      return (
        <EmptyState title={t`You are up to date`}>
          <Trans>Next offer will ring here.</Trans>
        </EmptyState>
      )
    case 'waiting':
      return (
        <EmptyState title={t`Nobody waits`}>
          <Trans>New interactions of your accounts appear here until somebody takes them.</Trans>
        </EmptyState>
      )
    case 'team':
      return (
        <EmptyState title={t`Your colleagues have nothing open`}>
          <Trans>What they work on appears here.</Trans>
        </EmptyState>
      )
    case 'closed':
      return (
        <EmptyState title={t`Nothing is closed yet`}>
          <Trans>Closed interactions stay here and can be reopened.</Trans>
        </EmptyState>
      )
  }
}

/** As the density and the pointer have it: the style sheet is the one source. */
function useRowHeight(scroller: React.RefObject<HTMLDivElement | null>) {
  const height = useRef(76)
  const style = getComputedStyle(scroller.current ?? document.documentElement).getPropertyValue('--row')
  height.current = Number.parseFloat(style) || 76
  return height
}
