/** What the palette offers: every component may add commands while it is shown. */
import { useEffect, useSyncExternalStore } from 'react'
import type { PaletteItem } from '../ui/Palette.tsx'

export type Command = PaletteItem & { group: 'page' | 'go' | 'settings' }

let sets: readonly (readonly Command[])[] = []
const listeners = new Set<() => void>()

function setSets(next: readonly (readonly Command[])[]) {
  sets = next
  for (const listener of listeners) listener()
}

/** Pass a memoised list: each new one replaces the former. */
export function useCommands(commands: readonly Command[]) {
  useEffect(() => {
    setSets([...sets, commands])
    return () => setSets(sets.filter((one) => one !== commands))
  }, [commands])
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** All commands there are now, the latest added first. */
export function useAllCommands(): Command[] {
  return useSyncExternalStore(subscribe, () => sets)
    .toReversed()
    .flat()
}
