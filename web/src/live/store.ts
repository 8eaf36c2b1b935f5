/** Holds the desk's model for the whole page; a component reads just what it selects. */
import { useSyncExternalStore } from 'react'
import { initialState, type LiveState } from './reduce.ts'

let current = initialState
const listeners = new Set<() => void>()

export function live(): LiveState {
  return current
}

export function update(change: (state: LiveState) => LiveState): void {
  const next = change(current)
  if (next === current) return
  current = next
  for (const listener of listeners) listener()
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** `select` must answer the same reference for the same state; the component is drawn again when that changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useSyncExternalStore(subscribe, () => select(current))
}
