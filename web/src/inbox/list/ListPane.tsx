/** The list pane: views with counts, search, sort and filter, offers, and the rows. */
import './list.css'
import { Trans, useLingui } from '@lingui/react/macro'
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { memo, Suspense } from 'react'
import { useMayAnswer, useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { lazyWith } from '../../shell/words.ts'
import { TabLinks } from '../../ui/Segments.tsx'
import { hrefOf, usePlace } from '../address.ts'
import { filterCount } from '../filters.ts'
import { Offers } from '../offers/Offers.tsx'
import { FilterBar } from './FilterBar.tsx'
import { List } from './List.tsx'
import { useRows } from './useRows.ts'

const PresenceBanner = lazyWith('presence', () => import('../../presence/PresenceBanner.tsx'))

/** Not drawn again when only another interaction is opened. */
export const ListPane = memo(function ListPane() {
  const { t } = useLingui()
  const { id: userId, presence } = useMe()
  const mayAnswer = useMayAnswer()
  const { view, filters } = usePlace()
  const counts = useLive((state) => state.counts)
  const key = JSON.stringify([view, filters])
  const rows = useRows(key, userId)
  const item = (id: View, label: string, count?: number) => ({
    label,
    href: hrefOf({ view: id, filters }),
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
          className="list-views"
          current={hrefOf({ view, filters })}
          items={[
            item('mine', t`Mine`, counts?.mine),
            item('waiting', t`Waiting`, counts?.waiting),
            item('team', t`Team`, counts?.team),
            item('closed', t`Closed`),
          ]}
        />
        <FilterBar />
      </header>
      <Suspense>
        {!mayAnswer || (presence.state === 'available' && !presence.setBy) ? null : <PresenceBanner />}
      </Suspense>
      <Offers />
      <List
        key={key}
        listKey={key}
        rows={rows}
        view={view}
        isFiltered={filterCount(filters) > 0 || filters.search !== undefined}
      />
    </section>
  )
})
