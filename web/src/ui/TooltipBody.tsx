/** The open tooltip. Loaded on first use. */
import type { ReactNode, RefObject } from 'react'
import { Tooltip, TooltipTriggerStateContext } from 'react-aria-components/Tooltip'
import { Kbd } from './Kbd.tsx'

export interface TooltipBodyProps {
  text: ReactNode
  keys?: string
  placement?: 'top' | 'bottom' | 'start' | 'end'
  anchor: RefObject<Element | null>
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export default function TooltipBody({
  text,
  keys,
  placement = 'bottom',
  anchor,
  isOpen,
  onOpenChange,
}: TooltipBodyProps) {
  const state = {
    isOpen,
    shouldSkipAnimation: false,
    open: () => onOpenChange(true),
    close: () => onOpenChange(false),
  }
  return (
    // By context and not by `isOpen`: the kit's tooltip reads its state there even when it stands alone.
    <TooltipTriggerStateContext value={state}>
      <Tooltip className="tooltip" offset={6} placement={placement} triggerRef={anchor}>
        {text}
        {keys ? <Kbd keys={keys} /> : null}
      </Tooltip>
    </TooltipTriggerStateContext>
  )
}
