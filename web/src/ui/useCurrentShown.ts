/** A row of links that scrolls sideways shows the one of the page that is open. */
import { type RefObject, useEffect, useRef } from 'react'

export function useCurrentShown(current: string): RefObject<HTMLElement | null> {
  const row = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: which one is marked changes with it
  useEffect(() => {
    const frame = row.current
    const link = frame?.querySelector<HTMLElement>('[aria-current]')
    if (!frame || !link || frame.scrollWidth <= frame.clientWidth) return
    const { left, width } = link.getBoundingClientRect()
    const { left: start, width: room } = frame.getBoundingClientRect()
    frame.scrollLeft += left - start - (room - width) / 2
  }, [current])
  return row
}
