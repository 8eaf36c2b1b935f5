/** Fetches what opens on first use while nothing else is to do, so that the first menu is as quick as the second. */
export function warmOverlays() {
  const load = () => {
    void import('./MenuBody.tsx')
    void import('./PopoverBody.tsx')
    void import('./DialogBody.tsx')
    void import('./ToastRegion.tsx')
    void import('./TooltipBody.tsx')
  }
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 5000 })
  else setTimeout(load, 2000)
}
