/** One tab of several rings: whichever holds the lock. */
import { useSyncExternalStore } from 'react'

let leads = !('locks' in navigator)
let hasAsked = false
const listeners = new Set<() => void>()

function become(): void {
  leads = true
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!hasAsked && 'locks' in navigator) {
    hasAsked = true
    navigator.locks
      .request('patchbay.ringing', () => {
        become()
        // Held until the tab goes.
        return new Promise<never>(() => {})
      })
      // Forbidden here: better two that ring than none.
      .catch(become)
  }
  return () => listeners.delete(listener)
}

export function isLeader(): boolean {
  return leads
}

/** The lead is asked for on first use, and comes when no other tab has it. */
export function useLeads(): boolean {
  return useSyncExternalStore(subscribe, isLeader)
}
