/** Tabs that are links, and a choice of a few side by side. What tabs over panels need besides is much, and comes with those. */
import type { KeyboardEvent, ReactNode } from 'react'
import { Link } from 'react-aria-components/Link'
import { useCurrentShown } from './useCurrentShown.ts'

export interface TabWords {
  label: ReactNode
  icon?: ReactNode
  /** A live count, shown after the label. */
  count?: number | undefined
}

export function Words({ label, icon, count }: TabWords) {
  return (
    <>
      {icon}
      {label}
      {count === undefined ? null : <span className="tabular font-normal">{count}</span>}
    </>
  )
}

export interface TabLinksProps {
  label: string
  items: readonly (TabWords & { href: string })[]
  /** The href of the page that is shown. */
  current: string
  size?: 'small' | 'medium'
  className?: string
}

export function TabLinks({ label, items, current, size = 'medium', className = '' }: TabLinksProps) {
  const row = useCurrentShown(current)
  return (
    <nav ref={row} aria-label={label} className={`tabs ${className}`} data-size={size}>
      {items.map(({ href, ...words }) => (
        <Link
          key={href}
          href={href}
          className="tab"
          {...(href === current ? { 'aria-current': 'page' } : {})}
        >
          <Words {...words} />
        </Link>
      ))}
    </nav>
  )
}

export interface SegmentsProps<K extends string> {
  label: string
  items: readonly (TabWords & { id: K; isDisabled?: boolean })[]
  selected: K
  onSelect: (id: K) => void
  size?: 'small' | 'medium'
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** One of a few ways, such as reply or note. Of plain buttons: the kit's group brings with it what only dialogs need. */
export function Segments<K extends string>({
  label,
  items,
  selected,
  onSelect,
  size = 'small',
}: SegmentsProps<K>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = steps[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const isMirrored =
      /Left|Right/.test(event.key) && getComputedStyle(event.currentTarget).direction === 'rtl'
    const free = items.filter(({ isDisabled }) => !isDisabled)
    const at = free.findIndex(({ id }) => id === selected)
    const next = free[(at + (isMirrored ? -step : step) + free.length) % free.length]
    if (!next || next.id === selected) return
    event.currentTarget.querySelector<HTMLElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus()
    onSelect(next.id)
  }
  return (
    <div role="radiogroup" aria-label={label} className="segments" data-size={size} onKeyDown={onKeyDown}>
      {items.map(({ id, isDisabled = false, ...words }) => (
        // biome-ignore lint/a11y/useSemanticElements: an input of type radio could not look like this
        <button
          key={id}
          type="button"
          role="radio"
          data-id={id}
          aria-checked={id === selected}
          data-selected={id === selected || undefined}
          tabIndex={id === selected ? 0 : -1}
          disabled={isDisabled}
          className="tab"
          onClick={() => id !== selected && onSelect(id)}
        >
          <Words {...words} />
        </button>
      ))}
    </div>
  )
}
