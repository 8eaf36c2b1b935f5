/** Tabs over panels. */
import type { ReactNode } from 'react'
import { Tabs as KitTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs'
import { type TabWords, Words } from './Segments.tsx'

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
