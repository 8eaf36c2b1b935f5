/** What narrows the log: text and states at hand, the rest behind a button and as chips that can be taken off; and the live switch. */
import { Trans, useLingui } from '@lingui/react/macro'
import { ListFilter } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Popover } from '../../../ui/Popover.tsx'
import { patient } from '../../../ui/patient.ts'
import { SearchField } from '../../../ui/SearchField.tsx'
import { Segments } from '../../../ui/Segments.tsx'
import { TagList } from '../../../ui/TagList.tsx'
import { exactInstant } from '../../../ui/time.ts'
import { formFilters, type LogFilters, type StateFilter, without } from './filters.ts'
import { useEventWord } from './words.ts'

const LogFilterForm = lazy(patient(() => import('./LogFilterForm.tsx')))
/** So long after the last letter the server is asked. */
const searchAfterMs = 250

export interface LogFilterProps {
  filters: LogFilters
  onChange: (filters: LogFilters) => void
}

export function LogFilterBar({ filters, onChange }: LogFilterProps) {
  const { t } = useLingui()
  const count = formFilters.filter((name) => filters[name] !== undefined).length
  const states: readonly { id: StateFilter | 'all'; label: string }[] = [
    { id: 'all', label: t`All` },
    { id: 'failed', label: t`Failed` },
    { id: 'pending', label: t`Pending` },
    { id: 'done', label: t`Done` },
  ]
  const directions: readonly { id: 'both' | 'in' | 'out'; label: string }[] = [
    { id: 'both', label: t`In and out` },
    { id: 'in', label: t`In` },
    { id: 'out', label: t`Out` },
  ]
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Search filters={filters} onChange={onChange} />
        <Segments
          label={t`State`}
          size="medium"
          items={states}
          selected={filters.state ?? 'all'}
          onSelect={(state) =>
            onChange({ ...without(filters, 'state'), ...(state === 'all' ? {} : { state }) })
          }
        />
        <Segments
          label={t`Direction`}
          size="medium"
          items={directions}
          selected={filters.direction ?? 'both'}
          onSelect={(direction) =>
            onChange({ ...without(filters, 'direction'), ...(direction === 'both' ? {} : { direction }) })
          }
        />
        <Popover
          label={t`Filter`}
          trigger={
            <Button icon={<ListFilter aria-hidden />}>{count > 0 ? t`Filter (${count})` : t`Filter`}</Button>
          }
        >
          {(close) => (
            <Suspense fallback={<Trans>Loading</Trans>}>
              <LogFilterForm filters={filters} onChange={onChange} onClose={close} />
            </Suspense>
          )}
        </Popover>
      </div>
      <Chips filters={filters} onChange={onChange} />
    </div>
  )
}

function Search({ filters, onChange }: LogFilterProps) {
  const { t } = useLingui()
  const asked = filters.text ?? ''
  const [text, setText] = useState(asked)
  const [seen, setSeen] = useState(asked)
  // The address was changed by something else.
  if (seen !== asked) {
    setSeen(asked)
    if (text.trim() !== asked) setText(asked)
  }
  useEffect(() => {
    if (text.trim() === asked) return
    const timer = setTimeout(
      () => onChange({ ...without(filters, 'text'), ...(text.trim() ? { text: text.trim() } : {}) }),
      searchAfterMs,
    )
    return () => clearTimeout(timer)
  }, [text, asked, filters, onChange])
  return (
    <SearchField
      label={t`Text in a body or a reason`}
      value={text}
      onChange={setText}
      className="w-full max-w-[280px]"
    />
  )
}

function Chips({ filters, onChange }: LogFilterProps) {
  const { t, i18n } = useLingui()
  const eventWord = useEventWord()
  const { event, interaction, since, from, to } = filters
  const words = { '1h': t`Last hour`, '24h': t`Last 24 hours`, '7d': t`Last 7 days` }
  const instant = (at: string) => exactInstant(Date.parse(at), i18n.locale)
  const chips = [
    event ? { id: 'event' as const, label: t`Event: ${eventWord(event)}` } : null,
    interaction ? { id: 'interaction' as const, label: t`Interaction ${interaction}` } : null,
    since ? { id: 'since' as const, label: words[since] } : null,
    from && !since ? { id: 'from' as const, label: t`From ${instant(from)}` } : null,
    to ? { id: 'to' as const, label: t`Until ${instant(to)}` } : null,
  ].filter((chip) => chip !== null)
  if (chips.length === 0) return null
  return <TagList label={t`Filters`} items={chips} onRemove={(name) => onChange(without(filters, name))} />
}
