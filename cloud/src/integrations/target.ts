/** The contact centre of an integration: its Receive URL, and what its account signs its answers with. */
import { Refusal } from '@patchbay/kit/refusal.ts'

export interface Target {
  receiveUrl: string
  apiKey: string
  secret: string
  uid: string
  accountId: number
  serverName: string | null
}

/** Throws CL-106. A path before `/api` belongs to a proxy in front of the contact centre. */
export function readReceiveUrl(text: string): {
  origin: string
  accountId: number
  shown: string
  host: string
} {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const path = /^\/api\/openchannel\/accounts\/(\d{1,15})\/(?:notify|receive)\/?$/.exec(url?.pathname ?? '')
  const accountId = Number(path?.[1])
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || !(accountId > 0))
    throw new Refusal('CL-106', undefined, { field: 'receiveUrl' })
  return { origin: url.origin, accountId, shown: `${url.origin}${url.pathname}`, host: url.host }
}
