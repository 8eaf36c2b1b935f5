/** Where the keyboard shall be after something has changed the page, granted as soon as that place is there. */
import { useEffect, useRef } from 'react'
import { isTyping } from '../shell/shortcuts.ts'

/** `tags`: the choice of tags opens. */
type Place = 'composer' | 'list' | 'tags'

let wished: { place: Place; id: number | undefined } | null = null
const listeners = new Set<() => void>()

/** For the composer and the tags, of which interaction. */
export function wishFocus(place: Place, id?: number): void {
  // On touch the keyboard would cover half of what one came to read.
  if (place === 'composer' && window.matchMedia('(pointer: coarse)').matches) return
  wished = { place, id }
  for (const listener of listeners) listener()
}

export function useFocusWish(place: Place, id: number | undefined, focus: () => void): void {
  const latest = useRef(focus)
  latest.current = focus
  useEffect(() => {
    const grant = () => {
      if (wished?.place !== place || wished.id !== id) return
      wished = null
      latest.current()
      // Again after what closes just now has put the focus back where it came from, unless one writes already.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (!isTyping(document.activeElement)) latest.current()
        }),
      )
    }
    grant()
    listeners.add(grant)
    return () => void listeners.delete(grant)
  }, [place, id])
}
