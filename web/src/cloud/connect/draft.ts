/** What has been chosen on the way through the wizard. It outlives leaving the page; secrets among it do not outlive the tab's memory. */
import type { Integration, IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useSyncExternalStore } from 'react'

/** Where messages will go: an address with its key, or a contact centre that waits under a code. */
export type Target =
  | { receiveUrl: string; apiKey: string }
  | { pairingCode: string; serverName: string; host: string }

export interface Draft {
  page?: {
    id: string
    name: string
    canWall: boolean
    kind: Integration['kind']
    /** On Instagram, where that is what is connected. */
    account?: string
  }
  target?: Target
  options?: IntegrationOptions
}

export const steps = ['facebook', 'page', 'target', 'options', 'test'] as const
export type Step = (typeof steps)[number]

/** The step that comes next, or none where nothing was chosen yet. */
export function draftStep({ page, target }: Draft): Step | undefined {
  if (!page) return undefined
  return target ? 'options' : 'target'
}

/** How far one can go: what a step needs must have been chosen before it. */
export function isOpen(step: Step, draft: Draft, { isLoggedIn }: { isLoggedIn: boolean }): boolean {
  if (step === 'facebook') return true
  if (step === 'test' || !isLoggedIn) return false
  if (step === 'page') return true
  if (!draft.page) return false
  return step === 'target' || draft.target !== undefined
}

const key = 'patchbay.cloud.draft'
const listeners = new Set<() => void>()
let current: Draft = read()

function read(): Draft {
  try {
    const { page, options } = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Draft
    return { ...(page ? { page } : {}), ...(options ? { options } : {}) }
  } catch {
    return {}
  }
}

/** Keeps everything but the target, whose secrets belong into no storage. */
export function setDraft(next: Draft): void {
  current = next
  try {
    const { target: _, ...kept } = next
    if (next.page) sessionStorage.setItem(key, JSON.stringify(kept))
    else sessionStorage.removeItem(key)
  } catch {
    // Storage can be forbidden; the draft then lasts until the page is left.
  }
  for (const listener of listeners) listener()
}

export function useDraft(): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}
