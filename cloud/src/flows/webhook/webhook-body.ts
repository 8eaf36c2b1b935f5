/** Reads a whole webhook body: up to a thousand events of any channels, of which an odd one never costs another. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { ChannelEvent } from '../../channels/channel-event.ts'
import { list, members, parseGraph, readId, readTime } from '../../channels/values.ts'
import { channelOfObject } from '../channel-kinds.ts'

export interface WebhookBody {
  /** Undefined: an object of which nothing is known here, and nothing read. */
  kind: Integration['kind'] | undefined
  events: ChannelEvent[]
  /** Elements that say nothing anybody is told, or nothing that is known here. */
  ignored: number
}

/** Throws UnreadableJson alone. */
export function readWebhookBody(text: string, now: Date = new Date()): WebhookBody {
  const { object, entry } = members(parseGraph(text))
  const entries = list(entry).map(members)
  const channel = channelOfObject(object)
  if (!channel) return { kind: undefined, events: [], ignored: entries.length }
  const read = entries.flatMap((item) => {
    const pageId = readId(item.id)
    // The dashboard's test button writes on behalf of page 0.
    if (pageId === undefined || pageId === '0') return [undefined]
    return channel.readEntry({ pageId, at: readTime(item.time) ?? now }, item)
  })
  const events = read.filter((event) => event !== undefined)
  return { kind: channel.kind, events, ignored: read.length - events.length }
}
