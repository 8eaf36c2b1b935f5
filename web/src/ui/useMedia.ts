/** Whether a media query holds now. */
import { useSyncExternalStore } from 'react'

interface Media {
  subscribe: (listener: () => void) => () => void
  matches: () => boolean
}

// Asked in every render of what depends on it: matchMedia itself costs more than the rest.
const all = new Map<string, Media>()

function mediaOf(query: string): Media {
  let media = all.get(query)
  if (!media) {
    const list = window.matchMedia(query)
    media = {
      subscribe(listener) {
        list.addEventListener('change', listener)
        return () => list.removeEventListener('change', listener)
      },
      matches: () => list.matches,
    }
    all.set(query, media)
  }
  return media
}

export function useMedia(query: string): boolean {
  const { subscribe, matches } = mediaOf(query)
  return useSyncExternalStore(subscribe, matches)
}
