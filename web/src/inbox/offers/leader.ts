/** One tab of several rings: whichever holds the lock. */

let isLeader = !('locks' in navigator)
let asked = false

/** The first call asks for the lead; it comes when no other tab has it. */
export function leads(): boolean {
  if (!asked && 'locks' in navigator) {
    asked = true
    navigator.locks
      .request('patchbay.ringing', () => {
        isLeader = true
        // Held until the tab goes.
        return new Promise<never>(() => {})
      })
      .catch(() => {
        isLeader = true
      })
  }
  return isLeader
}
