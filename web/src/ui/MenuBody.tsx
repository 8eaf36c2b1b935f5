/** The open menu. Loaded on first use. */
import { Check } from 'lucide-react'
import type { RefObject } from 'react'
import { Header } from 'react-aria-components/Header'
import {
  Menu as KitMenu,
  MenuItem as KitMenuItem,
  MenuSection as KitMenuSection,
} from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { Kbd } from './Kbd.tsx'
import type { MenuAction, MenuEntry, MenuPlacement, MenuSection } from './Menu.tsx'

export interface MenuBodyProps {
  label: string
  items: readonly MenuEntry[]
  placement?: MenuPlacement
  selected?: string
  onSelect?: (id: string) => void
  anchor: RefObject<HTMLElement | null>
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export default function MenuBody({
  label,
  items,
  placement = 'bottom start',
  selected,
  onSelect,
  anchor,
  isOpen,
  onOpenChange,
}: MenuBodyProps) {
  return (
    <Popover
      className="popover"
      aria-label={label}
      offset={4}
      placement={placement}
      triggerRef={anchor}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
    >
      <KitMenu
        aria-label={label}
        className="list"
        autoFocus="first"
        onClose={() => onOpenChange(false)}
        {...choice(selected)}
        {...(onSelect ? { onAction: (key) => onSelect(String(key)) } : {})}
      >
        {items.map((entry, at) =>
          entry === 'separator' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity than its place
            <Separator key={at} className="separator" />
          ) : 'title' in entry ? (
            <MenuGroup key={entry.title} {...entry} />
          ) : (
            <MenuLine key={entry.id} {...entry} />
          ),
        )}
      </KitMenu>
    </Popover>
  )
}

export function MenuGroup({ title, items, selected, onSelect }: MenuSection) {
  return (
    <KitMenuSection
      {...choice(selected)}
      {...(onSelect
        ? {
            onSelectionChange: (keys) => {
              for (const key of keys) onSelect(String(key))
            },
          }
        : {})}
    >
      <Header className="list-header">{title}</Header>
      {items.map((item) => (
        <MenuLine key={item.id} {...item} />
      ))}
    </KitMenuSection>
  )
}

function MenuLine({ label, description, icon, keys, tone, ...props }: MenuAction) {
  return (
    <KitMenuItem {...props} textValue={label} className="option" {...(tone ? { 'data-tone': tone } : {})}>
      {({ selectionMode }) => (
        <>
          {icon}
          <span className="option-text">
            <span>
              <bdi>{label}</bdi>
            </span>
            {description ? <span className="hint">{description}</span> : null}
          </span>
          {keys ? <Kbd keys={keys} /> : null}
          {selectionMode === 'single' ? <Check aria-hidden className="option-check" /> : null}
        </>
      )}
    </KitMenuItem>
  )
}

function choice(selected: string | undefined) {
  if (selected === undefined) return {}
  return { selectionMode: 'single' as const, selectedKeys: [selected], disallowEmptySelection: true }
}
