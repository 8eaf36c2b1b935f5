/** Which integration one left for Facebook's dialog with: coming back it is reconnected. */
const key = 'patchbay.cloud.reconnect'

export function setPendingReconnect(id: number): void {
  try {
    sessionStorage.setItem(key, String(id))
  } catch {
    // Storage can be forbidden; one then reconnects by the button once more.
  }
}

export function pendingReconnect(): number | undefined {
  try {
    const id = Number(sessionStorage.getItem(key))
    return id > 0 ? id : undefined
  } catch {
    return undefined
  }
}

export function clearPendingReconnect(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept, then.
  }
}
