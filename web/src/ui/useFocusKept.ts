/** The focus stays in a list of cards whose focused card goes, or whose focused button has nothing left to do. */
import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react'

/** `order` tells one state of the list from another. The props are those of the list. */
export function useFocusKept(list: RefObject<HTMLElement | null>, order: string) {
  const focused = useRef<{ card: Element; at: number }>(undefined)
  const before = useRef(order)
  useLayoutEffect(() => {
    if (before.current === order) return
    before.current = order
    const active = document.activeElement
    if (!list.current || !focused.current) return
    if (active !== document.body && !active?.matches(':disabled')) return
    const { children } = list.current
    const { card, at } = focused.current
    const next = list.current.contains(card) ? card : children[Math.min(at, children.length - 1)]
    next?.querySelector<HTMLElement>('button:enabled')?.focus()
  }, [order, list])
  return {
    onFocus({ target, currentTarget }: FocusEvent<HTMLElement>) {
      const at = [...currentTarget.children].findIndex((card) => card.contains(target))
      const card = currentTarget.children[at]
      focused.current = card && { card, at }
    },
    onBlur({ relatedTarget, currentTarget }: FocusEvent<HTMLElement>) {
      if (relatedTarget && !currentTarget.contains(relatedTarget)) focused.current = undefined
    },
  }
}
