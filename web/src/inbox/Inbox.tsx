/** The desk where agents answer: list, thread, contact. Narrow screens show one of them at a time. */
import './inbox.css'
import { Trans, useLingui } from '@lingui/react/macro'
import { lazy, Suspense, useState } from 'react'
import { useLive } from '../live/store.ts'
import { useShortcut } from '../shell/shortcuts.ts'
import { SkeletonLines } from '../ui/Mark.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { useMedia } from '../ui/useMedia.ts'
import { useAddress } from './address.ts'
import { ListPane } from './list/ListPane.tsx'
import { ThreadPane } from './thread/ThreadPane.tsx'

const Panel = lazy(() => import('./panel/Panel.tsx'))
const PanelDrawer = lazy(() => import('./panel/PanelDrawer.tsx'))

export function Inbox() {
  const { t } = useLingui()
  const { id } = useAddress()
  const isWide = useMedia('(width >= 73.75rem)')
  const [isPanelShown, setPanelShown] = useState(true)
  const [isDrawerOpen, setDrawerOpen] = useState(false)
  const contactId = useLive(({ rows }) => (id === undefined ? undefined : rows.get(id)?.contact.id))
  const toggle = () => (isWide ? setPanelShown(!isPanelShown) : setDrawerOpen(!isDrawerOpen))
  useShortcut('panel', toggle, contactId !== undefined)
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
        <ThreadPane key={id} id={id} onPanel={toggle} />
      )}
      {hasPanel ? (
        <aside className="panel" aria-label={t`Contact`}>
          <Suspense fallback={<SkeletonLines lines={8} />}>
            {contactId === undefined ? (
              <SkeletonLines lines={8} />
            ) : (
              <Panel interactionId={id} contactId={contactId} />
            )}
          </Suspense>
        </aside>
      ) : null}
      <Suspense>
        {!isWide && isDrawerOpen && id !== undefined && contactId !== undefined ? (
          <PanelDrawer interactionId={id} contactId={contactId} onOpenChange={setDrawerOpen} />
        ) : null}
      </Suspense>
    </div>
  )
}
