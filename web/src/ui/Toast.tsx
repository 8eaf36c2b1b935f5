/** A short word about what just happened, at the bottom start corner, with Undo where one can. */
import { lazy, Suspense, useSyncExternalStore } from 'react'
import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components/Toast'
import { patient } from './patient.ts'
import type { Tone } from './tone.ts'

export interface ToastMessage {
  text: string
  tone: Tone
  /** More than one line has room for. */
  detail?: string
  action?: { label: string; onPress: () => void }
  /** To another site, in another tab. */
  link?: { label: string; href: string }
}

export const toastQueue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 })

const ToastRegion = lazy(patient(() => import('./ToastRegion.tsx')))

/** Five seconds, paused while pointed at; with an action eight, and a failure stays until it is closed. The answer closes it. */
export function toast(
  text: string,
  { tone = 'neutral', action }: { tone?: Tone; action?: ToastMessage['action'] } = {},
) {
  const timeout = tone === 'bad' ? undefined : action ? 8000 : 5000
  const key = toastQueue.add(
    { text, tone, ...(action ? { action } : {}) },
    timeout === undefined ? {} : { timeout },
  )
  return () => toastQueue.close(key)
}

const subscribe = (listener: () => void) => toastQueue.subscribe(listener)

/** Where they appear; fetched with the first one. */
export function Toasts() {
  const isNeeded = useSyncExternalStore(subscribe, () => toastQueue.visibleToasts.length > 0)
  return <Suspense>{isNeeded ? <ToastRegion /> : null}</Suspense>
}
