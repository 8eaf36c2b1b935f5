/** Reads a whole webhook body: up to a thousand events of any pages, of which an odd one never costs another. */
import type { ChannelEvent } from '../channels/channel-event.ts'
import { list, members, parseGraph, readId, readText, readTime } from '../channels/values.ts'
import { readFeed } from './feed.ts'
import { readMessaging, type Where } from './messaging.ts'

export interface WebhookBody {
  events: ChannelEvent[]
  /** Elements that say nothing anybody is told, or nothing that is known here. */
  ignored: number
}

/** Throws UnreadableJson alone. */
export function readWebhookBody(text: string, now: Date = new Date()): WebhookBody {
  const { object, entry } = members(parseGraph(text))
  const read: WebhookBody = { events: [], ignored: 0 }
  for (const value of list(entry)) {
    const item = members(value)
    const pageId = readId(item.id)
    // The dashboard's test button writes on behalf of page 0.
    if (object !== 'page' || pageId === undefined || pageId === '0') {
      read.ignored++
      continue
    }
    const where = { pageId, at: readTime(item.time) ?? now }
    // Another program of the page has those in `standby`: they are shown like the others.
    for (const one of [...list(item.messaging), ...list(item.standby)]) add(read, readMessaging(where, one))
    for (const change of list(item.changes)) add(read, readChange(where, change))
  }
  return read
}

function readChange(where: Where, value: unknown): ChannelEvent | undefined {
  const { field, value: change } = members(value)
  return readText(field) === 'feed' ? readFeed(where, change) : undefined
}

function add(read: WebhookBody, event: ChannelEvent | undefined): void {
  if (event) read.events.push(event)
  else read.ignored++
}
