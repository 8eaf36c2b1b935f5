/** A small surface beside the button that opened it. */
import type { ReactElement, ReactNode } from 'react'
import { DialogTrigger, Dialog as KitDialog } from 'react-aria-components/Dialog'
import { Popover as KitPopover } from 'react-aria-components/Popover'

export interface PopoverProps {
  label: string
  trigger: ReactElement
  children: ReactNode | ((close: () => void) => ReactNode)
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end'
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
}

export function Popover({ label, trigger, children, placement = 'bottom start', ...state }: PopoverProps) {
  return (
    <DialogTrigger {...state}>
      {trigger}
      <KitPopover className="popover" offset={4} placement={placement}>
        <KitDialog aria-label={label} className="dialog">
          {({ close }) => <>{typeof children === 'function' ? children(close) : children}</>}
        </KitDialog>
      </KitPopover>
    </DialogTrigger>
  )
}
