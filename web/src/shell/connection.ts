/** Whether the desk hears the server: set by the live connection, shown as a banner by the shell. */
import { useSyncExternalStore } from 'react'

export interface Connection {
  /** `syncing`: connected again, what was missed is on its way. */
  state: 'live' | 'syncing' | 'offline'
  /** Messages written meanwhile that wait to be sent. */
  waiting: number
}

let current: Connection = { state: 'live', waiting: 0 }
const listeners = new Set<() => void>()

export function connection() {
  return current
}

export function setConnection(change: Partial<Connection>) {
  const next = { ...current, ...change }
  if (next.state === current.state && next.waiting === current.waiting) return
  current = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useConnection() {
  return useSyncExternalStore(subscribe, connection)
}
