/** A list of actions behind a button. */

import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Header } from 'react-aria-components/Header'
import {
  type MenuItemProps as KitItemProps,
  Menu as KitMenu,
  MenuItem as KitMenuItem,
  MenuSection as KitMenuSection,
  MenuTrigger,
} from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Separator } from 'react-aria-components/Separator'
import { Kbd } from './Kbd.tsx'

export interface MenuProps {
  label: string
  /** The button that opens it. */
  trigger: ReactElement
  children: ReactNode
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'end top'
  /** For a choice that stays: items tick themselves. */
  selected?: string | null
  onSelect?: (id: string) => void
}

export function Menu({
  label,
  trigger,
  children,
  placement = 'bottom start',
  selected,
  onSelect,
}: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" offset={4} placement={placement}>
        <KitMenu
          aria-label={label}
          className="list"
          {...(selected === undefined
            ? {}
            : {
                selectionMode: 'single' as const,
                selectedKeys: selected === null ? [] : [selected],
                disallowEmptySelection: true,
              })}
          {...(onSelect ? { onAction: (key) => onSelect(String(key)) } : {})}
        >
          {children}
        </KitMenu>
      </Popover>
    </MenuTrigger>
  )
}

export interface MenuItemProps extends Omit<KitItemProps, 'children' | 'className' | 'style'> {
  children: string
  description?: ReactNode
  icon?: ReactNode
  keys?: string
  tone?: 'bad'
}

/** `onAction` or `href`; ends with … when more is asked first. */
export function MenuItem({ children, description, icon, keys, tone, ...props }: MenuItemProps) {
  return (
    <KitMenuItem {...props} textValue={children} className="option" {...(tone ? { 'data-tone': tone } : {})}>
      {({ selectionMode }) => (
        <>
          {icon}
          <span className="option-text">
            <span>{children}</span>
            {description ? <span className="hint">{description}</span> : null}
          </span>
          {keys ? <Kbd keys={keys} /> : null}
          {selectionMode === 'single' ? <Check aria-hidden className="option-check" /> : null}
        </>
      )}
    </KitMenuItem>
  )
}

/** With `onSelect` the section is a choice of its own inside the menu. */
export function MenuSection({
  title,
  children,
  selected,
  onSelect,
}: {
  title: string
  children: ReactNode
  selected?: string
  onSelect?: (id: string) => void
}) {
  return (
    <KitMenuSection
      {...(selected === undefined
        ? {}
        : { selectionMode: 'single' as const, selectedKeys: [selected], disallowEmptySelection: true })}
      {...(onSelect
        ? {
            onSelectionChange: (keys) => {
              for (const key of keys) onSelect(String(key))
            },
          }
        : {})}
    >
      <Header className="list-header">{title}</Header>
      {children}
    </KitMenuSection>
  )
}

export function MenuSeparator() {
  return <Separator className="separator" />
}
