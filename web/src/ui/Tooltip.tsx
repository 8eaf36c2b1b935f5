/** A few words about a control, on hover and keyboard focus. What is needed to act never stands only here. */
import type { ReactElement, ReactNode } from 'react'
import { Focusable } from 'react-aria-components/Focusable'
import { Tooltip as KitTooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { Kbd } from './Kbd.tsx'

export interface TooltipProps {
  text: ReactNode
  keys?: string
  placement?: 'top' | 'bottom' | 'start' | 'end'
  /** A focusable control of ours. For plain text wrap it in `Explained`. */
  children: ReactElement
}

export function Tooltip({ text, keys, placement = 'bottom', children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <KitTooltip className="tooltip" offset={6} placement={placement}>
        {text}
        {keys ? <Kbd keys={keys} /> : null}
      </KitTooltip>
    </TooltipTrigger>
  )
}

/** Text that explains itself: dotted, focusable, with a tooltip. */
export function Explained({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      <Focusable>
        {/* A button, because an element that takes the focus must have a role that may. */}
        <button
          type="button"
          className="cursor-help rounded-tag underline decoration-dotted underline-offset-4"
        >
          {children}
        </button>
      </Focusable>
    </Tooltip>
  )
}
