/** The desk where agents answer: list, thread, contact. Narrow screens show one of them at a time. */
import './inbox.css'
import { Trans, useLingui } from '@lingui/react/macro'
import { lazy, Suspense, useState } from 'react'
import { useMe } from '../api/queries.ts'
import { useLive } from '../live/store.ts'
import { useShortcut } from '../shell/shortcuts.ts'
import { SkeletonLines } from '../ui/Mark.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { patient } from '../ui/patient.ts'
import { useAfterPaint } from '../ui/useAfterPaint.ts'
import { useHandler } from '../ui/useHandler.ts'
import { useGo, useOpenId } from './address.ts'
import { wishFocus } from './focus.ts'
import { ListPane } from './list/ListPane.tsx'
import { ThreadPane } from './thread/ThreadPane.tsx'
import { useIsNarrow, useIsWide } from './useLayout.ts'

const NoModule = lazy(patient(() => import('./NoModule.tsx')))
const Panel = lazy(patient(() => import('./panel/Panel.tsx')))
const PanelDrawer = lazy(patient(() => import('./panel/PanelDrawer.tsx')))

export function Inbox() {
  return useMe().permissions.includes('openchannel') ? (
    <Desk />
  ) : (
    <Suspense>
      <NoModule />
    </Suspense>
  )
}

function Desk() {
  const { t } = useLingui()
  const id = useOpenId()
  const { open } = useGo()
  const isWide = useIsWide()
  const isNarrow = useIsNarrow()
  const [isPanelShown, setPanelShown] = useState(true)
  const [isDrawerOpen, setDrawerOpen] = useState(false)
  const hasContact = useLive(({ rows }) => id !== undefined && rows.has(id))
  // The thread first: the contact beside it may come a moment later.
  const panelId = useAfterPaint(id)
  const toggle = useHandler(() => (isWide ? setPanelShown(!isPanelShown) : setDrawerOpen(!isDrawerOpen)))
  useShortcut('panel', toggle, hasContact)
  const isShown = isWide ? isPanelShown : isDrawerOpen
  const tag = useHandler(() => {
    if (!isShown) toggle()
    wishFocus('tags', id)
  })
  useShortcut('tag', tag, hasContact)
  const back = useHandler(() => {
    if (isNarrow) open(undefined)
    wishFocus('list')
  })
  useShortcut('back', back, id !== undefined)
  const hasPanel = isWide && isPanelShown && id !== undefined
  return (
    <div className="inbox" data-open={id !== undefined || undefined} data-panel={hasPanel || undefined}>
      <ListPane />
      {id === undefined ? (
        <section className="thread thread-none">
          <EmptyState title={t`No interaction is open`}>
            <Trans>Choose one from the list, or accept the next offer.</Trans>
          </EmptyState>
        </section>
      ) : (
        <ThreadPane id={id} isPanelShown={hasPanel || isDrawerOpen} onPanel={toggle} onBack={back} />
      )}
      {hasPanel ? (
        <aside className="panel" aria-label={t`Contact`}>
          <Suspense fallback={<PanelSkeleton />}>
            {panelId === undefined ? <PanelSkeleton /> : <Panel interactionId={panelId} />}
          </Suspense>
        </aside>
      ) : null}
      <Suspense>
        {!isWide && isDrawerOpen && id !== undefined ? (
          <PanelDrawer interactionId={id} onOpenChange={setDrawerOpen} />
        ) : null}
      </Suspense>
    </div>
  )
}

function PanelSkeleton() {
  return (
    <div className="p-4">
      <SkeletonLines lines={8} />
    </div>
  )
}
