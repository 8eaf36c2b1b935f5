/** The open popover. Loaded on first use. */
import type { RefObject } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { PopoverProps } from './Popover.tsx'

export interface PopoverBodyProps extends Pick<PopoverProps, 'label' | 'children' | 'placement'> {
  anchor: RefObject<HTMLElement | null>
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export default function PopoverBody({
  label,
  children,
  placement = 'bottom start',
  anchor,
  isOpen,
  onOpenChange,
}: PopoverBodyProps) {
  return (
    <Popover
      className="popover"
      offset={4}
      placement={placement}
      triggerRef={anchor}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
    >
      <Dialog aria-label={label} className="dialog">
        {typeof children === 'function' ? children(() => onOpenChange(false)) : children}
      </Dialog>
    </Popover>
  )
}
