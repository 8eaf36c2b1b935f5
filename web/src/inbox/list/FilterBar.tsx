/** Search, sort and filters of the list; all of it stands in the address. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { View } from '@patchbay/protocol/api/interactions.ts'
import { ArrowDownUp, ListFilter } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { patient } from '../../ui/patient.ts'
import { SearchField } from '../../ui/SearchField.tsx'
import { useGo, usePlace } from '../address.ts'
import { type Filters, filterCount, sorts } from '../filters.ts'

const FilterForm = lazy(patient(() => import('./FilterForm.tsx')))

const sortNames = {
  newest: msg`Newest`,
  oldest: msg`Oldest`,
  'longest-waiting': msg`Longest waiting`,
} satisfies Record<(typeof sorts)[number], MessageDescriptor>

/** So long after the last letter the server is asked. */
const searchAfterMs = 250

export function FilterBar() {
  const { t, i18n } = useLingui()
  const { view, filters } = usePlace()
  const { filter } = useGo()
  const sort = filters.sort ?? usualSort(view)
  const count = filterCount(filters)
  return (
    <div className="filter-bar">
      <Search filters={filters} filter={filter} />
      <Menu
        label={t`Sort`}
        selected={sort}
        onSelect={(id) => {
          const chosen = sorts.find((one) => one === id)
          if (chosen) filter(withSort(filters, chosen, view))
        }}
        items={sorts
          .filter((one) => one !== 'longest-waiting' || view === 'waiting')
          .map((one) => ({ id: one, label: i18n._(sortNames[one]) }))}
        trigger={
          <Button size="small" icon={<ArrowDownUp aria-hidden />}>
            {i18n._(sortNames[sort])}
          </Button>
        }
      />
      <Popover
        label={t`Filter`}
        trigger={
          <Button size="small" icon={<ListFilter aria-hidden />}>
            {count > 0 ? t`Filter (${count})` : t`Filter`}
          </Button>
        }
      >
        {(close) => (
          <Suspense fallback={<Trans>Loading</Trans>}>
            <FilterForm filters={filters} onChange={filter} onClose={close} />
          </Suspense>
        )}
      </Popover>
    </div>
  )
}

function usualSort(view: View): (typeof sorts)[number] {
  return view === 'waiting' ? 'longest-waiting' : 'newest'
}

function withSort(filters: Filters, sort: (typeof sorts)[number], view: View): Filters {
  const { sort: _, ...others } = filters
  return sort === usualSort(view) ? others : { ...others, sort }
}

function Search({ filters, filter }: { filters: Filters; filter: (filters: Filters) => void }) {
  const { t } = useLingui()
  const [text, setText] = useState(filters.search ?? '')
  const input = useRef<HTMLInputElement>(null)
  useShortcut('search', () => input.current?.focus())
  const asked = filters.search ?? ''
  useEffect(() => {
    if (text.trim() === asked) return
    const timer = setTimeout(() => {
      const { search: _, ...others } = filters
      filter(text.trim() ? { ...others, search: text.trim() } : others)
    }, searchAfterMs)
    return () => clearTimeout(timer)
  }, [text, asked, filters, filter])
  return (
    <SearchField
      label={t`Name, phone or e-mail`}
      value={text}
      onChange={setText}
      inputRef={input}
      className="list-search"
    />
  )
}
