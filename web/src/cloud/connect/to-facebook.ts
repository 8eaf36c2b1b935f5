/** Leaves for Facebook's login dialog, which is no page of ours. */
import { clearPendingReconnect, setPendingReconnect } from '../integration/pending-reconnect.ts'

/** `again`: also for what was declined before. `reconnecting`: the integration that is reconnected on the way back. */
export function toFacebook({
  again = false,
  reconnecting,
}: {
  again?: boolean
  reconnecting?: number
} = {}): void {
  if (reconnecting === undefined) clearPendingReconnect()
  else setPendingReconnect(reconnecting)
  location.assign(`/connect/facebook${again ? '?again=true' : ''}`)
}
