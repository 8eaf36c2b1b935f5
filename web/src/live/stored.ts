/** A value kept in this browser for one user: read once, written after every change, lost without harm where storage is forbidden. */
import { useSyncExternalStore } from 'react'

export interface Stored<T> {
  get(): T
  set(change: (value: T) => T): void
  use(): T
  /** Takes up what this user left; call it once he is known, so that nobody reads another's words. */
  open(userId: number): void
}

export function stored<T>(name: string, empty: T, read: (value: unknown) => T): Stored<T> {
  let key: string | null = null
  let current = empty
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const get = () => current
  return {
    get,
    use: () => useSyncExternalStore(subscribe, get),
    set(change) {
      const next = change(current)
      if (next === current) return
      current = next
      try {
        if (key) localStorage.setItem(key, JSON.stringify(current))
      } catch {
        // Forbidden or full: it then lasts until the page is left.
      }
      tell()
    },
    open(userId) {
      const wanted = `patchbay.${name}.${userId}`
      if (wanted === key) return
      key = wanted
      try {
        current = read(JSON.parse(localStorage.getItem(key) ?? 'null'))
      } catch {
        current = empty
      }
      tell()
    },
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
