/** Moving the cards of a list by their handles: with a pointer to where it is let go, with the arrow keys by one place. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

interface Held {
  from: number
  /** Before which it comes when it is let go now. */
  to: number
}

export function useHandle(
  list: RefObject<HTMLOListElement | null>,
  count: number,
  onMove: (from: number, to: number) => void,
) {
  const [held, setHeld] = useState<Held>()
  const [movedTo, setMovedTo] = useState<number>()
  const needsFocus = useRef(false)

  // A card that is moved in the page loses the focus.
  useEffect(() => {
    if (!needsFocus.current || movedTo === undefined) return
    needsFocus.current = false
    list.current?.children[movedTo]?.querySelector('button')?.focus()
  })

  const move = ({ from, to }: Held): void => {
    if (to === from || to === from + 1) return
    setMovedTo(to > from ? to - 1 : to)
    needsFocus.current = true
    onMove(from, to)
  }

  const placeAt = (y: number): number => {
    const cards = [...(list.current?.children ?? [])].map((card) => card.getBoundingClientRect())
    const place = cards.findIndex(({ top, height }) => y < top + height / 2)
    return place === -1 ? count : place
  }

  return {
    held,
    movedTo,
    propsOf: (at: number) => ({
      onPointerDown(event: PointerEvent<HTMLButtonElement>) {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setHeld({ from: at, to: at })
      },
      onPointerMove(event: PointerEvent) {
        if (held) setHeld({ ...held, to: placeAt(event.clientY) })
      },
      onPointerUp() {
        if (held) move(held)
        setHeld(undefined)
      },
      onPointerCancel: () => setHeld(undefined),
      onKeyDown(event: KeyboardEvent) {
        if (event.key === 'Escape') setHeld(undefined)
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        const to = event.key === 'ArrowUp' ? at - 1 : at + 2
        if (to >= 0 && to <= count) move({ from: at, to })
      },
    }),
  }
}
