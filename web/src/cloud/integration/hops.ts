/** Which hops of a message were made since a test began. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'

type Health = Integration['health']

export interface Hops {
  event: string | null
  forwarded: string | null
  reply: string | null
}

/** Each with its instant, or null while it is waited for. */
export function freshHops(before: Health, now: Health): Hops {
  const fresh = (name: 'lastEventAt' | 'lastForwardedAt' | 'lastReplyAt') =>
    now[name] !== before[name] ? now[name] : null
  return {
    event: fresh('lastEventAt'),
    forwarded: fresh('lastForwardedAt'),
    reply: fresh('lastReplyAt'),
  }
}
