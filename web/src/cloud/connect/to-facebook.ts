/** Leaves for Facebook's login dialog, which is no page of ours. */
export function toFacebook({ again = false } = {}): void {
  location.assign(`/connect/facebook${again ? '?again=true' : ''}`)
}
