/** What a button needs that opens something: whether it is open, and where it stands. The thing itself is loaded on first use. */
import { cloneElement, type ReactElement, type RefObject, useRef, useState } from 'react'

export interface OpenState {
  isOpen?: boolean | undefined
  onOpenChange?: ((isOpen: boolean) => void) | undefined
}

/** One of our buttons; it is given `onPress` and tells screen readers what it opens. */
export type TriggerElement = ReactElement<Record<string, unknown>>

export interface Opener {
  isOpen: boolean
  setOpen: (isOpen: boolean) => void
  /** Stays true after closing, so that leaving can be shown. */
  wasOpened: boolean
  anchor: RefObject<HTMLButtonElement | null>
  trigger: ReactElement | null
}

export function useOpener(
  popup: 'menu' | 'dialog',
  element: TriggerElement | undefined,
  state: OpenState = {},
): Opener {
  const anchor = useRef<HTMLButtonElement>(null)
  const [isOwnOpen, setOwnOpen] = useState(false)
  const isOpen = state.isOpen ?? isOwnOpen
  const [wasOpened, setWasOpened] = useState(isOpen)
  if (isOpen && !wasOpened) setWasOpened(true)
  const setOpen = (next: boolean) => {
    setOwnOpen(next)
    state.onOpenChange?.(next)
  }
  const trigger = element
    ? cloneElement(element, {
        ref: anchor,
        onPress: () => setOpen(true),
        'aria-haspopup': popup,
        'aria-expanded': isOpen,
      })
    : null
  return { isOpen, setOpen, wasOpened, anchor, trigger }
}
