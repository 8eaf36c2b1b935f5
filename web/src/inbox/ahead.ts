/**
 * The address that was asked for while it is not yet that of the page. What shows an interaction goes by it at once; the router, its
 * history and what hangs on them follow when the frame has been painted.
 */
import type { RegisteredRouter } from '@tanstack/react-router'
import { afterPaint } from '../ui/after-paint.ts'

let wanted: string | undefined
const listeners = new Set<() => void>()

function want(href: string | undefined): void {
  wanted = href
  for (const listener of listeners) listener()
}

export function onWanted(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Undefined: the page is where it was asked to be. */
export function wantedHref(): string | undefined {
  return wanted
}

export function goAhead(router: RegisteredRouter, href: string): void {
  want(href)
  // Whoever goes elsewhere meanwhile goes there.
  const stop = router.history.subscribe(({ location }) => {
    if (location.href !== href && wanted === href) want(undefined)
  })
  afterPaint(async () => {
    // Asked for another since: the one between is not worth a step of the way back.
    if (wanted === href) await router.navigate({ href })
    stop()
    if (wanted === href) want(undefined)
  })
}
