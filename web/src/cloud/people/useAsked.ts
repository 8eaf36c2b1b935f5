/** Who was sent a code and when, kept in this tab: looking into the mail must not lose the place. */
import { useState } from 'react'

export interface Asked {
  email: string
  /** Milliseconds since 1970. */
  at: number
}

/** As long as a code works. */
const keptMs = 10 * 60_000

export function useAsked(purpose: 'register' | 'reset') {
  const key = `patchbay.cloud.${purpose}`
  const [asked, setAsked] = useState(() => read(key))
  const keep = (next: Asked | undefined) => {
    setAsked(next)
    try {
      if (next) sessionStorage.setItem(key, JSON.stringify(next))
      else sessionStorage.removeItem(key)
    } catch {
      // Storage can be forbidden; the place is then lost with the page.
    }
  }
  return [asked, keep] as const
}

function read(key: string): Asked | undefined {
  try {
    const { email, at } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return typeof email === 'string' && typeof at === 'number' && Date.now() - at < keptMs
      ? { email, at }
      : undefined
  } catch {
    return undefined
  }
}
