/** Changes to something saved that are not saved yet: what the form shows, what the save bar says, what the server is sent. */
import { useState } from 'react'

export interface Draft<T> {
  /** The saved values with the changes over them; a field nobody touched follows the server. */
  value: T
  set: (change: Partial<T>) => void
  /** The labels of what differs, for the save bar. */
  changes: string[]
  /** Only what differs, for a PATCH. */
  patch: Partial<T>
  /** Forgets the changes: for Undo, and after saving. */
  reset: () => void
}

/** `labels` also says which fields there are. */
export function useDraft<T extends object>(saved: T, labels: { readonly [K in keyof T]?: string }): Draft<T> {
  const [touched, setTouched] = useState<Partial<T>>({})
  const patch = differing(saved, touched)
  return {
    value: { ...saved, ...touched },
    set: (change) => setTouched((former) => ({ ...former, ...change })),
    changes: (Object.keys(labels) as (keyof T)[]).flatMap((key) => (key in patch ? [labels[key] ?? ''] : [])),
    patch,
    reset: () => setTouched({}),
  }
}

/** The part of `touched` that is another value than in `saved`; lists and objects are compared by content. */
export function differing<T extends object>(saved: T, touched: Partial<T>): Partial<T> {
  const patch: Partial<T> = {}
  for (const key of Object.keys(touched) as (keyof T)[]) {
    if (JSON.stringify(touched[key]) !== JSON.stringify(saved[key])) patch[key] = touched[key]
  }
  return patch
}
