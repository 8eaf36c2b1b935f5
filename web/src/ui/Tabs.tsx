/** Tabs over panels, tabs that are links, and a choice of a few side by side. */
import { type ReactNode, useRef } from 'react'
import { Link } from 'react-aria-components/Link'
import { Tabs as KitTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'

interface TabWords {
  label: ReactNode
  icon?: ReactNode
  /** A live count, shown after the label. */
  count?: number | undefined
}

function Words({ label, icon, count }: TabWords) {
  return (
    <>
      {icon}
      {label}
      {count === undefined ? null : <span className="tabular font-normal">{count}</span>}
    </>
  )
}

export interface TabsProps<K extends string> {
  label: string
  items: readonly (TabWords & { id: K; content: ReactNode; isDisabled?: boolean })[]
  selected?: K
  onSelect?: (id: K) => void
  size?: 'small' | 'medium'
  className?: string
}

export function Tabs<K extends string>({
  label,
  items,
  selected,
  onSelect,
  size = 'medium',
  className = '',
}: TabsProps<K>) {
  return (
    <KitTabs
      className={`flex min-w-0 flex-col gap-3 ${className}`}
      {...(selected === undefined ? {} : { selectedKey: selected })}
      {...(onSelect
        ? {
            onSelectionChange: (key) => {
              const item = items.find(({ id }) => id === key)
              if (item) onSelect(item.id)
            },
          }
        : {})}
    >
      <TabList aria-label={label} className="tabs" data-size={size}>
        {items.map(({ id, content: _, isDisabled = false, ...words }) => (
          <Tab key={id} id={id} isDisabled={isDisabled} className="tab">
            <Words {...words} />
          </Tab>
        ))}
      </TabList>
      {items.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="tab-panel">
          {content}
        </TabPanel>
      ))}
    </KitTabs>
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
  return (
    <nav aria-label={label} className={`tabs ${className}`} data-size={size}>
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

/** One of a few ways, such as reply or note. */
export function Segments<K extends string>({
  label,
  items,
  selected,
  onSelect,
  size = 'small',
}: SegmentsProps<K>) {
  const chosen = useRef(selected)
  chosen.current = selected
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="segments"
      data-size={size}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[selected]}
      onSelectionChange={(keys) => {
        const item = items.find(({ id }) => keys.has(id))
        if (item && item.id !== chosen.current) onSelect(item.id)
      }}
    >
      {items.map(({ id, isDisabled = false, ...words }) => (
        <ToggleButton key={id} id={id} isDisabled={isDisabled} className="tab">
          <Words {...words} />
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
