/** A value kept in this browser for one user and shared by his tabs; lost without harm where storage is forbidden. */
import { useSyncExternalStore } from 'react'

export interface Stored<T> {
  get(): T
  set(change: (value: T) => T): void
  use(): T
  /** Takes up what this user left; call it once he is known, so that nobody reads another's words. */
  open(userId: number): void
  /** Forgets him here; what is stored stays for when he comes back. */
  close(): void
}

export function stored<T>(name: string, empty: T, read: (value: unknown) => T): Stored<T> {
  let key: string | null = null
  let current = empty
  /** What `current` was read from or written as. */
  let text: string | null = null
  const listeners = new Set<() => void>()

  const become = (next: T) => {
    if (next === current) return
    current = next
    for (const listener of listeners) listener()
  }
  /** Another tab may have written since: its words and ours must both survive. */
  const latest = (): T => {
    if (key === null) return current
    try {
      const there = localStorage.getItem(key)
      if (there === text) return current
      text = there
      return there === null ? empty : read(JSON.parse(there))
    } catch {
      return current
    }
  }
  const onStorage = (event: StorageEvent) => {
    if (event.key === key) become(latest())
  }
  const subscribe = (listener: () => void) => {
    if (listeners.size === 0) window.addEventListener('storage', onStorage)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) window.removeEventListener('storage', onStorage)
    }
  }
  const get = () => current
  return {
    get,
    use: () => useSyncExternalStore(subscribe, get),
    set(change) {
      const before = latest()
      const next = change(before)
      if (next !== before && key !== null) {
        try {
          const written = JSON.stringify(next)
          localStorage.setItem(key, written)
          text = written
        } catch {
          // Forbidden or full: it then lasts until the page is left.
        }
      }
      become(next)
    },
    open(userId) {
      const wanted = `patchbay.${name}.${userId}`
      if (wanted === key) return
      key = wanted
      current = empty
      text = null
      const there = latest()
      current = there
      for (const listener of listeners) listener()
    },
    close() {
      key = null
      text = null
      become(empty)
    },
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
