/** A list of actions behind a button, or under the pointer. */
import { lazy, type MouseEvent, type ReactElement, type ReactNode, Suspense, useRef, useState } from 'react'
import { patient } from './patient.ts'
import { type TriggerElement, useOpener } from './useOpener.tsx'

const MenuBody = lazy(patient(() => import('./MenuBody.tsx')))

export interface MenuAction {
  id: string
  /** Ends with … when more is asked first. */
  label: string
  description?: string
  icon?: ReactNode
  keys?: string
  tone?: 'bad'
  isDisabled?: boolean
  onAction?: () => void
  href?: string
}

export interface MenuSection {
  title: string
  items: readonly MenuAction[]
  /** With both, the section is a choice of its own: one item is ticked. */
  selected?: string
  onSelect?: (id: string) => void
}

export type MenuEntry = MenuAction | MenuSection | 'separator'
export type MenuPlacement = 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'end top'

export interface MenuProps {
  label: string
  /** One of our buttons. */
  trigger: TriggerElement
  items: readonly MenuEntry[]
  placement?: MenuPlacement
  /** For a choice that stays: one item is ticked. */
  selected?: string
  /** For all items in one place, beside their own `onAction`. */
  onSelect?: (id: string) => void
}

export function Menu({ trigger: element, ...menu }: MenuProps) {
  const { trigger, isOpen, setOpen, wasOpened, anchor } = useOpener('menu', element)
  return (
    <>
      {trigger}
      <Suspense>
        {wasOpened ? <MenuBody {...menu} anchor={anchor} isOpen={isOpen} onOpenChange={setOpen} /> : null}
      </Suspense>
    </>
  )
}

/** A menu where the pointer is: give `open` to `onContextMenu`, and show `element` somewhere. */
export function useContextMenu(label: string, items: readonly MenuEntry[]) {
  const anchor = useRef<HTMLSpanElement>(null)
  const [at, setAt] = useState<{ x: number; y: number }>()
  const [isOpen, setOpen] = useState(false)
  const open = (event: MouseEvent) => {
    event.preventDefault()
    setAt({ x: event.clientX, y: event.clientY })
    setOpen(true)
  }
  const element: ReactElement | null = at ? (
    <>
      <span ref={anchor} className="fixed size-0" style={{ left: at.x, top: at.y }} />
      <Suspense>
        <MenuBody label={label} items={items} anchor={anchor} isOpen={isOpen} onOpenChange={setOpen} />
      </Suspense>
    </>
  ) : null
  return { open, element }
}
